"""What a list's question gives, with one interface: from SQL, which is the truth, or from an index in memory."""

from abc import ABC, abstractmethod
from bisect import bisect_left
from functools import cached_property, partial
from heapq import nlargest, nsmallest
from itertools import islice

from django.db.models import TextField, Value
from django.utils.translation import get_language
from pyroaring import BitMap

from ..index import current
from ..index.labels import Labels
from ..index.orders import Place
from ..models.collation import reading_key
from .search import find
from .takers import takers_in_index, takers_in_sql

RELEVANCE = "relevance"  # the order that a text gives, which no column holds
PARTICIPATION = frozenset(["role", "state"])  # the filters that who counts takers asks for itself


class Results(ABC):
    """What a question gives, whoever knows it; `filterset` is a valid one. The index may do sooner what follows."""

    def __init__(self, filterset):
        self.filterset = filterset

    @cached_property
    def searched(self):
        """Return what the text finds in the whole list (`search.Found`), or nothing where it holds no word."""
        return find(self.filterset.form.cleaned_data["q"], self.index, self.filterset._meta.model)

    @abstractmethod
    def count(self):
        """Return the number of rows."""

    @abstractmethod
    def keys(self, start=0, stop=None):
        """Return the primary keys of the rows from `start` to `stop` in the order asked for."""

    @abstractmethod
    def after(self, place, number):
        """Return up to `number` Places after one whose row may have gone, or the first; in any order but relevance."""

    @abstractmethod
    def rows(self):
        """Return the rows as a queryset, in no order."""

    @abstractmethod
    def keys_in_order(self, name, codes, order, most=None, days=None):
        """Return the first keys of the rows that have some code of a facet, in an order; or those of days: from, to."""

    @abstractmethod
    def counts(self, name, **also):
        """Return {code: number of rows} for one facet, itself left out; `also` are codes of others that rows have."""

    @abstractmethod
    def among(self, keys):
        """Return those of some primary keys that are rows, as a set."""

    @abstractmethod
    def total(self, name):
        """Return the sum of a tally over the rows."""

    @abstractmethod
    def takers(self, roles, states, countries, standing=None):
        """Return who takes part, as `takers` counts them.

        The question's own roles and states are left out. Of institutions only, of one standing where that is given.
        """

    @abstractmethod
    def most_frequent(self, name, most):
        """Return {code: number of rows} of so many codes of one facet as `first()` gives, and how many codes occur."""

    def first(self, name, counts, most):
        """Return so many codes of {code: number}: the highest numbers first, equal ones by what the visitor reads.

        What is called the same stands by its code, whoever counted.
        """
        collated = self.collated(name, counts)
        return nsmallest(most, counts, key=lambda code: (-counts[code], collated[code], code))

    def keys_with(self, name, *codes):
        """Return the keys of the rows that have one of some codes of a facet too, in no order; one query at most."""
        return list(self.filterset.filters[name].filter(self.rows(), codes).order_by().values_list("pk", flat=True))

    def count_of(self, name, code):
        """Return the number of rows for one code of a facet."""
        return self.counts(name).get(code, 0)

    def offered(self, name):
        """Return the codes of a facet that stay visible with a count of zero; one query at most."""
        return self.filterset.filters[name].offered()

    def labels(self, name, codes):
        """Return {code: label} in the order of the codes; one query at most."""
        return {code: label for code, (_place, label) in self.collated(name, codes).items()}

    def collated(self, name, codes):
        """Return {code: (what readers of the page's language order its label by, label)}; the query of `labels()`."""
        key = reading_key()
        return {code: key(label) for code, label in self.filterset.filters[name].labels(codes).items()}


class SqlResults(Results):
    """Ask the database: right at any moment, and inside a transaction that writes."""

    def __init__(self, filterset):
        super().__init__(filterset)
        self._counts = {}

    @property
    def index(self):
        """Return an index of what the database says now, because it finds no text; some ten queries, kept by nobody."""
        return current.built_alone(type(self.filterset)) if self.filterset.has_text else None

    def count(self):
        """Return the number of rows; one query."""
        return self.rows().count()

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
        """Return the same as `Results.counts()`; two queries at most, once."""
        if (key := (name, *also.items())) not in self._counts:
            filter_ = self.filterset.filters[name]
            rows = self._rows_without(filter_.others())
            for other, code in also.items():
                rows = self.filterset.filters[other].filter(rows, [code])
            self._counts[key] = filter_.counts(rows)
        return self._counts[key]

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
        """Return the rows that pass every filter but those named."""
        rows = self.filterset.filter_queryset(self.filterset.queryset, without={*names, "q"})
        return rows if self.searched is None else rows.filter(pk__among=self.searched.keys)


class IndexResults(Results):
    """Ask the index: no query at all."""

    def __init__(self, filterset, index):
        super().__init__(filterset)
        self.index = index
        question, others = filterset.form.cleaned_data, [pair for pair in filterset.filters.items() if pair[0] != "q"]
        chosen = {name: filter_.keys_in(index, question[name]) for name, filter_ in others}
        chosen["q"] = self.searched and self.searched.keys
        self.chosen = {name: keys for name, keys in chosen.items() if keys is not None}
        self.found = self.found_without(())

    def count(self):
        """Return the number of rows."""
        return len(self.found)

    def keys(self, start=0, stop=None):
        """Return the primary keys of the rows from `start` to `stop` in the order asked for."""
        order = self.filterset.form.cleaned_data["sort"]
        if order == RELEVANCE:
            return list(islice(filter(self.found.__contains__, self.searched.order), start, stop))
        return self.index.page(self.found, order, start, len(self.found) if stop is None else stop)

    def after(self, place, number):
        """Return the same as `Results.after()`; no query."""
        order = self.filterset.form.cleaned_data["sort"]
        keys = self.index.after(self.found, order, place, number) if place else self.keys(0, number)
        return [self.index.place(order, key) for key in keys]

    def rows(self):
        """Return the rows as a queryset: by their keys where there is a text, which SQL would search anew."""
        return self.filterset.qs if self.searched is None else self.filterset.queryset.filter(pk__among=self.found)

    def keys_with(self, name, *codes):
        """Return the same as `Results.keys_with()`, as a bitmap; no query."""
        return self.found & self._having(name, *codes)

    def keys_in_order(self, name, codes, order, most=None, days=None):
        """Return the same as `Results.keys_in_order()`; no query."""
        keys = self.keys_with(name, *codes)
        if days:
            return self.index.between(keys, order, *(day.isoformat() for day in days))[:most]
        return self.index.page(keys, order, 0, len(keys) if most is None else most)

    def among(self, keys):
        """Return those of some primary keys that are rows."""
        return self.found & BitMap(keys)

    def total(self, name):
        """Return the sum of a tally over the rows."""
        tally = self.index.facets[name]
        return sum(number * tally.count(self.found, number) for number in tally.keys)

    def counts(self, name, **also):
        """Return the same as `Results.counts()`; no query."""
        filter_ = self.filterset.filters[name]
        keys = BitMap.intersection(self.found_without(filter_.others()), *(self._having(*one) for one in also.items()))
        return filter_.counts_among(self.index.facets[filter_.postings_name], keys)

    def takers(self, roles, states, countries, standing=None):
        """Return the same as `Results.takers()`; no query."""
        institutions = self.found_without(PARTICIPATION)
        institutions = institutions & self._having("standing", standing) if standing else institutions
        return takers_in_index(self.index, institutions, roles, states, countries)

    def count_of(self, name, code):
        """Return the number of rows for one code."""
        return self.index.facets[name].count(self.found_without({name}), code)

    def most_frequent(self, name, most):
        """Return the same as `Results.most_frequent()`; no query."""
        keys, postings = self.found_without({name}), self.index.facets[name]
        found = postings.most_frequent(keys, most, are_all=len(keys) == len(self.index.keys))
        read = partial(super().collated, name)
        ties = self._labels(name).first(found.ties, most - len(found.higher), postings.keys, read)
        return found.higher | dict.fromkeys(ties, found.number), found.occurring

    def offered(self, name):
        """Return the codes of a facet that stay visible with a count of zero; asked of the database once an index."""
        if name not in self.index.offered:
            self.index.offered[name] = self.filterset.filters[name].offered()
        return self.index.offered[name]

    def collated(self, name, codes):
        """Return the same as `Results.collated()`; each label is asked of the database once an index and language."""
        return self._labels(name).collated(codes, partial(super().collated, name))

    def found_without(self, names):
        """Return the keys that pass every filter but those named, as a bitmap."""
        if names and self.chosen.keys().isdisjoint(names):  # as for most facets of a page
            return self.found
        keys = self.index.keys
        for name, chosen in self.chosen.items():
            if name not in names:
                keys = keys & chosen
        return keys

    def _labels(self, name):
        return self.index.labels.setdefault((name, get_language()), Labels())

    def _having(self, name, *codes):
        return (filter_ := self.filterset.filters[name]).having(self.index.facets[filter_.postings_name], codes)
