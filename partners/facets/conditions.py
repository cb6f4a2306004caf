"""Filters whose values are conditions on a row, and the one reading that counts several of them."""

import datetime
from abc import abstractmethod

from django.db.models import Count, DateField, DateTimeField, F, Q, TextField
from django.db.models.functions import Cast
from django.db.models.sql import Query
from django.utils import timezone
from django.utils.translation import gettext_lazy
from pyroaring import BitMap

from .counted import FacetFilter
from .options import Choices
from .path import Path, columns_in

NEVER = "never"
RECENT, OLDER = "recent", "older"
FRESHNESS = (
    (RECENT, gettext_lazy("within 12 months")),
    (OLDER, gettext_lazy("longer ago")),
    (NEVER, gettext_lazy("never")),
)
RECENT_FOR = datetime.timedelta(days=365)


def first_recent_day():
    """Return the earliest day within the last 12 months; the day before it is older."""
    return timezone.localdate() - RECENT_FOR


def freshness(field):
    """Return the conditions that a day is recent, older or missing, by their codes."""
    first = first_recent_day()
    return {
        RECENT: Q(**{f"{field}__gte": first}),
        OLDER: Q(**{f"{field}__lt": first}),
        NEVER: Q(**{f"{field}__isnull": True}),
    }


def counts_by_conditions(queryset, facets):
    """Return {name: {code: number of rows}} of {name: facet}, each of which has conditions; one query."""
    pairs = [(name, *pair) for name, facet in facets.items() for pair in facet.conditions().items()]
    numbers = queryset.order_by().aggregate(
        **{f"number_{place}": Count("pk", filter=condition) for place, (*_, condition) in enumerate(pairs)}
    )
    counts = {name: {} for name in facets}
    for (name, code, _condition), number in zip(pairs, numbers.values(), strict=True):
        counts[name][code] = number
    return counts


class ConditionFacet(FacetFilter):
    """A facet whose values are conditions; a row meets one of them."""

    @abstractmethod
    def conditions(self):
        """Return {code: condition on a row}."""

    def filter(self, queryset, codes):
        """Keep rows that meet one of the conditions."""
        conditions = self.conditions()
        return queryset.filter(Q.create([conditions[code] for code in codes], connector=Q.OR))


class DerivedFacet(ConditionFacet):
    """A facet whose value follows from other facets of the row, so that nothing is read for the index."""

    def __init__(self, conditions, *, derive, **kwargs):
        """Take {code: condition} for SQL and `derive(keys, {facet: {value: keys}})`, which does that for the index."""
        super().__init__(**kwargs)
        self.derive = derive
        self._conditions = conditions

    def conditions(self):
        """Return {code: condition on a row}, as declared."""
        return self._conditions

    def paths(self, model):
        """Return the Path of each column that the conditions name."""
        names = dict.fromkeys(columns_in(Q(*self._conditions.values()), Query(model)))
        return [Path.of(model, name) for name in names]


class FreshnessFacet(ConditionFacet):
    """A facet over a date: within the last 12 months, before, or never. Today is read for each question."""

    def __init__(self, day, **kwargs):
        super().__init__(options=Choices(FRESHNESS), **kwargs)
        self.day = day
        self.column = Cast(F(day), TextField())  # ISO 8601 in every database, which sorts as days do

    def paths(self, model):
        """Return the Path of the day."""
        return [Path.of(model, self.day)]

    def refusal(self, model):
        """Return why it cannot be counted correctly, or an empty text."""
        (path,) = self.paths(model)
        if path.is_many_valued:
            return "a row may have several days: a FreshnessFacet has one."
        # The day of a time depends on the time zone, and text in UTC does not show it.
        is_day = isinstance(path.column, DateField) and not isinstance(path.column, DateTimeField)
        return "" if is_day else "its values are no days."

    def conditions(self):
        """Return the condition of each range, judged by today."""
        return freshness(self.day)

    def keys_by_value(self, entries):
        """Return {day or never: keys} for the index. Each question decides anew what is recent."""
        keys = super().keys_by_value(entries)
        if None in keys:
            keys[NEVER] = keys.pop(None)
        return keys

    def occurs(self, index, code):
        """Return False, so that the options decide: the index has days, not ranges."""
        return False

    def having(self, postings, codes):
        """Return the keys whose day is in one of the ranges."""
        return BitMap.union(BitMap(), *(self._in_range(postings, code) for code in codes))

    def counts_among(self, postings, keys):
        """Return {code: number of the keys}."""
        return {code: keys.intersection_cardinality(self._in_range(postings, code)) for code in self.options.offered()}

    def _in_range(self, postings, code):
        """Return the keys whose day is in a range, judged by today."""
        first = first_recent_day().isoformat()
        days = {
            RECENT: lambda day: day != NEVER and day >= first,
            OLDER: lambda day: day != NEVER and day < first,
            NEVER: lambda day: day == NEVER,
        }[code]
        return postings.union((code, first), days)
