"""The folded texts of rows, and of values that many rows have, as they were read at once."""

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, chain

from pyroaring import BitMap

from .abbreviations import shortened
from .fold import folded
from .packed import Packed

Pairs = Iterable[tuple[int, str]]  # a row's key and one of its texts
Value = tuple[str, Hashable]  # a facet and one of its values

TRIGRAM = 3  # letters
STEP = 16  # words in which one is looked for that stands after the first of them
FEW_STEPS = 8  # in which to look costs what one more trigram does
SCANNED_AT_MOST = 2**15  # words, in 0.2 ms; 10,000 changed rows, which a request waits for, have no more
ROWS_A_SEARCH = 100  # rows that are read in the time in which one is looked for
LAST = chr(sys.maxunicode)  # a letter after all others


class WordList:
    """Words in order, in one text.

    As objects of their own they would take eight times the memory; and to look at an object is to write to it, so that
    each worker would soon hold a copy of what all of them share.
    """

    def __init__(self, words: Iterable[str]):
        words = sorted(words)
        self.text = "\n".join(["", *words, ""])
        ends = list(accumulate(map(len, words), lambda end, letters: end + letters + 1, initial=0))
        self._starts = array("I", [*ends[:-1:STEP], ends[-1]])  # of each step, and the end: where its line feed stands
        self._trigrams = Trigrams(words) if len(words) > SCANNED_AT_MOST else None

    def __iter__(self) -> Iterator[str]:
        return iter(self.text.split())

    def at(self, word: str) -> int | None:
        """Return where a word stands in the order, or nothing."""
        step = bisect_right(self._firsts, word) - 1
        if step < 0:
            return None
        start = self._starts[step]
        position = self.text.find(f"\n{word}\n", start, self._starts[step + 1] + 1)
        return None if position < 0 else step * STEP + self.text.count("\n", start, position)

    def containing(self, part: str) -> Iterator[str]:
        """Yield the words that contain a part of a word, in order."""
        for end, stop in self._stretches_with(part):
            while (position := self.text.find(part, end, stop)) >= 0:
                start = self.text.rfind("\n", 0, position) + 1
                end = self.text.find("\n", position)
                yield self.text[start:end]

    def beginning(self, part: str) -> Iterator[str]:
        """Yield the words that begin with a part of a word."""
        first, after = bisect_left(self._firsts, part), bisect_right(self._firsts, part + LAST)
        words = self.text[self._starts[max(first - 1, 0)] : self._starts[after]].split()
        return (word for word in words if word.startswith(part))

    def of_length(self, letters: int, are_ascii: bool) -> list[str]:
        """Return the words of a number of letters, of ASCII or not."""
        words = self._by_length.get((letters, are_ascii))
        return words.split("\n") if words else []

    def _stretches_with(self, part):
        """Return (start, stop) of the stretches of the text outside which no word contains a part."""
        if self._trigrams is None or len(part) < TRIGRAM:
            return [(0, len(self.text))]
        return [(self._starts[step], self._starts[step + 1]) for step in self._trigrams.steps_with(part)]

    @cached_property
    def _firsts(self):
        """Return the first word of each step; made late, because among the objects of a build they keep its memory."""
        return [self.text[start + 1 : self.text.find("\n", start + 1)] for start in self._starts[:-1]]

    @cached_property
    def _by_length(self):
        """Return {(letters, whether they are of ASCII): words, as one text}."""
        by_length = defaultdict(list)
        for word in self:
            by_length[len(word), word.isascii()].append(word)
        return {kind: "\n".join(words) for kind, words in by_length.items()}


class Trigrams:
    """In which steps of a list of words each three letters stand side by side: 4 bytes for a trigram in a step."""

    def __init__(self, words: Sequence[str]):
        steps_of = defaultdict(list)
        for step, first in enumerate(range(0, len(words), STEP)):
            of_step = words[first : first + STEP]
            for trigram in {word[at : at + TRIGRAM] for word in of_step for at in range(len(word) - TRIGRAM + 1)}:
                steps_of[trigram].append(step)
        in_order = sorted(steps_of)
        self._text = "".join(in_order)
        self._steps, self._steps_end = array("I"), array("I")
        for trigram in in_order:
            self._steps.extend(steps_of[trigram])
            self._steps_end.append(len(self._steps))

    def steps_with(self, part: str) -> BitMap:
        """Return the steps that have the trigrams of a part, be it in different words, or few more."""
        found = self._steps_of(part[:TRIGRAM])
        for at in range(1, len(part) - TRIGRAM + 1):
            if len(found) <= FEW_STEPS:
                break
            found &= self._steps_of(part[at : at + TRIGRAM])
        return found

    def _steps_of(self, trigram):
        ends = self._steps_end
        at = bisect_left(range(len(ends)), trigram, key=self._trigram)
        if self._trigram(at) != trigram:
            return BitMap()
        return BitMap(self._steps[ends[at - 1] if at else 0 : ends[at]])

    def _trigram(self, at):
        return self._text[at * TRIGRAM : (at + 1) * TRIGRAM]


class Layer:
    """The texts that belong to some rows alone, as they were read at once; never changes.

    Rows share one text and a few arrays: an object for each row and word would cost five times the memory.
    """

    def __init__(
        self, keys: BitMap, names: Pairs, further_names: Pairs = (), others: Pairs = (), japanese_names: Pairs = ()
    ):
        """Fold the name of each row that is shown first, its further names, and what else the rows are found by."""
        japanese = folded(japanese_names, are_japanese=True)
        names, further_names = _and_shortened(names), _and_shortened(further_names)
        lines, others = _grouped(chain(folded(names), folded(further_names), japanese)), _grouped(folded(others))
        rows_of, texts, further_words = defaultdict(list), [], []
        for key in keys:
            texts.append(text := _one_to_a_line(lines.get(key, ())))
            words = set(text.split())
            further = set(" ".join(others[key]).split()) - words if key in others else ()
            further_words.append(" ".join(further))
            for word in chain(words, further):
                rows_of[word].append(key)
        self.keys = keys
        self.names, self._further_words = Packed(texts), Packed(further_words)
        self.words = WordList(rows_of)
        self.rows, self.rows_end = array("I"), array("Q")
        for word in self.words:
            self.rows.extend(rows_of[word])
            self.rows_end.append(len(self.rows))
        del lines, others, rows_of, texts, further_words  # or all of them would stand in memory beside each name
        self._names_at, self._names_keys = _names_in_order(keys, self.names)

    def names_of(self, key: int) -> str:
        """Return the names of a row, each between line feeds; the name shown first comes first."""
        return self.names[self.keys.rank(key) - 1]

    def words_of(self, key: int) -> list[str]:
        """Return the words of all texts of a row, in no order."""
        return self.names_of(key).split() + self._further_words[self.keys.rank(key) - 1].split()

    def number_with(self, word: str) -> int:
        """Return the number of rows in which exactly this word stands."""
        start, end = self._stretch_of(word)
        return end - start

    def having_among(self, word: str, keys: BitMap) -> BitMap:
        """Return those of some keys in whose rows exactly this word stands."""
        start, end = self._stretch_of(word)
        if end - start < len(keys) * ROWS_A_SEARCH:
            return BitMap(self.rows[start:end]) & keys
        places = ((key, bisect_left(self.rows, key, start, end)) for key in keys)
        return BitMap(key for key, at in places if at < end and self.rows[at] == key)

    def having(self, words: Iterable[str]) -> BitMap:
        """Return the keys of the rows in which one of the words stands."""
        found, rows, ends = array("I"), self.rows, self.rows_end
        for at in map(self.words.at, words):
            if at is not None:
                found.extend(rows[ends[at - 1] if at else 0 : ends[at]])
        return BitMap(found)

    def _stretch_of(self, word):
        """Return (start, end) of the keys of the rows with a word, which stand in order."""
        at = self.words.at(word)
        return (0, 0) if at is None else (self.rows_end[at - 1] if at else 0, self.rows_end[at])

    def rows_named(self, part: str, *, is_whole: bool) -> BitMap:
        """Return the keys of the rows of which a name begins with a part of one, or is exactly this."""
        first = part.encode()
        after = first + (b"\0" if is_whole else b"\xff")  # no letter of UTF-8 is before or after these
        start, end = (bisect_left(self._names_at, one, key=self._name_at) for one in (first, after))
        return BitMap(self._names_keys[start:end])

    def _name_at(self, position):
        return self.names.bytes[position : self.names.bytes.index(b"\n", position)]


class Shared:
    """Texts of values that many rows have, each once: the names of a city, say.

    Of some texts only whole words find, and only what has all words of a question: codes and prose.
    """

    def __init__(self, names: Iterable[tuple[Value, str]] = (), whole: Iterable[tuple[Value, str]] = ()):
        self.values, self.whole = _by_word(names), _by_word(whole)  # word -> values, in order
        self.words, self.whole_words = WordList(self.values), WordList(self.whole)
        self.facets = {facet for facet, _value in chain.from_iterable(self.values.values())}


def _by_word(texts):
    values = defaultdict(dict)
    for value, line in folded(texts):
        for word in line.split():
            values[word][value] = None
    return {word: tuple(of_word) for word, of_word in values.items()}


def _and_shortened(texts):
    """Return texts, and behind them those that are written shorter, too, of which most are soon seen to be none."""
    texts = list(texts)
    candidates = [(key, text) for key, text in texts if "." in text or "United" in text]
    return texts + [(key, short) for key, text in candidates if (short := shortened(text)) != text]


def _names_in_order(keys, texts):
    """Return where each name stands in the bytes of all texts, names in order, and the keys of their rows."""
    names, position = [], 0
    for key, text in zip(keys, texts, strict=True):
        position += 1
        for name in text.encode()[1:-1].split(b"\n"):
            names.append((name, position, key))
            position += len(name) + 1
    names.sort()
    positions = array("Q" if position >> 32 else "I", (at for _name, at, _key in names))
    return positions, array("I", (key for _name, _at, key in names))


def _grouped(lines):
    grouped = defaultdict(list)
    for key, line in lines:
        grouped[key].append(line)
    return grouped


def _one_to_a_line(lines):
    """Return the lines in an order that no database decides: the first one, then the others by letters."""
    if len(lines) < 2:
        return f"\n{lines[0]}\n" if lines else "\n\n"
    first, *further = dict.fromkeys(lines)
    return "\n".join(["", first, *sorted(further), ""])
