"""Filters whose values are counted, over one value of each row."""

import copy
import datetime
from collections import defaultdict

from django.db.models import Count, F, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django_filters import Filter
from pyroaring import BitMap

from .options import NONE, Choices, FacetField

NEVER = "never"
RECENT, OLDER = "recent", "older"
FRESHNESS = (
    (RECENT, gettext_lazy("within 12 months")),
    (OLDER, gettext_lazy("longer ago")),
    (NEVER, gettext_lazy("never")),
)
RECENT_FOR = datetime.timedelta(days=365)


def first_recent_day():
    """Return the earliest day that lies within 12 months today; the day before it is older."""
    return timezone.localdate() - RECENT_FOR


def freshness(field, code):
    """Return the condition that a day is recent, older or was never."""
    return {
        RECENT: Q(**{f"{field}__gte": first_recent_day()}),
        OLDER: Q(**{f"{field}__lt": first_recent_day()}),
        NEVER: Q(**{f"{field}__isnull": True}),
    }[code]


class FacetFilter(Filter):
    """A filter whose values are counted: by SQL, and by the postings of an index in memory."""

    field_class = FacetField
    column = None  # what is read of each row for the index, where that is one value

    def __init__(self, *, options, label, empty_label="", proper=False):
        super().__init__(label=label, options=options, empty_label=empty_label)
        self.options = options
        self.empty_label = empty_label
        self.proper = proper  # its values are proper names and keep their capitals in a sentence

    def __deepcopy__(self, memo):
        """Let each filterset have a copy that knows its parent; what it was declared with never changes."""
        return copy.copy(self)

    @property
    def posted_as(self):
        """Return the name of its postings in the index."""
        return self.field_name

    def posted(self, entries):
        """Return {value: keys} for the index, of (key, value of `column`)."""
        posted = defaultdict(list)
        for key, value in entries:
            posted[value].append(key)
        return posted

    def texts(self):
        """Yield (value in the index, text) for what rows with this value are found by; the queries of the options."""
        return self.options.texts()

    def occurs(self, index, code):
        """Say whether a row of an index has a code for certain; where this is not known, the options are asked."""
        return False

    def keys_in(self, index, codes):
        """Return the keys of an index that pass this filter, or nothing where all do."""
        return self.having(index.facets[self.posted_as], codes) if codes else None

    def others(self):
        """Return the names of the filters that are left out when this one is counted."""
        return frozenset([self.field_name])

    def offered(self):
        """Return the codes that stay visible with a count of zero, in the vocabulary's order; one query at most."""
        return [*self.options.offered(), *([NONE] if self.empty_label else [])]

    def labels(self, codes):
        """Return {code: label} in the order of the codes; one query at most."""
        labels = self.options.labels([code for code in codes if code != NONE]) | {NONE: str(self.empty_label)}
        return {code: labels[code] for code in codes}

    def url_codes(self, code, selected):
        """Return the codes of the list that the count of `code` counts."""
        return [code]


class GroupFacet(FacetFilter):
    """A facet over one value of each row: a column, or an expression."""

    def __init__(self, expression, **kwargs):
        super().__init__(**kwargs)
        self.column = self.expression = F(expression) if isinstance(expression, str) else expression

    def filter(self, queryset, codes):
        """Keep rows whose value is one of the codes; no join that multiplies rows."""
        if not codes:
            return queryset
        condition = Q(facet_value__in=[code for code in codes if code != NONE])
        if NONE in codes:
            condition |= Q(facet_value__isnull=True) | Q(facet_value="")
        return queryset.alias(facet_value=self.expression).filter(condition)

    def counts(self, queryset):
        """Return {code: number of rows}; one query."""
        rows = queryset.order_by().values(facet_value=self.expression).annotate(number=Count("pk"))
        return {row["facet_value"] or NONE: row["number"] for row in rows}

    def posted(self, entries):
        """Return {value: keys} for the index."""
        posted = super().posted(entries)
        if nothing := posted.pop(None, []) + posted.pop("", []):
            posted[NONE] = nothing
        return posted

    def occurs(self, index, code):
        """Say whether a row of an index has a code."""
        return code != NONE and code in index.facets[self.posted_as].keys

    def having(self, postings, codes):
        """Return the keys with one of the codes."""
        return postings.having(codes)

    def counts_among(self, postings, keys):
        """Return {code: number of the keys}."""
        return {code: postings.count(keys, code) for code in postings.keys}


class DerivedFacet(GroupFacet):
    """A facet whose value follows from other facets of the row, so that nothing is read for the index."""

    def __init__(self, expression, *, derive, **kwargs):
        """Take the expression for SQL and `derive(keys, {facet: {value: keys}})`, which does the same for the index."""
        super().__init__(expression, **kwargs)
        self.column = None
        self.derive = derive


class FreshnessFacet(FacetFilter):
    """A facet over a date: within the last 12 months, before, or never. Today is asked for each time."""

    def __init__(self, day, **kwargs):
        super().__init__(options=Choices(FRESHNESS), **kwargs)
        self.day = day
        self.column = Cast(F(day), TextField())  # ISO 8601 in every database, which sorts as days do

    def filter(self, queryset, codes):
        """Keep rows whose date is in one of the ranges."""
        condition = Q()
        for code in codes:
            condition |= freshness(self.day, code)
        return queryset.filter(condition)

    def counts(self, queryset):
        """Return {code: number of rows}; one query."""
        return queryset.order_by().aggregate(
            **{code: Count("pk", filter=freshness(self.day, code)) for code in self.options.offered()}
        )

    def posted(self, entries):
        """Return {day or never: keys} for the index. What is recent is judged when it is asked."""
        posted = super().posted(entries)
        if None in posted:
            posted[NEVER] = posted.pop(None)
        return posted

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
