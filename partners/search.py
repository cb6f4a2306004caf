"""Text as people type it, and what it matches."""

import re
import unicodedata

from anyascii import anyascii

# Letters of Kazakh, Belarusian, Ukrainian and Tatar that people without that keyboard type as their Russian likeness.
CYRILLIC_LIKENESS = str.maketrans("әғқңөұүһіўїєґҗ", "агкноуухиуиегж")
APOSTROPHES = re.compile(r"['’‘ʼʹ`´ʻ]")
SEPARATORS = re.compile(r"[\W_]+")


def _words(text):
    return SEPARATORS.sub(" ", text).split()


def _without_accents(text):
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def fold(text):
    """Return the words of a text in each spelling people type: [(as written, in Latin letters), …].

    Case, accents and apostrophes are gone, dashes part words, ё is е, Kazakh and Belarusian letters are their Russian
    likeness. Both spellings are the same where the text is Latin. No query, nothing stored.
    """
    plain = APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).casefold())
    return [
        (
            _without_accents(word).translate(CYRILLIC_LIKENESS),
            "".join(_words(anyascii(word).casefold().replace("'", ""))) or word,
        )
        for word in _words(plain)
    ]


def _needle(spelling):
    """Return what is looked for: one or two Latin letters match whole words only, all else anywhere in a word."""
    return f" {spelling} " if len(spelling) < 3 and spelling.isascii() else spelling


def _found(text, query):
    """Return for each word of a folded query whether it occurs, as typed or in Latin letters."""
    haystack = f" {' '.join(spelling for word in fold(text) for spelling in word)} "
    return [any(_needle(spelling) in haystack for spelling in word) for word in query]


def matching(texts, query):
    """Return the sorted keys whose texts together hold every word of a folded query.

    `texts` are pairs (key, text), several for a key. Equal texts are folded once.
    """
    folded = {}
    keys = [set() for _word in query]
    for key, text in texts:
        if text not in folded:
            folded[text] = _found(text, query)
        for found, of_word in zip(folded[text], keys, strict=True):
            if found:
                of_word.add(key)
    return sorted(set.intersection(*keys))
