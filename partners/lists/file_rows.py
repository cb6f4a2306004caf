"""What the files say, read in chunks by primary key, column by column, without an object for each row."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Case, TextField, Value, When
from django.db.models.functions import Cast, NullIf

from ..models.choices import NameKind
from ..models.institution import Institution
from ..models.keys import PlainRows
from ..models.lab import CITY, COUNTRY, Lab
from ..models.name import InstitutionName
from ..models.participation import Participation
from ..models.place import City, Country
from ..models.role import Role

CHUNK_SIZE = 4000  # rows, some 6 MB of them


class InstitutionChunk(NamedTuple):
    """What a file says of some institutions: a value for each of them, None where nothing is known."""

    name: Sequence[str]
    native_name: Sequence[str | None]
    acronym: Sequence[str | None]
    slug: Sequence[str]
    ror_id: Sequence[str | None]
    kind: Sequence[str]
    country: Sequence[str | None]
    country_name: Sequence[str | None]
    city: Sequence[str | None]
    latitude: Sequence[float | None]
    longitude: Sequence[float | None]
    roles: Sequence[list[str]]
    labs: Sequence[list[str]]
    standing: Sequence[str | None]
    expected_on: Sequence[date | None]
    signed_on: Sequence[date | None]
    valid_until: Sequence[date | None]
    website: Sequence[str | None]
    founded: Sequence[int | None]
    verified_on: Sequence[date | None]


class LabChunk(NamedTuple):
    """What a file says of some labs."""

    name: Sequence[str]
    native_name: Sequence[str | None]
    slug: Sequence[str]
    institution: Sequence[str]
    institution_slug: Sequence[str]
    country: Sequence[str | None]
    country_name: Sequence[str | None]
    city: Sequence[str | None]
    latitude: Sequence[float | None]
    longitude: Sequence[float | None]
    roles: Sequence[list[str]]
    website: Sequence[str | None]
    verified_on: Sequence[date | None]


def _or_none(name):
    return NullIf(name, Value(""))


def _as_text(name):
    """Return a day as ISO 8601 whatever the driver gives."""
    return Cast(name, TextField())


def _own_coordinate(name):
    """Return what the institution says of its point, which is nothing for a lab in another city."""
    return Case(When(city__isnull=True, then=f"institution__{name}"))


_institutions = PlainRows(
    lambda keys: (
        Institution.objects.filter(pk__among=keys)
        .order_by()
        .values_list(
            *("pk", "name", "slug", _or_none("ror_id"), "kind", "country", _or_none("standing"), _or_none("website")),
            *("founded", "city", "latitude", "longitude"),
            *(_as_text(name) for name in ("expected_on", "signed_on", "valid_until", "verified_on")),
        )
    )
)
_labs = PlainRows(
    lambda keys: (
        Lab.objects.filter(pk__among=keys)
        .order_by()
        .values_list(
            *("pk", "name", _or_none("native_name"), "slug", "institution__name", "institution__slug", COUNTRY),
            *(_or_none("website"), _as_text("verified_on"), CITY),
            *(_own_coordinate("latitude"), _own_coordinate("longitude")),
        )
    )
)
_cities = PlainRows(
    lambda keys: City.objects.filter(pk__among=keys).order_by().values_list("pk", "name", "latitude", "longitude")
)
_names = PlainRows(
    lambda keys: (
        InstitutionName.objects.filter(institution__among=keys, kind__in=[NameKind.NATIVE, NameKind.ACRONYM])
        .order_by("-pk")
        .values_list("institution", "kind", "value")
    )
)
_roles_of_institutions = PlainRows(
    lambda keys: (
        Participation.objects.filter(institution__among=keys)
        .order_by()
        .values_list("institution", "pk", "role", "state")
    )
)
_roles_of_labs = PlainRows(
    lambda keys: Participation.objects.filter(lab__among=keys).order_by().values_list("lab", "pk", "role", "state")
)
_labs_of_institutions = PlainRows(
    lambda keys: Lab.objects.filter(institution__among=keys).values_list("institution", "name")
)


def institution_chunks(keys):
    """Yield chunks with the institutions in the order of the keys; five queries a chunk, two for all of them."""
    countries, order_of_roles = country_names(), _order_of_roles()
    places = _Places()
    for chunk in _chunks(keys):
        columns = _columns(_institutions(chunk), chunk)
        name, slug, ror_id, kind, country, standing, website, founded, city, latitude, longitude, *days = columns
        city, latitude, longitude = places.columns(city, latitude, longitude)
        expected_on, signed_on, valid_until, verified_on = map(_dates, days)
        native_names, acronyms = _first_names(chunk)
        roles = _roles(_roles_of_institutions(chunk), order_of_roles)
        labs = _lab_names(chunk)
        yield InstitutionChunk(
            name=name,
            native_name=list(map(native_names.get, chunk)),
            acronym=list(map(acronyms.get, chunk)),
            slug=slug,
            ror_id=ror_id,
            kind=kind,
            country=country,
            country_name=list(map(countries.get, country)),
            city=city,
            latitude=latitude,
            longitude=longitude,
            roles=[roles.get(key, []) for key in chunk],
            labs=[labs.get(key, []) for key in chunk],
            standing=standing,
            expected_on=expected_on,
            signed_on=signed_on,
            valid_until=valid_until,
            website=website,
            founded=founded,
            verified_on=verified_on,
        )


def lab_chunks(keys):
    """Yield chunks with the labs in the order of the keys; three queries a chunk, two for all of them."""
    countries, order_of_roles = country_names(), _order_of_roles()
    places = _Places()
    for chunk in _chunks(keys):
        columns = _columns(_labs(chunk), chunk)
        name, native_name, slug, institution, institution_slug, country, website, verified_on, *place = columns
        city, latitude, longitude = places.columns(*place)
        roles = _roles(_roles_of_labs(chunk), order_of_roles)
        yield LabChunk(
            name=name,
            native_name=native_name,
            slug=slug,
            institution=institution,
            institution_slug=institution_slug,
            country=country,
            country_name=list(map(countries.get, country)),
            city=city,
            latitude=latitude,
            longitude=longitude,
            roles=[roles.get(key, []) for key in chunk],
            website=website,
            verified_on=_dates(verified_on),
        )


def _chunks(keys):
    return (keys[start : start + CHUNK_SIZE] for start in range(0, len(keys), CHUNK_SIZE))


def _dates(texts):
    return [text and date.fromisoformat(text) for text in texts]


def _columns(rows, chunk):
    """Return the columns of rows that begin with their key, in the order of the keys; the keys are left out."""
    found = {row[0]: row for row in rows}
    return list(zip(*map(found.__getitem__, chunk), strict=True))[1:]


class _Places:
    """The cities of one file, each read once: most chunks are in the same ones, and a join would read them again."""

    def __init__(self):
        self.cities = {None: (None, None, None)}

    def columns(self, cities, latitudes, longitudes):
        """Return names, latitudes and longitudes: the given ones, where there are none the city's. One query."""
        unknown = set(cities) - self.cities.keys()
        self.cities |= {key: place for key, *place in _cities(unknown)}
        names, *points = zip(*map(self.cities.__getitem__, cities), strict=True)
        return names, *(
            [own if own is not None else there for own, there in zip(owns, theres, strict=True)]
            for owns, theres in zip((latitudes, longitudes), points, strict=True)
        )


def country_names():
    """Return {code: name in English or the editor's label}: files have one content in every language."""
    return {country.code: country.label or country.cldr_name("en") for country in Country.objects.all()}


def _first_names(chunk):
    """Return {institution: its first native name} and {institution: its first acronym}; one query."""
    first = {NameKind.NATIVE: {}, NameKind.ACRONYM: {}}
    for institution, kind, value in _names(chunk):  # the last first
        first[kind][institution] = value
    return first.values()


def _order_of_roles():
    """Return {code: place}; to sort by it here is sooner done than to let PostgreSQL join and sort each chunk."""
    return {code: place for place, code in enumerate(Role.objects.values_list("code", flat=True))}


def role_text(role, state):
    """Return how a cell says that somebody has a role, by the codes of both."""
    return f"{role} ({state})"


def _roles(rows, order):
    """Return {owner: “vector (planned)” for each participation once, in the order of the roles}."""
    grouped = {}
    known = [row for row in rows if row[2] in order]  # plain SQL can delete a role that is still referred to
    for owner, _pk, role, state in sorted(known, key=lambda row: (order[row[2]], row[1])):
        text = role_text(role, state)
        if owner not in grouped:
            grouped[owner] = [text]
        elif text not in grouped[owner]:
            grouped[owner].append(text)
    return grouped


def _lab_names(chunk):
    """Return {institution: the names of its labs in their order}; one query."""
    grouped = defaultdict(list)
    for institution, name in _labs_of_institutions(chunk):
        grouped[institution].append(name)
    return grouped
