"""The text that a visitor types: which rows of a list it finds."""

import copy

import django_filters
from pyroaring import BitMap

from .. import search
from ..index import current
from ..models.text import clean_line

PARTNER = "partner"  # the facet and its code


class SearchFilter(django_filters.CharFilter):
    """Keep the rows that a text finds: by a name, the city, the country, a lab or a role."""

    _index = _text = _found = None  # of the last search, because every count asks again

    def __deepcopy__(self, memo):
        """Let each filterset have a copy that knows its parent and its search."""
        return copy.copy(self)

    def filter(self, queryset, text):
        """Keep what `find` finds in the database; some twelve queries where there is a word, once a list."""
        found = self.find(text)
        return queryset if found is None else queryset.filter(pk__among=found.keys)

    def keys_in(self, index, text):
        """Return the keys that the text finds in an index, or nothing where it holds no word."""
        found = self.find(text, index)
        return None if found is None else found.keys

    def find(self, text, index=None):
        """Return what a text finds among all rows of the list, best first, or nothing where it holds no word.

        The texts come from an index, else from the database.
        """
        if not has_word(text):
            return None
        if self._index is not index or self._text != text:
            self._index, self._text = index, text
            index = index or current.built_alone(type(self.parent))
            partners = index.facets[PARTNER].having([PARTNER]) if PARTNER in index.facets else BitMap()
            self._found = search.find(index.corpus, clean_line(text), partners)
        return self._found


def has_word(text):
    """Say whether a text asks for anything."""
    return bool(search.fold(clean_line(text)))
