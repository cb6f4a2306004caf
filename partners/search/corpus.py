"""The folded texts of a list, and in which rows a word stands."""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from heapq import merge
from itertools import chain, takewhile
from math import log
from typing import Protocol

from pyroaring import BitMap
from rapidfuzz import process
from rapidfuzz.distance import OSA

from .fold import folded
from .packed import Packed

BEYOND_ALPHABETS = "\u2e80"  # from here on a letter is a syllable or a word

Pairs = Iterable[tuple[int, str]]  # a row's key and one of its texts
Value = tuple[str, Hashable]  # a facet and one of its values


class Facet(Protocol):
    """What tells which rows have a value."""

    def having(self, values: Iterable[Hashable]) -> BitMap: ...


class WordList:
    """Words in order, and in one text for one scan."""

    def __init__(self, words: Iterable[str]):
        self.text = "\n".join(["", *sorted(words), ""])

    @cached_property
    def words(self) -> list[str]:
        """Return the words in order."""
        return self.text.split()

    def containing(self, part: str) -> Iterator[str]:
        """Yield the words that contain a part of a word."""
        end = 0
        while (position := self.text.find(part, end)) >= 0:
            start = self.text.rfind("\n", 0, position) + 1
            end = self.text.find("\n", position)
            yield self.text[start:end]

    def beginning(self, part: str) -> Iterator[str]:
        """Yield the words that begin with a part of a word."""
        following = range(bisect_left(self.words, part), len(self.words))
        return takewhile(lambda word: word.startswith(part), map(self.words.__getitem__, following))

    @cached_property
    def by_length(self) -> Mapping[tuple[int, bool], list[str]]:
        """Return {(letters, whether they are of ASCII): words}."""
        by_length = defaultdict(list)
        for word in self.words:
            by_length[len(word), word.isascii()].append(word)
        return by_length


class Layer:
    """The texts that belong to some rows alone, as they were read at once; never changes.

    Rows share one text and a few arrays: an object for each row and word would cost five times the memory.
    """

    def __init__(
        self, keys: BitMap, names: Pairs, further_names: Pairs = (), others: Pairs = (), japanese_names: Pairs = ()
    ):
        """Fold the name of each row that is shown first, its further names, and what else the rows are found by."""
        japanese = folded(japanese_names, are_japanese=True)
        lines, others = _grouped(chain(folded(names), folded(further_names), japanese)), _grouped(folded(others))
        rows_of, texts = defaultdict(list), []
        for key in keys:
            texts.append(text := _one_to_a_line(lines.get(key, ())))
            words = set(text.split())
            if key in others:
                words.update(" ".join(others[key]).split())
            for word in words:
                rows_of[word].append(key)
        self.keys = keys
        self.names = Packed(texts)
        self.words = WordList(rows_of)
        self.rows, self.rows_end = array("I"), array("Q")
        for word in self.words.text.split():
            self.rows.extend(rows_of[word])
            self.rows_end.append(len(self.rows))
        del lines, others, rows_of, texts
        # The words as objects of their own, side by side: those made among millions of others would keep their memory.
        self.at = {word: at for at, word in enumerate(self.words.words)}

    def names_of(self, key: int) -> str:
        """Return the names of a row, each between line feeds; the name shown first comes first."""
        return self.names[self.keys.rank(key) - 1]

    def number_with(self, word: str, without: BitMap | tuple = ()) -> int:
        """Return the number of rows in which exactly this word stands, some rows left out."""
        if (at := self.at.get(word)) is None:
            return 0
        start, end = self.rows_end[at - 1] if at else 0, self.rows_end[at]
        return end - start - (without.intersection_cardinality(BitMap(self.rows[start:end])) if without else 0)

    def having(self, words: Iterable[str]) -> BitMap:
        """Return the keys of the rows in which one of the words stands."""
        found, rows, ends = array("I"), self.rows, self.rows_end
        for at in map(self.at.get, words):
            if at is not None:
                found.extend(rows[ends[at - 1] if at else 0 : ends[at]])
        return BitMap(found)

    def rows_named(self, part: str) -> Iterator[int]:
        """Yield the keys of the rows whose names, as `names_of` returns them, contain a part; in order."""
        position, part = -1, part.encode()
        while (position := self.names.bytes.find(part, position + 1)) >= 0:
            at = bisect_right(self.names.ends, position)
            yield self.keys[at]
            position = self.names.ends[at] - 1


class Shared:
    """Texts of values that many rows have, each once: the names of a city, say.

    Of some texts only whole words find, and only what has all words of a question: codes and prose.
    """

    def __init__(self, names: Iterable[tuple[Value, str]] = (), whole: Iterable[tuple[Value, str]] = ()):
        self.values, self.whole = _by_word(names), _by_word(whole)  # word -> values, in order
        self.words, self.whole_words = WordList(self.values), WordList(self.whole)


@dataclass(frozen=True)
class Corpus:
    """The texts of all rows of a list; never changes, `changed()` returns another one."""

    layer: Layer
    shared: Shared
    facets: Mapping[str, Facet]  # those that values of `shared` belong to, among others
    outdated: BitMap  # rows of the layer that changed since, or went
    newer: Layer  # the rows that changed since, or came
    unheld: Layer  # texts of rows that were read for one question, because no index holds them
    weights: dict[str, float] = field(default_factory=dict)  # of words that were weighed, as long as the corpus is

    @classmethod
    def of(cls, layer: Layer, shared: Shared | None = None, facets: Mapping[str, Facet] | None = None) -> "Corpus":
        """Return the corpus of rows that were read at once."""
        nothing = Layer(BitMap(), ())
        return cls(layer, shared or Shared(), facets or {}, BitMap(), nothing, nothing)

    def changed(self, outdated: BitMap, newer: Layer, facets: Mapping[str, Facet]) -> "Corpus":
        """Return the corpus with other rows changed since its layer was read than those known before."""
        return replace(self, outdated=outdated, newer=newer, facets=facets, weights={})

    def with_unheld(self, texts: Pairs) -> "Corpus":
        """Return the corpus for one question, with further texts of rows that are there: names of persons, say."""
        texts = list(texts)
        return replace(self, unheld=Layer(BitMap(key for key, _text in texts), (), others=texts)) if texts else self

    @cached_property
    def size(self) -> int:
        """Return the number of rows."""
        return self.layer.keys.difference_cardinality(self.outdated) + len(self.newer.keys)

    def names_of(self, key: int) -> str:
        """Return the names of a row, each between line feeds; the name shown first comes first."""
        return (self.newer if key in self.newer.keys else self.layer).names_of(key)

    def having(self, words: Iterable[str]) -> BitMap:
        """Return the keys of the rows in which one of the words stands."""
        words = list(words)
        return self._held(words) | self.unheld.having(words) if self.unheld.keys else self._held(words)

    def _held(self, words):
        found = self.layer.having(words)
        if self.outdated:
            found -= self.outdated
            found |= self.newer.having(words)
        elif self.newer.keys:
            found |= self.newer.having(words)
        return self._having_values(found, self.shared.values, words)

    def having_whole(self, words: Iterable[str]) -> BitMap:
        """Return the keys of the rows whose values have one of the words in a text of which only whole words find."""
        return self._having_values(BitMap(), self.shared.whole, words)

    def knows(self, word: str) -> bool:
        """Say whether exactly this word finds a row."""
        return self._number(word) > 0 or self.unheld.number_with(word) > 0 or bool(self.having_whole([word]))

    def containing(self, spellings: Iterable[str]) -> set[str]:
        """Return the words that contain one of the spellings; one or two letters of an alphabet are whole words."""
        found = set()
        for spelling in spellings:
            if len(spelling) < 3 and spelling < BEYOND_ALPHABETS:
                found.add(spelling)
            else:
                found.update(*(words.containing(spelling) for words in self._word_lists))
        return found

    def beginning(self, part: str, *, whole: bool = False) -> Iterator[str]:
        """Yield the words that begin with a part of a word, on demand also those of which only whole ones find."""
        lists = (*self._word_lists, self.shared.whole_words) if whole else self._word_lists
        return chain.from_iterable(words.beginning(part) for words in lists)

    def of_length(self, letters: int, like: str) -> list[str]:
        """Return the words of a number of letters, of ASCII or not as a word is, and perhaps some that no row has."""
        kind = letters, like.isascii()
        return list(chain.from_iterable(words.by_length.get(kind, ()) for words in self._word_lists))

    def within_edits(self, word: str, edits: int) -> Iterator[str]:
        """Yield the words within a number of typing errors of one; swapped neighbours are one error."""
        for length in range(len(word) - edits, len(word) + edits + 1):
            words = self.of_length(length, word)
            near = process.extract(word, words, scorer=OSA.distance, score_cutoff=edits, limit=None)
            yield from (other for other, _edits, _at in near)

    def nearest_word(self, word: str, edits: int) -> str:
        """Return the word that is most like one, within a number of typing errors, or nothing."""
        return min(self.within_edits(word, edits), key=lambda other: (OSA.distance(word, other), other), default="")

    def is_name(self, line: str) -> bool:
        """Say whether a row has exactly this name."""
        return next(self.called(line, self.having(line.split()[:1])), None) is not None

    def called(self, line: str, keys: BitMap) -> Iterator[int]:
        """Yield those of the keys that have exactly this name; in order."""
        return self.named(f"\n{line}\n", keys) if all(map(self._number, line.split())) else iter(())

    def named(self, part: str, keys: BitMap) -> Iterator[int]:
        """Yield those of the keys whose names, as `names_of` returns them, contain a part; in order."""
        in_layer = (key for key in self.layer.rows_named(part) if key not in self.outdated)
        return filter(keys.__contains__, merge(in_layer, self.newer.rows_named(part)))

    def rarity(self, number: int) -> float:
        """Return the weight of a word that stands in a number of rows: its inverse document frequency, above zero.

        Spärck Jones, "A statistical interpretation of term specificity", 1972.
        """
        return log(1 + self.size / number) if number else 0.0

    def weighed(self, words: Iterable[str]) -> Mapping[str, float]:
        """Return {word: how much it tells} of some words of names, and of others; each is weighed once.

        The fewer rows a word stands in, the more it tells; nothing where in none.
        """
        for word in words:
            if word not in self.weights:
                self.weights[word] = self.rarity(self._number(word))
        return self.weights

    def _number(self, word):
        """Return the number of rows whose texts the corpus holds and in which exactly this word stands."""
        if word in self.shared.values:
            return len(self._held([word]))
        return self.layer.number_with(word, self.outdated) + self.newer.number_with(word)

    @property
    def _word_lists(self):
        return self.layer.words, self.newer.words, self.shared.words, self.unheld.words

    def _having_values(self, found, by_word, words):
        """Return keys, and with them those of the rows that have the values of one of the words."""
        values = defaultdict(dict)
        for word in words:
            for facet, value in by_word.get(word, ()):
                values[facet][value] = None
        for facet, of_facet in values.items():
            found |= self.facets[facet].having(of_facet)
        return found


def _by_word(texts):
    values = defaultdict(dict)
    for value, line in folded(texts):
        for word in line.split():
            values[word][value] = None
    return dict(values)


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
