"""What the records hold that everybody may read."""

from collections import defaultdict, namedtuple
from functools import cache

from django.db.models import F

from ...models.keys import PlainRows, with_zone
from ...models.public_records import MODELS, OWNERS, public_records


def records_of(kind, rows):
    """Return {key: (record, the one before it or None)} of the public records of some rows, by their keys; one query.

    A row that came from another institution, or from a draft, comes without its past.
    """
    if not rows:
        return {}
    read, record, read_values = _plain_records(kind)
    histories = defaultdict(list)
    for values in sorted(read(rows)):
        one = record(*(read_value(value) for read_value, value in zip(read_values, values, strict=True)))
        histories[one.id, getattr(one, _owner(kind))].append(one)
    return {
        one.history_id: (one, before)
        for history in histories.values()
        for before, one in zip([None, *history], history, strict=False)
    }


@cache
def _plain_records(kind):
    """Return (the query for the records of rows, what holds one, how each of its values is read)."""
    fields = MODELS[kind].history.model.tracked_fields
    names = ["history_id", "history_date", "history_type", "operation_id", "brought_by"]
    names += [field.attname for field in fields]
    records = public_records(kind).annotate(brought_by=F("operation__kind"))
    read = PlainRows(lambda rows: records.filter(id__among=rows).values_list(*names))
    read_values = [int, with_zone, str, _as_it_is, _as_it_is, *(field.to_python for field in fields)]
    return read, namedtuple("Record", names), read_values


def _as_it_is(value):
    return value


@cache  # each record asks, and each time history makes its manager anew
def _owner(kind):
    return MODELS[kind].history.model._meta.get_field(OWNERS[kind]).attname
