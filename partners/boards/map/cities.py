"""The map of a list: its drawing, and the same in words, with the lists and maps that its numbers lead to."""

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

from django.utils.translation import get_language

from ...facets import NONE, Figure
from ...index.cached import cached_for_shared_rows
from ...lists import list_of
from .base import CountryName, country_names, grid
from .dots import WIDE, draw, lengths
from .drawing import DRAWINGS, Name, View, circles, names, project
from .places import counted, read_cities, read_names

WORDS_CACHED = 1000  # numbers in words


class Dot(NamedTuple):
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
    """Return the CityMap of what a valid filterset of a list keeps; no query, or five without an index.

    Two where a city or a country changed since, or three in another language, for all cities; up to three where the
    city or the point of a city is missing.

    :param map_url: the page that shows the whole map of this question.
    :param box: the part that is shown; else everything. Entries without a point are in no part.
    """
    cities, drawn = _drawn_cities()
    found, cityless = counted(filterset, cities)
    drawing = drawn(found, box)
    listing, language, is_whole = list_of(filterset), get_language(), box is None
    in_words = partial(_in_words, listing, language)
    addresses = _before(map_url), _before(filterset.list_url(city=None))
    dots, rows, pointless = _linked(drawing, listing, language, found.signed is not None, *addresses)
    return CityMap(
        view=drawing.view,
        countries=country_names(filterset, drawing),
        dots=dots,
        names=drawing.names,
        rows=rows,
        cities=drawing.cities,
        alone=drawing.alone,
        entries=Figure(in_words(drawing.number), drawing.number, _list_of_entries(filterset, drawing, cityless)),
        pointless=pointless if is_whole else (),
        more_pointless=drawing.more_pointless if is_whole else 0,
        cityless=Figure(in_words(cityless), cityless, filterset.list_url(city=[NONE]))
        if cityless and is_whole
        else None,
    )


def point_map(point, label):
    """Return the CityMap of one point (latitude, longitude): a dot that leads nowhere; no query."""
    position = project(*point)
    view = View.of([position], narrowest=WIDE)
    drawn = circles(view, [position], [1])
    dots = tuple(Dot(*lengths(circle, view, 1), Figure(label, 1, ""), label) for circle in drawn)
    return CityMap(view, dots, tuple(names(view, drawn, [label])))


@cached_for_shared_rows
def _drawn_cities():
    """Return all Cities, and what draws them and remembers its drawings as long as no city changes."""
    cities = _cities()
    return cities, lru_cache(maxsize=DRAWINGS)(partial(draw, cities, read_names()))


_cities = cached_for_shared_rows(read_cities, by=lambda: None)  # held once: languages share their slugs and points


@lru_cache(maxsize=WORDS_CACHED)
def _in_words(listing, _language, number):
    """Return a number of a list's rows in words of the active language, which is to be given."""
    return listing.count_in_words(number)


@lru_cache(maxsize=DRAWINGS)
def _linked(drawing, listing, language, is_judged, of_map, of_list):
    """Return the Dots of a Drawing, the Figures of its rows, and those of cities without a point.

    :param is_judged: whether dots say how many have signed.
    :param of_map: how addresses of the map begin, and `of_list` those of the list.
    """

    def figure(group):
        url = group.url or (of_map + group.box if group.box else of_list + group.city)
        return Figure(group.label, group.number, url)

    figures = tuple(map(figure, drawing.dots))
    dots = tuple(
        Dot(
            *texts,
            figure=of_group,
            title=f"{group.label}: {_in_words(listing, language, group.number)}",
            form=_form(group) if is_judged else "",
            is_merged=group.is_merged,
        )
        for texts, group, of_group in zip(drawing.lengths, drawing.dots, figures, strict=True)
    )
    rows = figures if drawing.rows == drawing.dots else tuple(map(figure, drawing.rows))
    return dots, rows, tuple(map(figure, drawing.pointless))


def _form(group):
    """Return how a dot says how many of its entries have signed."""
    if group.signed == group.number:
        return ""
    return "is-part" if group.signed else "is-open"


def _before(address):
    """Return an address as one more parameter goes behind it."""
    return address if address.endswith("?") else address + "&"


def _list_of_entries(filterset, drawing, cityless):
    """Return the list of exactly the entries with a point, or nothing where there is none."""
    if drawing.number == drawing.number_of_all + cityless:
        return filterset.list_url()
    return filterset.list_url(city=list(drawing.slugs)) if drawing.slugs else ""
