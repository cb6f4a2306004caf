"""A dot for each city with entries, and for each entry at a point of its own; what lies too close shares one."""

from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...facets import CODES_AT_MOST, NONE, Figure
from ...index.current import cached_for_shared_rows
from ...lists import list_of
from ...lists.gather import names_of_countries
from ...models import City, CityName, Standing
from ...models.languages import texts_by_row
from .base import CountryName, country_names, grid
from .drawing import Box, Name, View, circles, names, project

NAMED = 300  # cities in words beside the map; where there are more, its dots are named instead
REACH = 0.017  # of a view's width: 12 pixels where the drawing is 720 wide, the least that a phone shows
WIDE, DEEP = 60, 16  # least width in units of the whole map, to show coasts, and of a part, for room


class Place(NamedTuple):
    """A city with some entries, or one entry that no city with a point stands for."""

    slug: str  # of the city, or empty
    name: str
    country: str
    point: tuple[float, float] | None  # latitude, longitude
    number: int
    url: str = ""  # of the entry
    signed: int = 0  # entries with a signed agreement


@dataclass(frozen=True)
class Dot:
    """A circle that leads to what it counts; lengths are texts, so that no language writes them with a comma."""

    x: str
    y: str
    radius: str
    reach: str  # the radius within which a finger meets it
    letters: str  # the size of its number
    figure: Figure
    title: str
    form: str = ""  # how many of them have signed: "" all, or nobody asks; "is-part" some, "is-open" none
    is_merged: bool = False


@dataclass(frozen=True)
class CityMap:
    """The drawing, and the same in words."""

    view: View
    dots: tuple[Dot, ...]  # large ones first, so that small ones lie above them
    names: tuple[Name, ...]
    countries: tuple[CountryName, ...] = ()
    rows: tuple[Figure, ...] = ()  # every city, or every dot where there are too many cities
    cities: int = 1  # with a point
    alone: int = 0  # entries at a point of their own, whose city has none or is not stated
    entries: Figure | None = None  # with a point; its address is empty where no list shows exactly these
    pointless: tuple[Figure, ...] = ()  # cities whose point is not known
    more_pointless: int = 0  # further ones
    cityless: Figure | None = None  # entries whose city is not stated

    @property
    def grid(self):
        """Return the path of the lines of longitude and latitude."""
        return grid(self.view)


def city_map(filterset, map_url, box=None):
    """Return the CityMap of what a valid filterset of a list keeps; two queries, or five without an index.

    One more in another language, for the names of the cities, and where the city or the point of a city is missing.

    :param map_url: the page that shows the whole map of this question.
    :param box: the part that is shown; else everything. Entries without a point are in no part.
    """
    places, cityless = _places(filterset)
    pointless = sorted((place for place in places if not place.point), key=_by_number)
    alone = _alone(filterset) if list_of(filterset).has_points and (pointless or cityless) else []
    placed = [place for place in [*places, *alone] if place.point and (box is None or place.point in box)]
    positions = [project(*place.point) for place in placed]
    view = View.of(positions, narrowest=DEEP if box else WIDE)
    clusters = [[placed[index] for index in indices] for indices in view.clusters(positions)]
    for members in clusters:
        members.sort(key=_by_number)
    clusters.sort(key=lambda members: (-_total(members), _by_number(members[0]), members[0].slug))
    figure = _figures(filterset, map_url, box)
    figures = [figure(members) for members in clusters]
    drawn = circles(view, [project(*members[0].point) for members in clusters], [figure.count for figure in figures])
    named = tuple(names(view, drawn, [members[0].name for members in clusters]))
    return CityMap(
        view=view,
        countries=country_names(filterset, view, drawn, named),
        dots=tuple(
            Dot(
                *_lengths(circle, view, figure.count),
                figure=figure,
                title=f"{figure.label}: {_in_words(filterset, figure.count)}",
                form=_form(filterset, members),
                is_merged=len(members) > 1,
            )
            for circle, members, figure in zip(drawn, clusters, figures, strict=True)
        ),
        names=named,
        rows=tuple(figure([place]) for place in sorted(placed, key=_by_number))
        if len(placed) <= NAMED
        else tuple(figures),
        cities=len([place for place in placed if place.slug]),
        alone=len([place for place in placed if not place.slug]),
        entries=_entries(filterset, placed, number_of_all=_total(places) + cityless),
        pointless=tuple(figure([place]) for place in pointless[:NAMED]) if box is None else (),
        more_pointless=len(pointless[NAMED:]) if box is None else 0,
        cityless=Figure(_in_words(filterset, cityless), cityless, filterset.list_url(city=[NONE]))
        if cityless and box is None
        else None,
    )


def point_map(point, label):
    """Return the CityMap of one point (latitude, longitude): a dot that leads nowhere; no query."""
    position = project(*point)
    view = View.of([position], narrowest=WIDE)
    drawn = circles(view, [position], [1])
    dots = tuple(Dot(*_lengths(circle, view, 1), Figure(label, 1, ""), label) for circle in drawn)
    return CityMap(view, dots, tuple(names(view, drawn, [label])))


def _lengths(circle, view, number):
    """Return the lengths of a Dot as texts: its place, radius, reach, and the size in which its number fits."""
    letters = min(1.1 * circle.radius, 2 * circle.radius / len(str(number)))
    return [f"{length:.3f}" for length in (*circle, max(1.25 * circle.radius, REACH * view.width), letters)]


def _form(filterset, places):
    """Return how a dot says how many of its entries have signed."""
    signed, number = sum(place.signed for place in places), _total(places)
    if "standing" not in filterset.form.cleaned_data or signed == number:
        return ""
    return "is-part" if signed else "is-open"


def _in_words(filterset, number):
    return list_of(filterset).count_in_words(number)


def _places(filterset):
    """Return ([Place], by slug, so that a drawing is found again) and the number of entries without a city."""
    ticked = filterset.form.cleaned_data["city"]
    counts = {
        slug: number for slug, number in filterset.counts("city").items() if number and (not ticked or slug in ticked)
    }
    cityless, signed = counts.pop(NONE, 0), {}
    if "standing" in filterset.form.cleaned_data:
        signed = filterset.results.counts("city", standing=Standing.SIGNED)
    places = [
        Place(slug, *city, counts[slug], signed=signed.get(slug, 0))
        for slug, city in _cities().items()
        if slug in counts
    ]
    return places, cityless


@cached_for_shared_rows
def _cities():
    """Read {slug: (name, country, point or None)} of all cities, by slug; two queries, with a language three."""
    countries = names_of_countries()
    names = {key: text.value for key, text in texts_by_row(CityName).items()}
    columns = ["pk", "slug", "name", "country", "latitude", "longitude"]
    cities = City.objects.order_by().values_list(*columns)
    return {
        slug: (names.get(key, name), countries[country], None if point[0] is None else tuple(point))
        for key, slug, name, country, *point in sorted(cities, key=itemgetter(1))
    }


def _by_number(place):
    """Return what places with the most entries come first by; others keep their order."""
    return -place.number


def _alone(filterset):
    """Return a Place for each entry at a point of its own that no city with a point stands for; one query."""
    return [
        Place(
            "",
            entry.name,
            entry.country.name if entry.country else "",
            entry.point,
            1,
            entry.get_absolute_url(),
            getattr(entry, "standing", "") == Standing.SIGNED,
        )
        for entry in filterset.results.rows().on_own_point().in_order("name")
    ]


def _total(places):
    return sum(place.number for place in places)


def _figures(filterset, map_url, box):
    """Return a function that makes the Figure of some places, with their list or the map that separates them."""
    map_of, list_of = _link(map_url, "box"), _link(filterset.list_url(city=None), "city")

    def figure(places):
        if len(places) > 1 and (part := Box.around([place.point for place in places])) != box:
            url = map_of([part])
        elif len(places) == 1 and places[0].url:
            url = places[0].url
        elif len(places) <= CODES_AT_MOST and all(place.slug for place in places):
            url = list_of([place.slug for place in places])
        else:
            url = "#places"  # no map separates them and no list can name them all; the words do
        return Figure(_label(places), _total(places), url)

    return figure


def _entries(filterset, placed, number_of_all):
    """Return the Figure of all entries with a point; its address is empty where no list shows exactly these."""
    number, url = _total(placed), ""
    if number == number_of_all:
        url = filterset.list_url()
    elif 0 < len(placed) <= CODES_AT_MOST and all(place.slug for place in placed):
        url = filterset.list_url(city=[place.slug for place in placed])
    return Figure(_in_words(filterset, number), number, url)


def _link(address, name):
    """Return a function that adds values of one parameter to an address; making each dot's whole address is slow."""
    joint = "" if address.endswith("?") else "&"
    return lambda values: f"{address}{joint}{urlencode({name: values}, doseq=True, safe=',')}"


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
