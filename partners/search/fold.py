"""Text as people type it, reduced to what two ways of writing it have in common."""

import re
import unicodedata
from functools import lru_cache, partial

from anyascii import anyascii

from .japanese import romanised

# Letters that people type or write as another one: those of Kazakh, Belarusian, Ukrainian and Tatar as their Russian
# likeness, those of Persian and the ends of Arabic words as the usual Arabic one, the Turkish i without its dot.
LIKENESS = str.maketrans("әғқңөұүһіўїєґҗىیکةı", "агкноуухиуиегжييكهi")
# Letters of Latin script that look like a Cyrillic one, once capitals are small.
LATIN_ALIKE, CYRILLIC_ALIKE = "abcehikmoptxyý", "авсенікмортхуу"
AS_CYRILLIC, AS_LATIN = str.maketrans(LATIN_ALIKE, CYRILLIC_ALIKE), str.maketrans(CYRILLIC_ALIKE[:-1], LATIN_ALIKE[:-1])
BOTH_SCRIPTS = re.compile("[a-zà-ɏ].*[а-ӿ]|[а-ӿ].*[a-zà-ɏ]")
# Russian is written in Latin letters in two common ways: as English does (kh, ts, shch, y, yu, ya: anyascii's way), and
# as catalogues and most other languages do (ISO 9 and its kin, without their accents).
CATALOGUE_WAY = str.maketrans({"х": "h", "ц": "c", "щ": "sch", "й": "j", "ю": "ju", "я": "ja"})
ARMENIAN_AND, ARMENIAN_EV = "եւ", "եվ"  # what և is in capitals, in the classical and in the reformed spelling
WRITTEN_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}  # by who has no such key
UMLAUTS = re.compile(f"[{''.join(WRITTEN_OUT)}]")
WRITTEN_OUT = str.maketrans(WRITTEN_OUT)
APOSTROPHES = re.compile(r"['’‘ʼʹ`´ʻ]")
# Articles that lose their vowel before another one, in French, Italian, Catalan and Portuguese: looked for behind the
# apostrophe, of which there are few. “L’vov”, “O’Brien” and “Xi’an” have none.
ARTICLE = r"(?:(?<=\b[ld].)|(?<=\bqu.)|(?<=\ball.)|(?<=\b(?:dall|dell|nell|sull).))(?![b-gj-np-tv-xz])(?=[^\W\d_])"
ELIDED = re.compile(f"{APOSTROPHES.pattern}{ARTICLE}")
OTHER_APOSTROPHES = re.compile(f"{APOSTROPHES.pattern}(?!{ARTICLE})")
ELISION = "ʼ"  # in a word, between its article and the rest; a letter to `WORDS`
WRITTEN_WORDS = re.compile(rf"[^\W_]+(?:{APOSTROPHES.pattern}+[^\W_]*)*")  # as people write them


def _marks(*blocks):
    return "".join(chr(code) for block in blocks for code in block if unicodedata.category(chr(code))[0] == "M")


# A mark goes with its letter where the letter stays what it is: in Latin, Cyrillic, Greek, Hebrew and Arabic. In the
# scripts of India and its neighbours, from Devanagari on, it is a letter.
GOING = _marks(range(0x900), range(0x1AB0, 0x1B00), range(0x1DC0, 0x1E00), range(0x20D0, 0x2100), range(0xFE00, 0xFE30))
STAYING = "".join(sorted(set(_marks(range(0x900, 0x20D0), range(0x2CEF, 0xFE00))) - set(GOING)))
MARKS = re.compile(f"[{GOING}ـ]")  # and the stroke that stretches Arabic words
LETTER = rf"(?:[^\W_]|[{STAYING}])"
WORDS = re.compile(f"{LETTER}+")
NO_WORD = re.compile(rf"[^\w\s{STAYING}]")  # beside spaces and underscores
SPELT = 4096  # words that a process knows how to spell: pages fold the same few again, in a quarter of the time
WAYS = 3  # of spelling a word: as written, and in Latin letters in two ways
# What `WORDS` parts, as a table: in a text of ASCII alone that is many times as fast. Line feeds stay.
ASCII_WORDS = {code: None if chr(code) == "'" else " " for code in range(128) if not chr(code).isalnum() and code != 10}


def fold(text):
    """Return the words of a text, each as a tuple of its spellings: as written, then those in Latin letters.

    Case, accents and apostrophes are gone, dashes part words, ё is е, Kazakh and Belarusian letters are their Russian
    likeness, ä is a or ae, Chinese is its pinyin besides, a word of two scripts is one of its own script, and one with
    an elided article is itself without it, then with it. The last spelling is Latin wherever there is one. Nothing
    folded is stored.
    """
    if _is_plain(text):
        return [(word,) for word in _ascii_words(text)]
    return list(filter(None, map(_spellings, WORDS.findall(_plain([text])))))


def lines_of(words):
    """Return folded words as lines, one for each way of spelling them all."""
    return _lines(map(_ways, words))


def folded(texts, *, are_japanese=False):
    """Return [(key, line)] for each line of `lines_of(fold(text))`, from (key, text) in any order.

    Texts known as Japanese are read so: only the text does not tell them from Chinese. Many texts at once take a third
    of the time: they are folded as one, a line each.
    """
    plain, other = [], []
    for key_and_text in texts:
        (plain if _is_plain(key_and_text[1]) else other).append(key_and_text)
    lines = list(zip(*_together(plain, _fold_ascii), strict=True))
    fold_other = _fold_japanese if are_japanese else _fold_other
    for key, lines_of_text in zip(*_together(other, fold_other), strict=True):
        lines += [(key, line) for line in lines_of_text]
    return lines


def _is_plain(text):
    """Say whether each word of a text has one spelling, which is soon made: ASCII without an elided article."""
    return text.isascii() and ("'" not in text or not ELIDED.search(text.lower()))


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


def _fold_japanese(texts):
    return _fold_other(texts, japanese_spellings)


def _fold_other(texts, spellings_of=None):
    plain = NO_WORD.sub(" ", _plain(texts)).replace("_", " ")
    spellings_of = (spellings_of or _spellings).__wrapped__  # what is remembered would lie among millions of objects
    spellings = {word: spellings_of(word) for word in set(plain.split())}  # a registry has the same few in most names
    ways = {word: _ways(spelt) for word, spelt in spellings.items() if spelt}
    return [_lines(ways[word] for word in line.split() if word in ways) for line in plain.split("\n")]


def _lines(words):
    return tuple(dict.fromkeys(map(" ".join, zip(*words, strict=True))))


def _plain(texts):
    """Return texts as lines, composed one by one because most are already, which is seen soon."""
    plain = MARKS.sub("", "\n".join(map(_composed, texts)).casefold()).replace(ARMENIAN_AND, ARMENIAN_EV)
    return APOSTROPHES.sub(ELISION, OTHER_APOSTROPHES.sub("", plain))


_composed = partial(unicodedata.normalize, "NFKC")


def _ways(spellings):
    """Return the spellings of a word, the last one again where there are fewer than the most a word has."""
    return (spellings + spellings[-1:] * WAYS)[:WAYS]


def _ascii_words(text):
    return WORDS.findall(text.lower().replace("'", ""))


@lru_cache(maxsize=SPELT)
def _spellings(word):
    if word.isascii():
        return (word,)
    if ELISION in word:
        article, _elision, rest = word.rpartition(ELISION)
        return (*_spellings(rest)[: WAYS - 1], *_spellings(article.replace(ELISION, "") + rest)[:1])
    word = _of_one_script(word)
    written = unicodedata.normalize("NFKD", word).translate(_WRITTEN)
    written = _of_one_script(written).translate(_WRITTEN)  # again, because ò looks like о only without its mark
    spelt_out = word.translate(WRITTEN_OUT) if UMLAUTS.search(word) else word
    spellings = [written, written.translate(_CATALOGUE_LATIN), spelt_out.translate(_LATIN), word.translate(_LATIN)]
    return tuple(dict.fromkeys(filter(None, spellings)))[:WAYS]


@lru_cache(maxsize=SPELT)
def japanese_spellings(word):
    """Return the spellings of a Japanese word: as written, and in Latin letters as it sounds."""
    if word.isascii() or ELISION in word:
        return _spellings(word)
    return (unicodedata.normalize("NFKD", word).translate(_WRITTEN), romanised(word))


def _of_one_script(word):
    """Return a word of Latin and Cyrillic letters in that script of which the other letters only look alike."""
    if BOTH_SCRIPTS.search(word):
        for table in (AS_CYRILLIC, AS_LATIN):
            if not BOTH_SCRIPTS.search(other := word.translate(table)):
                return other
    return word


class _Table(dict):
    """A table for `str.translate()` that asks a function once for each letter."""

    def __init__(self, letter_for):
        self.letter_for = letter_for

    def __missing__(self, code):
        self[code] = self.letter_for(chr(code))
        return self[code]


def _latin(letter):
    return "".join(filter(str.isalnum, anyascii(letter).lower()))


_WRITTEN = _Table(lambda letter: "" if letter in GOING else letter.translate(LIKENESS))
_LATIN = _Table(_latin)
_CATALOGUE_LATIN = _Table(lambda letter: "".join(map(_latin, letter.translate(CATALOGUE_WAY))))
