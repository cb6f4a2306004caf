"""What the registry says and an editor's value holds back: taken or refused by somebody who looked at both."""

from typing import Any

from django.db import transaction

from ...models import Institution, RegistryRecord
from .cities import Cities
from .fields import set_fields


def held_back(entry: Institution) -> list[tuple[str, Any, Any]]:
    """Return (field, the entry's value, the registry's) of what is held back. One query, and one for a city."""
    record = RegistryRecord.objects.filter(pk=entry.pk).first()
    return _still_held(entry, record) if record else []


def _still_held(entry, record):
    return [(field, now, value) for field, value in record.held.items() if (now := _now(entry, field)) != value]


def _now(entry, field):
    if field != "place":
        return getattr(entry, field)
    return [entry.country_id, (entry.city.geonames_id or entry.city.slug) if entry.city else None]


@transaction.atomic
def settle(entry: Institution) -> None:
    """Forget what was held back and a saved entry says by itself now. One query, and one to write."""
    record = RegistryRecord.objects.select_for_update().filter(pk=entry.pk).exclude(held={}).first()
    held = {field: value for field, _own, value in _still_held(entry, record)} if record else {}
    if record and record.held != held:
        record.held = held
        record.save(update_fields=["held"])


def _locked(entry: Institution) -> tuple[Institution, RegistryRecord]:
    """Return an entry as it is saved, and its record, both locked: as an import does, the entry first."""
    entry = Institution.objects.select_for_update().get(pk=entry.pk)
    return entry, RegistryRecord.objects.select_for_update().get(pk=entry.pk)


@transaction.atomic
def take(entry: Institution, field: str) -> None:
    """Write the registry's value into an entry, which follows the registry from then on; its old name is a former one.

    :raises ValidationError: where the entry does not allow it.
    :raises KeyError: where nothing is held back there, or its city is not known here.
    :raises ObjectDoesNotExist: where the entry, or what the registry said of it, is gone.
    """
    entry, record = _locked(entry)
    value = record.held.pop(field)
    set_fields(entry, {field: value}, Cities())
    entry.full_clean()
    entry.save()
    record.values[field] = value
    record.save(update_fields=["values", "held"])


@transaction.atomic
def refuse(entry: Institution, field: str) -> None:
    """Keep the entry's value for good: no import writes this field again, or speaks of it.

    :raises KeyError: where nothing is held back there.
    :raises ObjectDoesNotExist: where the entry, or what the registry said of it, is gone.
    """
    _entry, record = _locked(entry)
    record.held.pop(field)
    record.refused = sorted({*record.refused, field})
    record.save(update_fields=["held", "refused"])
