"""The rows of the files, read in chunks by primary key as plain values: a fifth of the time of model instances."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from .choices import NameKind
from .institution import Institution
from .lab import CITY, COUNTRY, Lab
from .name import InstitutionName
from .participation import Participation
from .place import City, Country

CHUNK_SIZE = 1000  # rows


class InstitutionFileRow(NamedTuple):
    """What a file says of an institution; nothing where nothing is known."""

    name: str
    native_name: str | None
    acronym: str | None
    slug: str
    ror_id: str | None
    kind: str
    country: str | None
    country_name: str | None
    city: str | None
    latitude: float | None
    longitude: float | None
    roles: list[str]
    labs: list[str]
    standing: str | None
    expected_on: date | None
    signed_on: date | None
    valid_until: date | None
    website: str | None
    founded: int | None
    verified_on: date | None


class LabFileRow(NamedTuple):
    """What a file says of a lab."""

    name: str
    native_name: str | None
    slug: str
    institution: str
    institution_slug: str
    country: str | None
    country_name: str | None
    city: str | None
    latitude: float | None
    longitude: float | None
    roles: list[str]
    website: str | None
    verified_on: date | None


def institution_file_rows(keys):
    """Yield a row for each key, in the order of the keys; five queries a chunk."""
    countries = _country_names()
    columns = ["pk", "name", "slug", "ror_id", "kind", "country", "city", "latitude", "longitude", "standing"]
    columns += ["expected_on", "signed_on", "valid_until", "website", "founded", "verified_on"]
    for chunk in _chunks(keys):
        found = {
            row[0]: row[1:] for row in Institution.objects.filter(pk__among=chunk).order_by().values_list(*columns)
        }
        cities = _cities(row[5] for row in found.values())
        names = _first_names(chunk)
        roles = _roles(Participation.objects.filter(institution__among=chunk), "institution")
        labs = _grouped(Lab.objects.filter(institution__among=chunk).values_list("institution", "name"))
        for key in chunk:
            name, slug, ror_id, kind, country, city, latitude, longitude, *facts = found[key]
            city_name, *point = cities.get(city, (None, None, None))
            if latitude is not None:
                point = latitude, longitude
            standing, expected_on, signed_on, valid_until, website, founded, verified_on = facts
            yield InstitutionFileRow(
                name,
                names.get((key, NameKind.NATIVE)),
                names.get((key, NameKind.ACRONYM)),
                slug,
                ror_id or None,
                kind,
                country,
                countries.get(country),
                city_name,
                *point,
                roles[key],
                labs[key],
                standing or None,
                expected_on,
                signed_on,
                valid_until,
                website or None,
                founded,
                verified_on,
            )


def lab_file_rows(keys):
    """Yield a row for each key, in the order of the keys; three queries a chunk and one for the countries."""
    countries = _country_names()
    columns = ["pk", "name", "native_name", "slug", "institution__name", "institution__slug", COUNTRY, CITY]
    columns += ["city", "institution__latitude", "institution__longitude", "website", "verified_on"]
    for chunk in _chunks(keys):
        found = {row[0]: row[1:] for row in Lab.objects.filter(pk__among=chunk).order_by().values_list(*columns)}
        cities = _cities(row[6] for row in found.values())
        roles = _roles(Participation.objects.filter(lab__among=chunk), "lab")
        for key in chunk:
            name, native_name, *keys_and_names, country, city, own_city, latitude, longitude, website, verified_on = (
                found[key]
            )
            city_name, *point = cities.get(city, (None, None, None))
            if own_city is None and latitude is not None:
                point = latitude, longitude
            yield LabFileRow(
                name,
                native_name or None,
                *keys_and_names,
                country,
                countries.get(country),
                city_name,
                *point,
                roles[key],
                website or None,
                verified_on,
            )


def _chunks(keys):
    return (keys[start : start + CHUNK_SIZE] for start in range(0, len(keys), CHUNK_SIZE))


def _country_names():
    """Return {code: name in English or the editor's label}: files have one content in every language."""
    return {country.code: country.label or country.cldr_name("en") for country in Country.objects.all()}


def _cities(keys):
    rows = City.objects.filter(pk__among=sorted({key for key in keys if key})).order_by()
    return {pk: place for pk, *place in rows.values_list("pk", "name", "latitude", "longitude")}


def _first_names(chunk):
    """Return {(institution, kind): its first native name or acronym}."""
    rows = InstitutionName.objects.filter(institution__among=chunk, kind__in=[NameKind.NATIVE, NameKind.ACRONYM])
    rows = rows.order_by("-pk").values_list("institution", "kind", "value")
    return {(institution, kind): value for institution, kind, value in rows}


def _roles(participations, owner):
    """Return {owner: “vector (planned)” for each participation once, in the order of the roles}."""
    rows = participations.order_by(*Participation.ORDER).values_list(owner, "role", "state")
    grouped = _grouped((key, f"{role} ({state})") for key, role, state in rows)
    return defaultdict(list, {key: list(dict.fromkeys(roles)) for key, roles in grouped.items()})


def _grouped(pairs):
    grouped = defaultdict(list)
    for key, value in pairs:
        grouped[key].append(value)
    return grouped
