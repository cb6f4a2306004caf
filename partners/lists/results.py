"""What a list's question gives, with one interface: from SQL, which is the truth, or from an index in memory."""

from abc import ABC, abstractmethod
from functools import cached_property
from heapq import nsmallest

from ..models.collation import reading_key
from .search import find

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
