"""What an index and SQL share of a filter, whether or not its values are counted."""

from abc import ABC, abstractmethod
from collections import defaultdict

from django_filters import Filter


class IndexedFilter(ABC, Filter):
    """A filter that an index in memory knows, too."""

    column = None  # what the index reads of each row, if that is one value

    def paths(self, model):
        """Return the Path of each column of a model's rows, or of related ones, that it reads."""
        return []

    def refusal(self, model):
        """Return why index and SQL would answer differently over rows of a model, or an empty text."""
        return ""

    @property
    def postings_name(self):
        """Return the name of its postings in the index."""
        return self.field_name

    def keys_by_value(self, entries):
        """Return {value: keys} for the index, of (key, value of `column`)."""
        keys = defaultdict(list)
        for key, value in entries:
            keys[value].append(key)
        return keys

    def texts(self):
        """Yield (value in the index, text) for each text by which rows are found."""
        return ()

    @abstractmethod
    def keys_in(self, index, question):
        """Return the keys of an index that pass this filter, or None where all do."""
