"""Where the entries of a list stand: in cities, or at points of their own, and how many of them."""

from array import array
from functools import cache
from itertools import repeat
from operator import itemgetter
from sys import intern
from typing import NamedTuple

from ...facets import NONE
from ...lists import list_of
from ...lists.gather import names_of_countries
from ...models import City, CityName, Standing
from ...models.keys import PlainRows
from ...models.languages import texts_by_row


class Place(NamedTuple):
    """A city with some entries, or one entry that no city with a point stands for."""

    slug: str  # of the city, or empty
    name: str
    country: str
    point: tuple[float, float] | None  # latitude, longitude
    number: int
    url: str = ""  # of the entry
    signed: int = 0  # entries with a signed agreement


class Cities(NamedTuple):
    """All cities by slug, so that a drawing is found again: columns, the same in every language."""

    at: dict[str, int]  # where each is, by slug
    rows: tuple[tuple, ...]  # key, name in English, code of the country, point or None
    pointless: dict[str, int]  # where those without a point are
    last: list  # one pair: counts, and their column

    def column(self, counts):
        """Return the numbers of {slug: number} in the order of the cities, four bytes each.

        The very counts of the last question, which nobody changes, have the same column.
        """
        known, column = self.last[0]
        if known is not counts:
            column = self.column_of_few(counts)
            self.last[0] = counts, column
        return column

    def column_of_few(self, counts):
        """Return the same of counts that are made anew for each question."""
        numbers = array("I", bytes(4 * len(self.rows)))
        for slug, number in counts.items():
            if (at := self.at.get(slug)) is not None:
                numbers[at] = number
        return numbers.tobytes()


class Names(NamedTuple):
    """What cities and countries are called in the language of the page."""

    cities: dict[int, str]  # by key; only those that have a name in it
    countries: dict[str, str]  # by code


class Counted(NamedTuple):
    """How many entries stand where: what a drawing goes by."""

    numbers: bytes  # a column of Cities
    signed: bytes | None  # of those with a signed agreement, where anybody asks
    alone: tuple[Place, ...]  # entries at points of their own

    def places(self, cities, names):
        """Return a Place for each city with entries, by slug."""
        numbers = memoryview(self.numbers).cast("I")
        signed = repeat(0) if self.signed is None else memoryview(self.signed).cast("I")
        rows = zip(cities.at, cities.rows, numbers, signed, strict=False)
        return [
            Place(slug, names.cities.get(key, name), names.countries[country], point, number, "", those)
            for slug, (key, name, country, point), number, those in rows
            if number
        ]


def read_names():
    """Read the Names; a query, with a language two."""
    return Names({key: text.value for key, text in texts_by_row(CityName).items()}, names_of_countries())


def read_cities():
    """Read all Cities; one query."""
    columns = ["pk", "slug", "name", "country", "latitude", "longitude"]
    cities = sorted(City.objects.order_by().values_list(*columns), key=itemgetter(1))
    rows = tuple(
        (key, name, intern(country), None if point[0] is None else tuple(point))
        for key, _slug, name, country, *point in cities
    )
    at = {slug: place for place, (_key, slug, *_rest) in enumerate(cities)}
    pointless = {slug: place for slug, place in at.items() if rows[place][-1] is None}
    return Cities(at, rows, pointless, [(None, b"")])


def counted(filterset, cities):
    """Return (Counted, number of entries without a city) of what a valid filterset of a list keeps.

    No query where there is an index, else two. Where the city or the point of a city is missing, one more,
    or two where somebody stands at a point of their own; three without an index.
    """
    ticked, counts, signed = filterset.form.cleaned_data["city"], filterset.counts("city"), None
    if ticked:
        counts = {slug: counts.get(slug, 0) for slug in ticked}
    if "standing" in filterset.form.cleaned_data:
        signed = cities.column_of_few(filterset.results.counts("city", standing=Standing.SIGNED))
    numbers, cityless = cities.column(counts), counts.get(NONE, 0)
    somewhere = [NONE] if cityless else []
    if cities.pointless:
        of_cities = memoryview(numbers).cast("I")
        somewhere += [slug for slug, at in cities.pointless.items() if of_cities[at]]
    alone = _alone(filterset, somewhere) if somewhere and list_of(filterset).has_points else ()
    return Counted(numbers, signed, alone), cityless


def _alone(filterset, cities):
    """Return a Place for each entry at a point of its own whose city is one of these; one query, or two with some."""
    model = filterset._meta.model
    keys = [key for (key,) in _on_own_point(model)(filterset.results.keys_with("city", *cities))]
    entries = model.objects.filter(pk__among=keys).on_own_point().in_order("name") if keys else ()
    return tuple(
        Place(
            "",
            entry.name,
            entry.country.name if entry.country else "",
            entry.point,
            1,
            entry.get_absolute_url(),
            int(getattr(entry, "standing", "") == Standing.SIGNED),
        )
        for entry in entries
    )


@cache
def _on_own_point(model):
    return PlainRows(lambda keys: model.objects.filter(pk__among=keys).on_own_point().order_by().values_list("pk"))
