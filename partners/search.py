"""Text as people type it, and what it matches."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

# Letters of Kazakh, Belarusian, Ukrainian and Tatar that people without that keyboard type as their Russian likeness.
CYRILLIC_LIKENESS = str.maketrans("әғқңөұүһіўїєґҗ", "агкноуухиуиегж")
APOSTROPHES = re.compile(r"['’‘ʼʹ`´ʻ]")
WORDS = re.compile(r"[^\W_]+")


def fold(text):
    """Return the words of a text, each as a tuple of its spellings: as written, then in Latin letters if these differ.

    Case, accents and apostrophes are gone, dashes part words, ё is е, Kazakh and Belarusian letters are their Russian
    likeness. No query, nothing stored.
    """
    if text.isascii():
        return [(word,) for word in WORDS.findall(text.lower().replace("'", ""))]
    plain = APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).casefold())
    return [_spellings(word) for word in WORDS.findall(plain)]


@lru_cache(maxsize=50_000)  # words; a registry has the same few in most of its names
def _spellings(word):
    if word.isascii():
        return (word,)
    letters = unicodedata.normalize("NFKD", word)
    written = "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(CYRILLIC_LIKENESS)
    latin = "".join(WORDS.findall(anyascii(word).lower().replace("'", "")))
    return (written, latin) if latin and latin != written else (written,)


def _needle(spelling):
    """Return what is looked for: one or two Latin letters match whole words only, all else anywhere in a word."""
    return f" {spelling} " if len(spelling) < 3 and spelling.isascii() else spelling


def matching(texts, query):
    """Return the sorted keys whose texts together hold every word of a folded query, in one of its spellings.

    `texts` are pairs (key, text), several for a key. Equal texts are folded once.
    """
    needles = [[_needle(spelling) for spelling in word] for word in query]
    keys = [set() for _word in query]
    found_in = {}
    for key, text in texts:
        if (found := found_in.get(text)) is None:
            haystack = f" {' '.join(spelling for word in fold(text) for spelling in word)} "
            found = [
                of_word
                for of_word, spellings in zip(keys, needles, strict=True)
                if any(needle in haystack for needle in spellings)
            ]
            found_in[text] = found
        for of_word in found:
            of_word.add(key)
    return sorted(set.intersection(*keys))
