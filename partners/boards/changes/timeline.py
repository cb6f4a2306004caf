"""What changed, newest first."""

import datetime

from django.db.models import Exists, F, OuterRef, Q, Value
from django.utils import timezone

from .records import LABS, OWNERS, public_records
from .words import describe

NEWEST_FIRST = ("-history_date", "-key", "-subject")
CHUNK_SIZE = 500  # changes


class Timeline:
    """The changes of some institutions, their labs and roles; a count costs one query, a slice at most twelve."""

    def __init__(self, institutions, since=None, until=None):
        self._institutions = institutions.order_by()
        self._days = {}
        if since:
            self._days = {"history_date__gte": midnight(since), "history_date__lt": midnight(until, days=1)}

    def _concerned(self, kind):
        # Not `__in`: the database should follow the index of the dates and stop after one page.
        return Exists(self._institutions.filter(pk=OuterRef(OWNERS[kind])))

    def count(self):
        """Return the number of changes."""
        return self._records().count()

    def __getitem__(self, part):
        """Return the Change of each record of a slice."""
        records = self._records().order_by(*NEWEST_FIRST)
        return describe([(kind, key) for _moment, kind, key in records[part]])

    def __iter__(self):
        """Yield every Change; a query for their keys, eleven for each `CHUNK_SIZE` of them."""
        keys = [(kind, key) for _moment, kind, key in self._records().order_by(*NEWEST_FIRST)]
        for start in range(0, len(keys), CHUNK_SIZE):
            yield from describe(keys[start : start + CHUNK_SIZE])

    def _records(self):
        parts = [
            public_records(kind)
            .filter(self._concerned(kind), **self._days)
            .annotate(subject=Value(kind), key=F("history_id"))
            .values_list("history_date", "subject", "key")
            for kind in OWNERS
        ]
        return parts[0].union(*parts[1:], all=True)


class EntryTimeline(Timeline):
    """The changes of one institution that everybody may see, or of one of its labs; costs the same."""

    def __init__(self, institution, lab=None):
        super().__init__(type(institution).objects.none())
        self._institution, self._lab = institution.pk, lab and lab.pk

    def _concerned(self, kind):
        concerned = Q(**{OWNERS[kind]: self._institution})
        if self._lab is None:
            return concerned
        return concerned & Q(**{LABS[kind]: self._lab}) if kind in LABS else Q(pk__in=[])


def midnight(day, days=0):
    """Return the local time at which a day begins, or the day some days later."""
    return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days), datetime.time()))
