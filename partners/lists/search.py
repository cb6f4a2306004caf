"""The text that a visitor types: which rows of a list it finds."""

import re

import django_filters
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pyroaring import BitMap

from .. import search
from ..models import Institution
from ..models.text import clean_line
from .sources import persons_of

# An id of the registry alone, or with the address that it stands in, which may be escaped: it decides, its address not.
ROR_ID = re.compile(r"(?:\S*(?:[/=]|%2F|%3D)|\b)(0[a-z0-9]{6}[0-9]{2})\b(?:(?:[/?#&]|%2F|%3F|%26)\S*)?", re.IGNORECASE)
WORDS_AT_MOST = 40  # a whole affiliation has fewer
PARTNER = "partner"  # the facet and its code


class SearchNeedsIndexError(TypeError):
    """A text is to be found without an index, which alone knows texts."""


def few_words(text):
    """Let a text pass that has no more words than anybody looks for; each costs a look at all that are known.

    :raises ValidationError: for one with more.
    """
    if len(search.fold(clean_line(text))) > WORDS_AT_MOST:
        raise ValidationError(_("Write at most %(words)s words."), params={"words": WORDS_AT_MOST})


class SearchFilter(django_filters.CharFilter):
    """Keep the rows that a text finds: by a name, place, lab, role, kind, public person or ROR id."""

    def filter(self, queryset, _text):
        """Keep what the results of the filterset find."""
        found = self.parent.results.searched
        return queryset if found is None else queryset.filter(pk__among=found.keys)


def find(text, index, model):
    """Return what a text finds among all rows of a list, best first, or nothing where it holds no word.

    Public persons are asked of the database in one query after each edit, and ids of the registry where the text has
    one: no index holds them. To read a thousand persons costs some milliseconds.

    :raises SearchNeedsIndexError: where it holds one, and there is no index.
    """
    if not has_word(text):
        return None
    if index is None:
        raise SearchNeedsIndexError("The database finds no text: give an index of the list.")
    partners = index.facets[PARTNER].having([PARTNER]) if PARTNER in index.facets else BitMap()
    unheld = [*_persons(index, model), *_with_ror_id(text, index)]
    words = ROR_ID.sub(r" \1 ", clean_line(text))  # the rest of its address is no words
    return search.find(index.corpus.with_unheld(unheld), words, partners)


def _persons(index, model):
    """Return (key, name) of the public persons of rows; none where a contact has no key to such rows."""
    if not hasattr(model, "contacts"):
        return []
    row = model._meta.get_field("contacts").field.name
    of_rows = persons_of[row]().items() if index.keys else ()
    return [(key, person) for key, persons in of_rows if key in index.keys for person in persons]


def _with_ror_id(text, index):
    """Return (key, id) for each id of the registry in a text: of whose it is, or of who replaced that one."""
    ids = {f"https://ror.org/{ror_id.lower()}" for ror_id in ROR_ID.findall(text)}
    owners = Institution.objects.filter(ror_id__in=ids).select_related("replaced_by") if ids else ()
    return [
        (key, institution.ror_id[-9:])
        for institution in owners
        for key in index.owned_by([institution.replacements()[-1].pk])
    ]


def has_word(text):
    """Say whether a text asks for anything."""
    return bool(search.fold(clean_line(text)))
