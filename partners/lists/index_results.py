"""What a list's question gives, from an index in memory."""

from functools import partial
from itertools import islice

from django.utils.translation import get_language
from pyroaring import BitMap

from ..index.labels import Labels
from .results import PARTICIPATION, RELEVANCE, Results
from .takers import takers_in_index


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
