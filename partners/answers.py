"""Two ways to answer a list's question, with one interface: SQL, which is the truth, and an index in memory."""


class SqlAnswer:
    """Ask the database: right at any moment, and inside a transaction that writes."""

    def __init__(self, filterset):
        self.filterset = filterset
        self._counts = {}

    def count(self):
        """Return the number of rows; one query."""
        return self.filterset.qs.count()

    def keys(self, start=0, stop=None):
        """Return the primary keys of the rows from `start` to `stop` in the order asked for; one query."""
        return list(self.filterset.in_order().values_list("pk", flat=True)[start:stop])

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
        self.found = self._keys()

    def count(self):
        """Return the number of rows."""
        return len(self.found)

    def keys(self, start=0, stop=None):
        """Return the primary keys of the rows from `start` to `stop` in the order asked for."""
        order = self.filterset.form.cleaned_data["sort"]
        return self.index.page(self.found, order, start, len(self.found) if stop is None else stop)

    def counts(self, name):
        """Return {code: number of rows} for one facet, itself left out of the question."""
        filter_ = self.filterset.filters[name]
        return filter_.counts_among(self.index.facets[filter_.posted_as], self._keys(without=filter_.others()))

    def count_of(self, name, code):
        """Return the number of rows for one code."""
        return self.index.facets[name].count(self._keys(without={name}), code)

    def most_frequent(self, name, most):
        """Return [(code, number of rows)], highest first, and the codes that occur at all."""
        postings = self.index.facets[name]
        return postings.most_frequent(self._keys(without={name}), most), postings.keys.keys()

    def _keys(self, without=frozenset()):
        keys = self.index.keys
        for name, chosen in self.chosen.items():
            if name not in without:
                keys = keys & chosen
        return keys


class AnsweredRows:
    """The rows of an answer as a paginator takes them: loaded by primary key, a page at a time."""

    def __init__(self, answer, rows):
        self.answer = answer
        self.rows = rows

    def count(self):
        """Return the number of rows; one query at most."""
        return self.answer.count()

    def __getitem__(self, window):
        keys = self.answer.keys(window.start, window.stop)
        rows = self.rows.in_bulk(keys)
        return [rows[key] for key in keys]
