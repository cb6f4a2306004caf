"""Text as people type it, reduced to what two ways of writing it have in common."""

import re
import unicodedata
from functools import partial

from anyascii import anyascii

# Letters of Kazakh, Belarusian, Ukrainian and Tatar that people without that keyboard type as their Russian likeness.
CYRILLIC_LIKENESS = str.maketrans("әғқңөұүһіўїєґҗ", "агкноуухиуиегж")
# Russian is written in Latin letters in two common ways: as English does (kh, ts, shch, y, yu, ya: anyascii's way), and
# as catalogues and most other languages do (ISO 9 and its kin, without their accents).
CATALOGUE_WAY = str.maketrans({"х": "h", "ц": "c", "щ": "sch", "й": "j", "ю": "ju", "я": "ja"})
APOSTROPHES = re.compile(r"['’‘ʼʹ`´ʻ]")
WORDS = re.compile(r"[^\W_]+")
NO_WORD = re.compile(r"[^\w\s]")  # beside spaces and underscores
WAYS = 3  # of spelling a word: as written, and in Latin letters in two ways
# What `WORDS` parts, as a table: in a text of ASCII alone that is many times as fast. Line feeds stay.
ASCII_WORDS = {code: None if chr(code) == "'" else " " for code in range(128) if not chr(code).isalnum() and code != 10}


def fold(text):
    """Return the words of a text, each as a tuple of its spellings: as written, then those in Latin letters.

    Case, accents and apostrophes are gone, dashes part words, ё is е, Kazakh and Belarusian letters are their Russian
    likeness, Chinese is its pinyin besides. The last spelling is Latin wherever there is one. Nothing folded is stored.
    """
    if text.isascii():
        return [(word,) for word in _ascii_words(text)]
    return [_spellings(word) for word in WORDS.findall(_plain([text]))]


def lines_of(words):
    """Return folded words as lines, one for each way of spelling them all."""
    return _lines(map(_ways, words))


def folded(texts):
    """Return [(key, line)] for each line of `lines_of(fold(text))`, from (key, text) in any order.

    Many texts at once take a third of the time: they are folded as one, a line each.
    """
    plain, other = [], []
    for key_and_text in texts:
        (plain if key_and_text[1].isascii() else other).append(key_and_text)
    lines = list(zip(*_together(plain, _fold_ascii), strict=True))
    for key, lines_of_text in zip(*_together(other, _fold_other), strict=True):
        lines += [(key, line) for line in lines_of_text]
    return lines


def _together(keys_and_texts, fold_all):
    """Return (keys, what `fold_all` makes of the texts, none of which holds a line feed)."""
    if not keys_and_texts:
        return (), ()
    keys, texts = zip(*keys_and_texts, strict=True)
    if any("\n" in text for text in texts):  # as only plain SQL can write it
        texts = [text.replace("\n", " ") for text in texts]
    return keys, fold_all(texts)


def _fold_ascii(texts):
    return [" ".join(line.split()) for line in "\n".join(texts).lower().translate(ASCII_WORDS).split("\n")]


def _fold_other(texts):
    plain = NO_WORD.sub(" ", _plain(texts)).replace("_", " ")
    ways = {word: _ways(_spellings(word)) for word in set(plain.split())}  # a registry has the same few in most names
    return [_lines(map(ways.__getitem__, line.split())) for line in plain.split("\n")]


def _lines(words):
    return tuple(dict.fromkeys(map(" ".join, zip(*words, strict=True))))


def _plain(texts):
    """Return texts as lines, composed one by one because most are already, which is seen soon."""
    return APOSTROPHES.sub("", "\n".join(map(_composed, texts)).casefold())


_composed = partial(unicodedata.normalize, "NFKC")


def _ways(spellings):
    """Return the spellings of a word, the last one again where there are fewer than the most a word has."""
    return (spellings + spellings[-1:] * WAYS)[:WAYS]


def _ascii_words(text):
    return WORDS.findall(text.lower().replace("'", ""))


def _spellings(word):
    if word.isascii():
        return (word,)
    written = unicodedata.normalize("NFKD", word).translate(_WRITTEN)
    return tuple(dict.fromkeys(filter(None, [written, written.translate(_CATALOGUE_LATIN), word.translate(_LATIN)])))


class _Table(dict):
    """A table for `str.translate()` that asks a function once for each letter."""

    def __init__(self, letter_for):
        self.letter_for = letter_for

    def __missing__(self, code):
        self[code] = self.letter_for(chr(code))
        return self[code]


def _latin(letter):
    return "".join(filter(str.isalnum, anyascii(letter).lower()))


_WRITTEN = _Table(lambda letter: "" if unicodedata.combining(letter) else letter.translate(CYRILLIC_LIKENESS))
_LATIN = _Table(_latin)
_CATALOGUE_LATIN = _Table(lambda letter: "".join(map(_latin, letter.translate(CATALOGUE_WAY))))
