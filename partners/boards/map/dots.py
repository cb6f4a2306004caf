"""A dot for each city with entries, and for each entry at a point of its own; what lies too close shares one.

What a dot leads to stands here as far as it follows from places; addresses of a question are not known.
"""

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...facets import CODES_AT_MOST
from .drawing import Box, Circle, Name, View, circles, names, project

NAMED = 300  # cities in words beside the map; where there are more, its dots are named instead
REACH = 0.017  # of a view's width: 12 pixels where the drawing is 720 wide, the least that a phone shows
WIDE, DEEP = 60, 16  # least width in units of the whole map, to show coasts, and of a part, for room


class Group(NamedTuple):
    """Places that share a dot, or one place."""

    label: str
    number: int  # of entries
    signed: int
    is_merged: bool
    box: str = ""  # the parameter of the map that separates them
    city: str = ""  # or those of the list that counts them
    url: str = ""  # or the page that tells them


@dataclass(frozen=True, eq=False)
class Drawing:
    """The dots of some places, and the same in words."""

    view: View
    dots: tuple[Group, ...]  # large ones first, so that small ones lie above them
    circles: tuple[Circle, ...]  # theirs
    lengths: tuple[list[str], ...]  # theirs
    names: tuple[Name, ...]
    rows: tuple[Group, ...]  # every place, or every dot where there are too many places
    pointless: tuple[Group, ...]  # cities whose point is not known
    more_pointless: int  # further ones
    cities: int  # with a point
    alone: int  # entries at a point of their own
    slugs: tuple[str, ...]  # of the cities, where a list can name all places
    number: int  # of entries with a point
    number_of_all: int  # of entries with a city


def draw(cities, in_words, counted, box=None):
    """Return the Drawing of what is counted in cities.

    :param in_words: their Names.
    :param box: the part that is shown; else everything.
    """
    places = counted.places(cities, in_words)
    pointless = sorted((place for place in places if not place.point), key=_by_number)
    placed = [place for place in [*places, *counted.alone] if place.point and (box is None or place.point in box)]
    positions = [project(*place.point) for place in placed]
    view = View.of(positions, narrowest=DEEP if box else WIDE)
    clusters = [[placed[index] for index in indices] for indices in view.clusters(positions)]
    for members in clusters:
        members.sort(key=_by_number)
    clusters.sort(key=lambda members: (-_total(members), _by_number(members[0]), members[0].slug))
    dots = [_group(members, box) for members in clusters]
    drawn = circles(view, [project(*members[0].point) for members in clusters], [dot.number for dot in dots])
    can_be_named = len(placed) <= CODES_AT_MOST and all(place.slug for place in placed)
    return Drawing(
        view=view,
        dots=tuple(dots),
        circles=tuple(drawn),
        lengths=tuple(lengths(circle, view, dot.number) for circle, dot in zip(drawn, dots, strict=True)),
        names=tuple(names(view, drawn, [members[0].name for members in clusters])),
        rows=tuple(_group([place], box) for place in sorted(placed, key=_by_number))
        if len(placed) <= NAMED
        else tuple(dots),
        pointless=tuple(_group([place], box) for place in pointless[:NAMED]),
        more_pointless=len(pointless[NAMED:]),
        cities=len([place for place in placed if place.slug]),
        alone=len([place for place in placed if not place.slug]),
        slugs=tuple(place.slug for place in placed) if can_be_named else (),
        number=_total(placed),
        number_of_all=_total(places),
    )


def lengths(circle, view, number):
    """Return the lengths of a dot as texts: its place, radius, reach, and the size in which its number fits."""
    letters = min(1.1 * circle.radius, 2 * circle.radius / len(str(number)))
    return [f"{length:.3f}" for length in (*circle, max(1.25 * circle.radius, REACH * view.width), letters)]


def _by_number(place):
    """Return what places with the most entries come first by; others keep their order."""
    return -place.number


def _total(places):
    return sum([place.number for place in places])


def _group(places, box):
    """Return the Group of some places, with what separates them."""
    leads_to = {}
    if len(places) > 1 and (part := Box.around([place.point for place in places])) != box:
        leads_to["box"] = urlencode({"box": part}, safe=",")
    elif len(places) == 1 and places[0].url:
        leads_to["url"] = places[0].url
    elif len(places) <= CODES_AT_MOST and all(place.slug for place in places):
        leads_to["city"] = urlencode({"city": [place.slug for place in places]}, doseq=True)
    else:
        leads_to["url"] = "#places"  # no map separates them and no list can name them all; the words do
    signed = sum([place.signed for place in places])
    return Group(_label(places), _total(places), signed, len(places) > 1, **leads_to)


def _label(places):
    """Return the name of a city or an entry with its country, and how many more stand with it."""
    first, *others = places
    words = {"city": first.name, "country": first.country, "more": len(others)}
    if not others:
        return _("%(city)s, %(country)s") % words if first.country else first.name
    if not all(place.slug for place in places):
        more = ngettext("%(name)s, and %(more)d more place", "%(name)s, and %(more)d more places", len(others))
        return more % {"name": _label([first]), "more": len(others)}
    more = ngettext(
        "%(city)s, %(country)s, and %(more)d more city", "%(city)s, %(country)s, and %(more)d more cities", len(others)
    )
    return more % words
