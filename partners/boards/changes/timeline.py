"""What changed, newest first."""

import datetime
from functools import cache

from django.db.models import Exists, F, OuterRef, Value
from django.utils import timezone

from ...lists.filters import CHANGES
from ...models import Institution
from ...models.keys import PlainRows, with_zone
from ...models.public_records import LABS, OWNERS, public_records, told_records
from .words import OWNERS as ROWS_OF_OWNERS
from .words import describe

CHUNK_SIZE = 500  # changes
FEW = 1_000  # institutions; those of more are looked for among the newest changes of all
GROWTH = 4  # by which more changes are read where too few of them are the right ones


class Timeline:
    """The changes of the institutions that results keep, of their labs and roles.

    A count costs one query at most. A slice costs one as long as most of the newest changes belong to these
    institutions, and what `describe()` costs. Between two days a count reads all records, which are read once.
    """

    def __init__(self, results, since=None, until=None):
        self._results = results
        self._days = {}
        self._all = None  # records, once all of them were read
        if since:
            self._days = {"history_date__gte": midnight(since), "history_date__lt": midnight(until, days=1)}

    def count(self):
        """Return the number of changes."""
        return len(self._newest(None)) if self._days else self._results.total(CHANGES)

    def __getitem__(self, part):
        """Return the Change of each record of a slice."""
        return _described(self._newest(part.stop)[part])

    def __iter__(self):
        """Yield every Change; the queries of `describe()` for each `CHUNK_SIZE` of them."""
        found = self._newest(None)
        for start in range(0, len(found), CHUNK_SIZE):
            yield from _described(found[start : start + CHUNK_SIZE])

    def changed(self, most):
        """Return (moment, institution as a row of `OWNERS`) of the newest changes, at most so many; two queries."""
        found = self._newest(most)
        rows = {row.key: row for row in ROWS_OF_OWNERS.of_page(list({owner for _moment, owner, _record in found}))}
        return [(with_zone(moment), rows[owner]) for moment, owner, _record in found]

    def _newest(self, most):
        """Return [(moment, institution, record)] of the newest records as `_newest_first()` does, at most so many."""
        if most is None and self._all is None:
            self._all = self._read(None)
        return self._read(most) if self._all is None else self._all[:most]

    def _read(self, most):
        """Return the same, read anew."""
        records = PlainRows(lambda keys: _records(keys, self._days)) if self._days else _newest_records()
        if self._results.count() <= FEW:
            return _newest_first(records(self._results.keys()))[:most]
        limit = most
        while True:
            read = records(limit=limit)
            among = self._results.among(owner for *_record, owner in read)
            found = [(moment, owner, record) for moment, owner, record in _newest_first(read) if owner in among]
            if limit is None or len(found) >= most or len(read) < limit:
                return found[:most]
            limit *= GROWTH


def newest_of(institution, most, lab=None):
    """Return the newest Changes of a listed institution, or of one of its labs; costs what a slice does."""
    records = _newest_records()([institution]) if lab is None else _records_of_labs()([lab])
    return _described([found for found in _newest_first(records) if found[1] == institution][:most])


def _described(found):
    return describe([record for _moment, _owner, record in found])


def _newest_first(records):
    """Return [(moment, institution, (kind, key, key of its row))] of records as they were read."""
    return [(moment, owner, (kind, key, row)) for moment, key, kind, row, owner in sorted(records, reverse=True)]


@cache
def _newest_records():
    return PlainRows(_records)


@cache
def _records_of_labs():
    return PlainRows(lambda keys: _records(keys, fields=LABS, records_of=public_records))


def _records(keys, days=(), fields=OWNERS, records_of=told_records):
    """Return (moment, key, kind, key of the row, institution) of public records: of some rows, or of all, newest first.

    A merge is one record of its institution; of a lab, which has no other, it is its own. Those of some rows come in no
    order: the database would sort by its index of the moments, which holds all.
    """
    listed = Institution.objects.published()
    parts = []
    for kind, field in fields.items():
        records = records_of(kind).filter(Exists(listed.filter(pk=OuterRef(OWNERS[kind]))), **dict(days))
        if keys is not None:
            records = records.filter(**{f"{field}__among": keys})
        records = records.annotate(subject=Value(kind), key=F("history_id"), owner=F(OWNERS[kind]))
        parts.append(records.values_list("history_date", "key", "subject", "id", "owner"))
    records = parts[0].union(*parts[1:], all=True)
    return records.order_by("-history_date", "-key", "-subject") if keys is None else records


def midnight(day, days=0):
    """Return the local time at which a day begins, or the day some days later."""
    return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days), datetime.time()))
