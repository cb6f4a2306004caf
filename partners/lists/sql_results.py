"""What a list's question gives, from the database."""

from bisect import bisect_left
from functools import cached_property
from heapq import nlargest

from django.db.models import TextField, Value

from ..facets import counts_by_conditions
from ..index import current
from ..index.orders import Place
from .results import PARTICIPATION, RELEVANCE, Results
from .takers import takers_in_sql

FEW = 2_000  # rows that the database finds by their keys sooner than by asking the question anew


class SqlResults(Results):
    """Ask the database: right at any moment, and inside a transaction that writes; one object is of one moment.

    Where filters are asked for, whatever is asked first costs a query more than it says: the keys of the rows, if few.
    """

    def __init__(self, filterset):
        super().__init__(filterset)
        self._counts = {}

    @property
    def index(self):
        """Return an index of what the database says now, because it finds no text; some ten queries, kept by nobody."""
        return current.built_alone(type(self.filterset)) if self.filterset.has_text else None

    def count(self):
        """Return the number of rows; one query, or none where few are known by their keys."""
        return self.rows().count() if self._few is None else len(self._few)

    def keys(self, start=0, stop=None):
        """Return the primary keys of the rows from `start` to `stop` in the order asked for; one query."""
        order = self.filterset.form.cleaned_data["sort"]
        if order == RELEVANCE:
            keys = set(self.rows().values_list("pk", flat=True))
            return [key for key in self.searched.order if key in keys][start:stop]
        return list(self.rows().in_order(order).values_list("pk", flat=True)[start:stop])

    def after(self, place, number):
        """Return the same as `Results.after()`; one query over all rows."""
        order = self.filterset.form.cleaned_data["sort"]
        rank = self.filterset.orders[order]
        columns = [Value(None, output_field=TextField()) if rank is None else rank.column(), "sort_key", "pk"]
        places = list(map(Place._make, self.rows().in_order(order).values_list(*columns)))
        descends = rank is not None and rank.descending
        start = bisect_left(places, True, key=lambda one: one.comes_after(place, descends)) if place else 0
        return places[start : start + number]

    def rows(self):
        """Return the rows as a queryset."""
        return self._rows_without(frozenset())

    def keys_in_order(self, name, codes, order, most=None, days=None):
        """Return the same as `Results.keys_in_order()`; one query."""
        rows = self.filterset.filters[name].filter(self.rows(), codes)
        rows = rows.alias(day=self.filterset.orders[order].expression).filter(day__range=days) if days else rows
        return list(rows.in_order(order).values_list("pk", flat=True)[:most])

    def among(self, keys):
        """Return those of some primary keys that are rows, as a set; one query."""
        return set(self.rows().filter(pk__among=set(keys)).values_list("pk", flat=True))

    def total(self, name):
        """Return the sum of a tally over the rows; one query."""
        return sum(number for _key, number in self.filterset.tallies[name](self.rows()))

    def counts(self, name, **also):
        """Return the same as `Results.counts()`; three queries at most, once. Several facets may share one."""
        if (name, *also.items()) not in self._counts:
            filter_ = self.filterset.filters[name]
            rows = self._rows_without(filter_.others())
            for other, code in also.items():
                rows = self.filterset.filters[other].filter(rows, [code])
            together = self._counted_with(filter_)
            counts = counts_by_conditions(rows, together) if together else {name: filter_.counts(rows)}
            self._counts |= {(facet, *also.items()): counts[facet] for facet in counts}
        return self._counts[name, *also.items()]

    def takers(self, roles, states, countries, standing=None):
        """Return the same as `Results.takers()`; two queries."""
        institutions = self._rows_without(PARTICIPATION).filter(**{"standing": standing} if standing else {})
        return takers_in_sql(institutions, roles, states, countries)

    def most_frequent(self, name, most):
        """Return the same as `Results.most_frequent()`; two queries at most."""
        counts = {code: number for code, number in self.counts(name).items() if number}
        least = min(nlargest(most, counts.values()), default=0)
        first = self.first(name, {code: number for code, number in counts.items() if number >= least}, most)
        return {code: counts[code] for code in first}, len(counts)

    def _rows_without(self, names):
        """Return the rows that pass every filter but those named; one query for all that ask for the same few rows."""
        if self._asked.isdisjoint(names) and self._few is not None:
            return self.filterset.queryset.filter(pk__among=self._few)
        return self._passing(names)

    def _counted_with(self, filter_):
        """Return {name: facet} of those whose conditions are asked of the same rows; none where it has no condition."""
        if filter_.conditions() is None:
            return {}
        left_out = self._asked & filter_.others()
        return {
            name: facet
            for name, facet in self.filterset._facet_filters()
            if facet.conditions() is not None and self._asked & facet.others() == left_out
        }

    @cached_property
    def _asked(self):
        """Return the names of the filters that keep some rows only."""
        return {name for name in self.filterset.filters if self.filterset.form.cleaned_data[name]}

    @cached_property
    def _few(self):
        """Return the keys of the rows, or None where they are more than `FEW`, or all; one query, once."""
        if not self._asked:
            return None
        keys = list(self._passing(()).order_by().values_list("pk", flat=True)[: FEW + 1])
        return keys if len(keys) <= FEW else None

    def _passing(self, names):
        """Return the rows that pass every filter but those named, as the question says it."""
        rows = self.filterset.filter_queryset(self.filterset.queryset, without={*names, "q"})
        return rows if self.searched is None else rows.filter(pk__among=self.searched.keys)
