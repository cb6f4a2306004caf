"""The text that a visitor types: which rows of a list it finds."""

import django_filters
from django.utils.functional import cached_property
from pyroaring import BitMap

from . import search
from .models.text import clean_line

PARTNER = "partner"  # the facet and its code


class SearchFilter(django_filters.CharFilter):
    """Keep the rows that a text finds: by a name, the city, the country, a lab or a role."""

    _corpus = _text = _found = None  # of the last search, because every count asks again

    def filter(self, queryset, text):
        """Keep what `find` finds in the database; some ten queries where there is a word, once a list."""
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
        corpus = self._corpus_in_database if index is None else index.corpus
        if self._corpus is not corpus or self._text != text:
            self._corpus, self._text = corpus, text
            self._found = search.find(corpus, clean_line(text), self._partners(index))
        return self._found

    @cached_property
    def _corpus_in_database(self):
        rows = self.parent.queryset
        keys = rows.order_by().values_list("pk", flat=True)
        return search.Corpus.build(search.read_texts(keys, rows.name_texts(), rows.other_texts()))

    def _partners(self, index):
        if PARTNER not in self.parent.filters:
            return BitMap()
        if index is not None:
            return index.facets[PARTNER].having([PARTNER])
        entries = self.parent.filters[PARTNER].entries(self.parent.queryset)
        return BitMap([key for key, code in entries if code == PARTNER])


def has_word(text):
    """Say whether a text asks for anything."""
    return bool(search.fold(clean_line(text)))
