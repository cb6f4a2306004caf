"""Two ways to answer a list's question, with one interface: SQL, which is the truth, and an index in memory."""

from itertools import islice

from django.utils.translation import get_language

RELEVANCE = "relevance"  # the order that a text gives, which no column holds


class SqlAnswer:
    """Ask the database: right at any moment, and inside a transaction that writes."""

    def __init__(self, filterset):
        self.filterset = filterset
        self._counts = {}

    @property
    def searched(self):
        """Return what the text finds in the whole list (`search.Found`), or nothing; some ten queries, once."""
        return self.filterset.filters["q"].find(self.filterset.form.cleaned_data["q"])

    def count(self):
        """Return the number of rows; one query."""
        return self.filterset.qs.count()

    def keys(self, start=0, stop=None):
        """Return the primary keys of the rows from `start` to `stop` in the order asked for; one query."""
        if self.filterset.form.cleaned_data["sort"] == RELEVANCE:
            kept = set(self.filterset.qs.values_list("pk", flat=True))
            return [key for key in self.searched.order if key in kept][start:stop]
        return list(self.filterset.in_order().values_list("pk", flat=True)[start:stop])

    def rows(self):
        """Return the rows as a queryset."""
        return self.filterset.qs

    def counts(self, name):
        """Return {code: number of rows} for one facet, itself left out of the question; one query, once."""
        if name not in self._counts:
            filter_ = self.filterset.filters[name]
            queryset = self.filterset.filter_queryset(self.filterset.queryset, without=filter_.others())
            self._counts[name] = filter_.counts(queryset)
        return self._counts[name]

    def count_of(self, name, code):
        """Return the number of rows for one code; no further query."""
        return self.counts(name).get(code, 0)

    def most_frequent(self, name, most):
        """Return [(code, number of rows)], highest first, and the codes that occur at all; two queries."""
        counts, totals = self.counts(name), self.filterset.filters[name].counts(self.filterset.queryset)
        codes = sorted(totals, key=lambda code: (-counts.get(code, 0), -totals[code], code))
        return [(code, counts.get(code, 0)) for code in codes[:most]], totals.keys()

    def offered(self, name):
        """Return the codes of a facet that stay visible with a count of zero; one query at most."""
        return self.filterset.filters[name].offered()

    def labels(self, name, codes):
        """Return {code: label} in the order of the codes; one query at most."""
        return self.filterset.filters[name].labels(codes)


class IndexAnswer:
    """Ask the index: no query at all."""

    def __init__(self, filterset, index):
        self.index = index
        self.filterset = filterset
        self.chosen = {
            name: keys
            for name, filter_ in filterset.filters.items()
            if (keys := filter_.keys_in(index, filterset.form.cleaned_data[name])) is not None
        }
        self.found = self.found_without(())

    @property
    def searched(self):
        """Return what the text finds in the whole list (`search.Found`), or nothing where it holds no word."""
        return self.filterset.filters["q"].find(self.filterset.form.cleaned_data["q"], self.index)

    def count(self):
        """Return the number of rows."""
        return len(self.found)

    def keys(self, start=0, stop=None):
        """Return the primary keys of the rows from `start` to `stop` in the order asked for."""
        order = self.filterset.form.cleaned_data["sort"]
        if order == RELEVANCE:
            return list(islice(filter(self.found.__contains__, self.searched.order), start, stop))
        return self.index.page(self.found, order, start, len(self.found) if stop is None else stop)

    def rows(self):
        """Return the rows as a queryset: by their keys where there is a text, which SQL would search anew."""
        return self.filterset.qs if self.searched is None else self.filterset.queryset.filter(pk__among=self.found)

    def counts(self, name):
        """Return {code: number of rows} for one facet, itself left out of the question."""
        filter_ = self.filterset.filters[name]
        return filter_.counts_among(self.index.facets[filter_.postings_name], self.found_without(filter_.others()))

    def count_of(self, name, code):
        """Return the number of rows for one code."""
        return self.index.facets[name].count(self.found_without({name}), code)

    def most_frequent(self, name, most):
        """Return [(code, number of rows)], highest first, and the codes that occur at all."""
        postings = self.index.facets[name]
        return postings.most_frequent(self.found_without({name}), most), postings.keys.keys()

    def offered(self, name):
        """Return the codes of a facet that stay visible with a count of zero; asked of the database once an index."""
        if name not in self.index.offered:
            self.index.offered[name] = self.filterset.filters[name].offered()
        return self.index.offered[name]

    def labels(self, name, codes):
        """Return {code: label} in the order of the codes; each is asked of the database once an index and language."""
        known = self.index.labels.setdefault((name, get_language()), {})
        if new := [code for code in codes if code not in known]:
            known.update(self.filterset.filters[name].labels(new))
        return {code: known[code] for code in codes}

    def found_without(self, names):
        """Return the keys that pass every filter but those named, as a bitmap."""
        if names and self.chosen.keys().isdisjoint(names):  # as for most facets of a page
            return self.found
        keys = self.index.keys
        for name, chosen in self.chosen.items():
            if name not in names:
                keys = keys & chosen
        return keys


class AnsweredRows:
    """The rows of an answer as a paginator takes them: loaded by primary key, a page at a time."""

    def __init__(self, answer, load):
        self.answer = answer
        self.load = load  # keys -> rows in their order

    def count(self):
        """Return the number of rows; one query at most."""
        return self.answer.count()

    def __getitem__(self, window):
        return self.load(self.answer.keys(window.start, window.stop))
