"""Filters whose values are counted, over one value of each row."""

import datetime
from collections import Counter

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    DateTimeField,
    F,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.db.models.sql import Query
from django.utils import timezone
from django.utils.translation import gettext_lazy
from pyroaring import BitMap

from .indexed import IndexedFilter
from .options import NONE, Choices, FacetField
from .path import Path

NEVER = "never"
RECENT, OLDER = "recent", "older"
FRESHNESS = (
    (RECENT, gettext_lazy("within 12 months")),
    (OLDER, gettext_lazy("longer ago")),
    (NEVER, gettext_lazy("never")),
)
RECENT_FOR = datetime.timedelta(days=365)
YES_NO = Choices((("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))))


def first_recent_day():
    """Return the earliest day within the last 12 months; the day before it is older."""
    return timezone.localdate() - RECENT_FOR


def freshness(field, code):
    """Return the condition that a day is recent, older or missing."""
    return {
        RECENT: Q(**{f"{field}__gte": first_recent_day()}),
        OLDER: Q(**{f"{field}__lt": first_recent_day()}),
        NEVER: Q(**{f"{field}__isnull": True}),
    }[code]


class FacetFilter(IndexedFilter):
    """A filter whose values are counted: by SQL, and by the postings of an index in memory."""

    field_class = FacetField

    def __init__(self, *, options, label, empty_label="", proper=False):
        super().__init__(label=label, options=options, empty_label=empty_label)
        self.options = options
        self.empty_label = empty_label
        self.proper = proper  # its values are proper names and keep their capitals in a sentence

    def texts(self):
        """Yield (value in the index, text, whether it is a name) for what finds rows; the options' queries."""
        return self.options.texts()

    def occurs(self, index, code):
        """Say whether a row of an index certainly has a code; if not, the options are asked."""
        return code != NONE and code in index.facets[self.postings_name].keys

    def keys_in(self, index, codes):
        """Return the keys of an index that pass this filter, or None where all do."""
        return self.having(index.facets[self.postings_name], codes) if codes else None

    def having(self, postings, codes):
        """Return the keys with one of the codes."""
        return postings.having(codes)

    def counts_among(self, postings, keys):
        """Return {code: number of the keys}."""
        return postings.counts(keys)

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
    """A facet over one text of each row: a column, or an expression. The text `none` counts as no text."""

    def __init__(self, expression, **kwargs):
        super().__init__(**kwargs)
        self.column = self.expression = F(expression) if isinstance(expression, str) else expression

    def paths(self, model):
        """Return the Path of each column that the expression names, its conditions too."""
        return [Path.of(model, name) for name in _columns_in(self.expression, Query(model))]

    def refusal(self, model):
        """Return why it cannot be counted correctly, or an empty text."""
        paths = self.paths(model)
        if any(path.is_many_valued for path in paths):
            return "a row may have several values: declare a RelatedFacet."
        field = _column_of(self.expression, model)
        if isinstance(field, BooleanField):
            return "its values are yes and no: declare a YesNoFacet."
        if isinstance(field, DateField):
            return "its values are days: declare a FreshnessFacet."
        is_column = isinstance(self.expression, F)
        if not isinstance(field, CharField) and (is_column or not isinstance(field, TextField)):
            return "its values are no texts of one line, which codes in addresses are: name a column that holds such."
        if not self.empty_label and _may_be_empty(self.expression, model):
            return "a row may have no value: give what that is called as its empty_label."
        return self.options.refusal(paths[0]) if is_column else ""

    def filter(self, queryset, codes):
        """Keep rows whose value is one of the codes; no join that multiplies rows."""
        if not codes:
            return queryset
        condition = Q(facet_value__in=codes)
        if NONE in codes:
            condition |= Q(facet_value__isnull=True) | Q(facet_value="")
        return queryset.alias(facet_value=self.expression).filter(condition)

    def counts(self, queryset):
        """Return {code: number of rows}; one query."""
        rows = queryset.order_by().values(facet_value=self.expression).annotate(number=Count("pk"))
        counts = Counter()
        for row in rows:
            counts[row["facet_value"] or NONE] += row["number"]
        return counts

    def keys_by_value(self, entries):
        """Return {value: keys} for the index."""
        keys = super().keys_by_value(entries)
        if nothing := [key for value in (None, "", NONE) for key in keys.pop(value, [])]:
            keys[NONE] = nothing
        return keys


class YesNoFacet(GroupFacet):
    """A facet over a boolean column: the codes in addresses are `yes` and `no`."""

    def __init__(self, column, *, options=YES_NO, **kwargs):
        """Take the column; options with other labels than “yes” and “no” keep the codes."""
        cases = [When(**{column: value}, then=Value(code)) for value, code in [(True, "yes"), (False, "no")]]
        super().__init__(Case(*cases, output_field=CharField()), options=options, **kwargs)
        self.name_of_column = column

    def paths(self, model):
        """Return the Path of the column."""
        return [Path.of(model, self.name_of_column)]

    def refusal(self, model):
        """Return why it cannot be counted correctly, or an empty text."""
        (path,) = self.paths(model)
        if path.is_many_valued:
            return "a row may have several values: a YesNoFacet has one."
        if not isinstance(path.column, BooleanField):
            return "its values are not yes and no: declare a GroupFacet."
        if path.may_be_empty and not self.empty_label:
            return "a row may have no value: give what that is called as its empty_label."
        return "" if set(self.options.offered()) == {"yes", "no"} else "the codes of a YesNoFacet are yes and no."


class DerivedFacet(GroupFacet):
    """A facet whose value follows from other facets of the row, so that nothing is read for the index."""

    def __init__(self, expression, *, derive, **kwargs):
        """Take the expression for SQL and `derive(keys, {facet: {value: keys}})`, which does the same for the index."""
        super().__init__(expression, **kwargs)
        self.column = None
        self.derive = derive

    def refusal(self, model):
        """Return an empty text: who declares the facet makes both agree, and the tests check it."""
        return ""


class FreshnessFacet(FacetFilter):
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


def _columns_in(part, query):
    """Yield the names of the columns that a part of an expression or of a condition names, without look-ups."""
    if isinstance(part, F):
        yield part.name
    elif isinstance(part, tuple):  # a condition, such as `("website__startswith", "https:")`
        _lookups, path, _reference = query.solve_lookup_type(part[0])
        yield "__".join(path)
        yield from _columns_in(part[1], query)
    elif isinstance(part, Q):
        for child in part.children:
            yield from _columns_in(child, query)
    elif hasattr(part, "get_source_expressions") and not isinstance(part, Query):  # which has columns of its own
        for child in part.get_source_expressions():
            yield from _columns_in(child, query)


def _may_be_empty(expression, model):
    """Say whether a row may have no value, or an empty text; of what it does not know it says so."""
    if isinstance(expression, F):
        return Path.of(model, expression.name).may_be_empty
    if isinstance(expression, Case):
        results = [*(case.result for case in expression.cases), expression.default]
        return any(_may_be_empty(result, model) for result in results)
    return not isinstance(expression, Value) or expression.value in (None, "", NONE)


def _column_of(expression, model):
    """Return the field that says what kind of values an expression has; of a foreign key, what it refers to."""
    field = expression.resolve_expression(Query(model)).output_field
    while field.remote_field:
        field = field.target_field
    return field
