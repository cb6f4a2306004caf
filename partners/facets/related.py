"""A facet over several values of each row."""

from django.db.models import CharField, Count, Exists, F, OuterRef, Value

from .counted import FacetFilter
from .options import NONE, Choices
from .path import Path

NO_TEXT = Value(None, CharField())


class RelatedFacet(FacetFilter):
    """A facet over a text column of related rows, of which each row of the list may have several: `parents__slug`.

    Several ticked values mean *or*. Only related rows that the options include are counted: a draft never is.
    """

    def __init__(self, column, **kwargs):
        super().__init__(**kwargs)
        self.name_of_column = column

    def paths(self, model):
        """Return the Path to the related column."""
        return [Path.of(model, self.name_of_column)]

    def refusal(self, model):
        """Return why it cannot be counted correctly, or an empty text."""
        (path,) = self.paths(model)
        if not path.is_many_valued:
            return "a row has one value: declare a GroupFacet."
        if not path.leads_back:
            return "a relation of it has no name on the other side (related_name ends in “+”)."
        if not isinstance(path.column, CharField):
            return "its values are no texts of one line, which codes in addresses are: name a column that holds such."
        return self.options.refusal(path)

    def filter(self, queryset, codes):
        """Keep rows with one of the codes; the code `none` keeps rows without a value."""
        if not codes:
            return queryset
        values, column = self._values(queryset.model)
        values = values.filter(facet_row=OuterRef("pk"))  # not `pk__in`: see `takes_part`
        condition = Exists(values.filter(**{f"{column}__in": codes}))
        return queryset.filter(condition | ~Exists(values) if NONE in codes else condition)

    def counts(self, queryset):
        """Return {code: number of rows}; one query, or two if rows without a value have a label."""
        values, column = self._values(queryset.model)
        values = values.filter(Exists(queryset.filter(pk=OuterRef("facet_row"))))
        counts = dict(values.values_list(column).annotate(number=Count("facet_row", distinct=True)))
        if self.empty_label:
            counts[NONE] = self._without_value(queryset).count()
        return counts

    def entries(self, queryset):
        """Return (pk, value) for each value, and (pk, None) for rows without one if these have a label; one query."""
        values, column = self._values(queryset.model)
        queryset = queryset.order_by()
        entries = values.filter(Exists(queryset.filter(pk=OuterRef("facet_row")))).values_list("facet_row", column)
        if not self.empty_label:
            return entries
        return entries.union(self._without_value(queryset).values_list("pk", NO_TEXT), all=True)

    def keys_by_value(self, entries):
        """Return {value: keys} for the index."""
        keys = super().keys_by_value(entries)
        if nothing := keys.pop(None, []):
            keys[NONE] = nothing
        return keys

    def _values(self, model):
        """Return the related rows that have a value, each with `facet_row`, and the name of the column."""
        (path,) = self.paths(model)
        rows = path.column.model.objects.all() if isinstance(self.options, Choices) else self.options.rows()
        column = path.column.name
        of_rows = rows.order_by().annotate(facet_row=F(path.back))
        return of_rows.exclude(**{f"{column}__in": ["", NONE]}).filter(**{f"{column}__isnull": False}), column

    def _without_value(self, queryset):
        """Return the rows that have no value."""
        values, _column = self._values(queryset.model)
        return queryset.filter(~Exists(values.filter(facet_row=OuterRef("pk"))))
