"""The order of words as readers of a language expect it, without a library of collations.

Alphabets as in Unicode CLDR 48, `common/collation/{ru,be,kk}.xml`: `SAME` holds letters that a language counts as one,
such as the Russian е and ё. Chinese is ordered by its reading, which is its transliteration to Latin.
"""

from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language

from .text import sort_key

ALPHABETS = {
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
    "kk": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
}
SAME = {"ru": {"ё": "е"}}
FIRST = 0x1000  # letters of the alphabet come after everything that is Latin


def in_reading_order(items, label):
    """Return the items sorted by the `label` of each, as readers of the page's language expect it."""
    key = reading_key()
    return sorted(items, key=lambda item: key(label(item)))


def reading_key():
    """Return the function whose results order texts in the page's language; thousands need ask for it only once."""
    language = get_language() or settings.LANGUAGE_CODE
    return lambda text: collation_key(text, language)


@lru_cache(10_000)  # labels, of which facets have the same few hundred
def collation_key(text, language):
    """Return the key that orders a text in a language."""
    letters = ALPHABETS.get(language)
    if letters is None:
        return sort_key(text), text
    same = SAME.get(language, {})
    parts = []
    for letter in text.casefold():
        place = letters.find(same.get(letter, letter))
        parts.append(chr(FIRST + place) if place >= 0 else sort_key(letter) or " ")
    return "".join(parts).strip(), text
