"""Text as people type it, reduced to what two ways of writing it have in common."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

# Letters of Kazakh, Belarusian, Ukrainian and Tatar that people without that keyboard type as their Russian likeness.
CYRILLIC_LIKENESS = str.maketrans("әғқңөұүһіўїєґҗ", "агкноуухиуиегж")
# Russian is written in Latin letters in two common ways: as English does (kh, ts, shch, y, yu, ya: anyascii's way), and
# as catalogues and most other languages do (ISO 9 and its kin, without their accents).
CATALOGUE_WAY = str.maketrans({"х": "h", "ц": "c", "щ": "sch", "й": "j", "ю": "ju", "я": "ja"})
APOSTROPHES = re.compile(r"['’‘ʼʹ`´ʻ]")
WORDS = re.compile(r"[^\W_]+")


def fold(text):
    """Return the words of a text, each as a tuple of its spellings: as written, then those in Latin letters.

    Case, accents and apostrophes are gone, dashes part words, ё is е, Kazakh and Belarusian letters are their Russian
    likeness, Chinese is its pinyin besides. The last spelling is Latin wherever there is one. Nothing folded is stored.
    """
    if text.isascii():
        return [(word,) for word in _ascii_words(text)]
    plain = APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).casefold())
    return [_spellings(word) for word in WORDS.findall(plain)]


def lines_of(words):
    """Return folded words as lines, one for each way of spelling them all."""
    ways = max(map(len, words), default=0)
    if ways == 1:
        return (" ".join([word for (word,) in words]),)
    padded = [word + word[-1:] * (ways - len(word)) for word in words]
    return tuple(dict.fromkeys(map(" ".join, zip(*padded, strict=True))))


def folded_lines(text):
    """Return what `lines_of(fold(text))` does, sooner where all is ASCII, as most names are."""
    return (" ".join(_ascii_words(text)),) if text.isascii() else lines_of(fold(text))


def _ascii_words(text):
    return WORDS.findall(text.lower().replace("'", ""))


@lru_cache(maxsize=50_000)  # words; a registry has the same few in most of its names
def _spellings(word):
    if word.isascii():
        return (word,)
    letters = unicodedata.normalize("NFKD", word)
    written = "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(CYRILLIC_LIKENESS)
    return tuple(dict.fromkeys(filter(None, [written, _latin(written.translate(CATALOGUE_WAY)), _latin(word)])))


def _latin(word):
    return "".join(WORDS.findall(anyascii(word).lower().replace("'", "")))
