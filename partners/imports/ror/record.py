"""One record of the registry, schema v2, as the directory would store it."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ...models import Institution, InstitutionName, Kind, RegistryStatus
from ...models.institution_rules import FIRST_YEAR, LAST_YEAR
from ...models.registry import validate_ror_id
from ...models.text import clean_line, validate_web_address
from .names import RawName, known_language, sort_names

# The first type that a record has decides; `funder` is no kind.
KINDS = {
    "healthcare": Kind.HOSPITAL,
    "education": Kind.UNIVERSITY,
    "facility": Kind.INSTITUTE,
    "company": Kind.COMPANY,
    "government": Kind.GOVERNMENT,
    "nonprofit": Kind.NONPROFIT,
}
NAME_LENGTH = Institution._meta.get_field("name").max_length
OTHER_NAME_LENGTH = InstitutionName._meta.get_field("value").max_length
WEBSITE_LENGTH = Institution._meta.get_field("website").max_length
LARGEST_ID = 2_147_483_647  # the largest GeoNames id that its column can hold


class BrokenRecordError(Exception):
    """A record that does not follow schema v2; nothing in its file can be trusted."""


class SkippedRecordError(Exception):
    """A valid record that the directory does not take; the message is the reason."""


class Place(NamedTuple):
    """The place that a record names; the point is the city's."""

    country: str
    geonames_id: int | None
    city: str
    latitude: float | None
    longitude: float | None
    country_name: str = ""  # in the registry's spelling


@dataclass(slots=True)
class Record:
    """What the directory takes from a record; `names` holds [kind, language] by value, `left_out` what it leaves."""

    ror_id: str
    status: str
    kind: str
    funds_research: bool
    place: Place | None
    website: str
    founded: int | None
    parents: list[str]
    successors: list[str]
    left_out: list[str] = field(default_factory=list)
    name: str = ""
    language: str = ""  # of the name
    names: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_active(self) -> bool:
        return self.status == RegistryStatus.ACTIVE


def read_record(raw: Any) -> Record:
    """Read one record of a release.

    :raises BrokenRecordError: when a part that every record has is missing or has the wrong type.
    :raises SkippedRecordError: when its name is too long to be stored.
    """
    if not isinstance(raw, dict):
        raise BrokenRecordError(_("it is no JSON object"))
    left_out: list[str] = []
    types = _strings(raw, "types")
    place = _read_place(raw, left_out)
    record = Record(
        ror_id=_read_id(raw),
        status=_read_status(raw),
        kind=next((kind.value for type_, kind in KINDS.items() if type_ in types), Kind.OTHER.value),
        funds_research="funder" in types,
        place=place,
        website=_read_website(raw, left_out),
        founded=_read_year(raw, left_out),
        parents=_related(raw, "parent"),
        successors=_related(raw, "successor"),
        left_out=left_out,
    )
    _read_names(raw, record, is_company="company" in types)
    return record


def identify(raw: Any) -> str:
    """Return the id that a record gives itself, or an empty text."""
    ror_id = raw.get("id") if isinstance(raw, dict) else None
    return ror_id if isinstance(ror_id, str) else ""


def _part(raw: Any, key: str, *kinds: type) -> Any:
    """Return a part of a record after checking its type."""
    value = raw.get(key) if isinstance(raw, dict) else None
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise BrokenRecordError(_("“%(key)s” is missing or is not what schema v2 says") % {"key": key})
    return value


def _strings(raw: Any, key: str) -> list[str]:
    values = _part(raw, key, list)
    if not all(isinstance(value, str) for value in values):
        raise BrokenRecordError(_("“%(key)s” is missing or is not what schema v2 says") % {"key": key})
    return values


def _read_id(raw: Any) -> str:
    ror_id = _part(raw, "id", str)
    try:
        validate_ror_id(ror_id)
    except ValidationError as error:
        raise BrokenRecordError(error.messages[0]) from error
    return ror_id


def _read_status(raw: Any) -> str:
    status = _part(raw, "status", str)
    if status not in RegistryStatus.values:
        raise BrokenRecordError(_("“%(status)s” is no status of schema v2") % {"status": status})
    return status


def _read_names(raw: Any, record: Record, *, is_company: bool) -> None:
    names = []
    for name in _part(raw, "names", list):
        language = known_language(_part(name, "lang", str, type(None)) or "")
        names.append(RawName(clean_line(_part(name, "value", str)), language, frozenset(_strings(name, "types"))))
    if not any("ror_display" in name.types and name.value for name in names):
        raise BrokenRecordError(_("no name is marked as the one to show (ror_display)"))
    place = record.place
    shown, values = sort_names(names, place and place.country, is_company, place.country_name if place else "")
    record.name, record.language = shown.value, shown.language
    if len(record.name) > NAME_LENGTH:
        raise SkippedRecordError(_("name too long"))
    record.names = {value: kind for value, kind in values.items() if len(value) <= OTHER_NAME_LENGTH}
    record.left_out += [_("name too long")] * (len(values) - len(record.names))


def _read_place(raw: Any, left_out: list[str]) -> Place | None:
    """Read the first location: an organisation in several places has its seat there."""
    locations = _part(raw, "locations", list)
    if not locations:
        return None
    details = _part(locations[0], "geonames_details", dict)
    country = _part(details, "country_code", str)
    geonames_id = _part(locations[0], "geonames_id", int, type(None))
    country_name = clean_line(str(details.get("country_name") or ""))
    city = clean_line(_part(details, "name", str, type(None)) or "")
    latitude, longitude = (_part(details, key, int, float, type(None)) for key in ("lat", "lng"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        latitude = longitude = None
    if not city or geonames_id is None or not 0 < geonames_id <= LARGEST_ID or len(city) > 200:
        left_out.append(_("city without name or GeoNames id"))
        return Place(country, None, "", None, None, country_name)
    return Place(country, geonames_id, city, latitude, longitude, country_name)


def _read_website(raw: Any, left_out: list[str]) -> str:
    """Return the first website that is a whole http address."""
    websites = [
        _part(link, "value", str) for link in _part(raw, "links", list) if _part(link, "type", str) == "website"
    ]
    for website in websites:
        try:
            validate_web_address(website)
        except ValidationError:
            left_out.append(_("website is no whole http address"))
        else:
            if len(website) <= WEBSITE_LENGTH:
                return website
            left_out.append(_("website too long"))
    return ""


def _read_year(raw: Any, left_out: list[str]) -> int | None:
    year = _part(raw, "established", int, type(None))
    if year is None or FIRST_YEAR <= year <= LAST_YEAR:
        return year
    left_out.append(_("year of foundation out of range"))
    return None


def _related(raw: Any, kind: str) -> list[str]:
    """Return the ROR ids of a record's relations of one kind, sorted, without its own."""
    relations = _part(raw, "relationships", list)
    found = {_part(relation, "id", str) for relation in relations if _part(relation, "type", str) == kind}
    return sorted(found - {identify(raw)})
