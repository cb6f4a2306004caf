"""Filters whose values are counted, over one value of each row."""

from collections import Counter

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    F,
    Func,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.sql import Query
from django.utils.translation import gettext_lazy

from .indexed import IndexedFilter
from .options import NONE, Choices, FacetField
from .path import Path, columns_in

YES_NO = Choices((("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))))


class InOrderOfRows(Func):
    """An expression over which SQLite groups rows as it meets them.

    Else it walks through an index of the column and looks up each row for what the question asks of it: three times as
    long as reading the table once. A plus makes an index useless to it: https://sqlite.org/optoverview.html, unary “+”.
    """

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler, connection):
        """Return the expression after a plus, which changes no value."""
        return self.as_sql(compiler, connection, template="+%(expressions)s")


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

    def conditions(self):
        """Return {code: condition on a row} where its values are few and known, so that one reading counts them all.

        Else None: `counts(queryset)` gives {code: number of rows}.
        """
        return

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
        return [Path.of(model, name) for name in columns_in(self.expression, Query(model))]

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

    def conditions(self):
        """Return the condition of each choice of a column; None for all rows, which an index counts sooner."""
        if not (self._is_filtered() and isinstance(self.options, Choices) and isinstance(self.expression, F)):
            return None
        column = self.expression.name
        conditions = {code: Q(**{column: code}) for code in self.options.offered()}
        nothing = {NONE: Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__in": ["", NONE]})}
        return conditions | (nothing if self.empty_label else {})

    def counts(self, queryset):
        """Return {code: number of rows}; one query."""
        value = InOrderOfRows(self.expression) if self._is_filtered() else self.expression  # which an index may hold
        rows = queryset.order_by().values(facet_value=value).annotate(number=Count("pk"))
        counts = Counter()
        for row in rows:
            counts[row["facet_value"] or NONE] += row["number"]
        return counts

    def _is_filtered(self):
        """Say whether another filter is asked for."""
        question = self.parent.form.cleaned_data
        return any(question[name] for name in self.parent.filters if name != self.field_name)

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
