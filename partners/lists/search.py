"""The text that a visitor types: which rows of a list it finds."""

import copy

import django_filters
from pyroaring import BitMap

from .. import search
from ..models.text import clean_line

PARTNER = "partner"  # the facet and its code


class SearchNeedsIndexError(TypeError):
    """A text is to be found without an index, which alone knows texts."""


class SearchFilter(django_filters.CharFilter):
    """Keep the rows that a text finds: by a name, the city, the country, a lab or a role."""

    def __deepcopy__(self, memo):
        """Let each filterset have a copy that knows its parent; what it was declared with never changes."""
        return copy.copy(self)

    def filter(self, queryset, _text):
        """Keep what the results of the filterset find."""
        found = self.parent.results.searched
        return queryset if found is None else queryset.filter(pk__among=found.keys)


def find(text, index):
    """Return what a text finds among all rows of a list, best first, or nothing where it holds no word.

    :raises SearchNeedsIndexError: where it holds one, and there is no index.
    """
    if not has_word(text):
        return None
    if index is None:
        raise SearchNeedsIndexError("The database finds no text: give an index of the list.")
    partners = index.facets[PARTNER].having([PARTNER]) if PARTNER in index.facets else BitMap()
    return search.find(index.corpus, clean_line(text), partners)


def has_word(text):
    """Say whether a text asks for anything."""
    return bool(search.fold(clean_line(text)))
