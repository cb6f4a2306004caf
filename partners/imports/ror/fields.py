"""An entry's fields as plain values that JSON can hold and a merge can compare."""

from typing import Any

from ...models import Institution
from ...models.text import sort_key
from .cities import Cities
from .record import Record

SHARED = ("name", "kind", "website", "founded", "funds_research", "status")  # by records and entries


def fields_of_record(record: Record) -> dict[str, Any]:
    """Return what a record says; `place` is [country, GeoNames id of the city]."""
    place = [record.place.country, record.place.geonames_id] if record.place else [None, None]
    return {key: getattr(record, key) for key in SHARED} | {"place": place}


def fields_of_entry(entry: Institution, cities: Cities) -> dict[str, Any]:
    """Return what an entry says, in the same form, with its standing and its replacement's primary key."""
    fields = {key: getattr(entry, key) for key in SHARED}
    place = [entry.country_id, cities.mark(entry.city_id)]
    return fields | {"place": place, "standing": entry.standing, "replaced_by": entry.replaced_by_id}


def set_fields(entry: Institution, fields: dict[str, Any], cities: Cities) -> set[str]:
    """Give an entry new values; return the names of the model fields that hold them."""
    written = set()
    for key, value in fields.items():
        if key == "place":
            entry.country_id, entry.city_id = value[0], cities.pk(value[1])
            written |= {"country", "city"}
        elif key == "replaced_by":
            entry.replaced_by_id = value
            written.add(key)
        else:
            setattr(entry, key, value)
            written.add(key)
    if "name" in fields:
        entry.sort_key = sort_key(entry.name)
        written.add("sort_key")
    return written
