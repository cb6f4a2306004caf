"""The folded texts of a list, and in which rows a word stands."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from math import log
from typing import Protocol

from pyroaring import BitMap
from rapidfuzz import process
from rapidfuzz.distance import OSA

from .texts import Layer, Pairs, Shared, Value

BEYOND_ALPHABETS = "\u2e80"  # from here on a letter is a syllable or a word


class Facet(Protocol):
    """What tells which rows have a value."""

    def having(self, values: Iterable[Hashable]) -> BitMap: ...

    def values_of(self, keys: BitMap) -> set[Hashable]: ...


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
    numbers: dict[str, int] = field(default_factory=dict)  # of rows with words that values have, before any row changed
    base: "Corpus | None" = None  # the corpus before any row changed
    concerned: frozenset[str] = frozenset()  # words that changed rows had, or have
    concerned_values: frozenset[Value] = frozenset()  # and values

    @classmethod
    def of(cls, layer: Layer, shared: Shared | None = None, facets: Mapping[str, Facet] | None = None) -> "Corpus":
        """Return the corpus of rows that were read at once."""
        nothing = Layer(BitMap(), ())
        return cls(layer, shared or Shared(), facets or {}, BitMap(), nothing, nothing)

    def changed(self, outdated: BitMap, newer: Layer, facets: Mapping[str, Facet]) -> "Corpus":
        """Return the corpus with other rows changed since its layer was read than those known before."""
        base, values = self.base or self, set()
        words_before = map(self.layer.words_of, outdated - self.outdated)
        for name in self.shared.facets & facets.keys():
            of_facet = base.facets[name].values_of(outdated) | facets[name].values_of(newer.keys)
            values.update((name, value) for value in of_facet)
        return replace(
            self,
            outdated=outdated,
            newer=newer,
            facets=facets,
            weights={},
            base=base,
            concerned=self.concerned.union(newer.words, *words_before),
            concerned_values=frozenset(values),
        )

    def renamed(self, shared: Shared) -> "Corpus":
        """Return the corpus with other texts of values; which rows have a value is the same."""
        return replace(self, shared=shared, weights={}, numbers={}, base=self.base and self.base.renamed(shared))

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
        are_ascii = like.isascii()
        return list(chain.from_iterable(words.of_length(letters, are_ascii) for words in self._word_lists))

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
        return bool(self.named([line], is_whole=True))

    def named(self, parts: Iterable[str], *, is_whole: bool = False) -> BitMap:
        """Return the keys of the rows of which a name begins with one of some parts, or is exactly one of these."""
        found = BitMap()
        for part in parts:
            found |= self.layer.rows_named(part, is_whole=is_whole) - self.outdated
            found |= self.newer.rows_named(part, is_whole=is_whole)
        return found

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
        """Return the number of rows whose texts the corpus holds and in which exactly this word stands.

        It is as it was before rows changed where none of these had the word, or has it, itself or by a value; else
        these alone are looked at.
        """
        base, values = self.base or self, self.shared.values.get(word, ())
        number = base._number_of_all(word)
        if base is self or (word not in self.concerned and self.concerned_values.isdisjoint(values)):
            return number
        gone, came = self.layer.having_among(word, self.outdated), self.newer.having([word])
        if values:
            gone |= base._having_values(BitMap(), self.shared.values, [word]) & self.outdated
            came |= self._having_values(BitMap(), self.shared.values, [word]) & self.newer.keys
        return number - len(gone) + len(came)

    def _number_of_all(self, word):
        """Return the same where no row changed; rows that have it by a value are counted once."""
        if word not in self.shared.values:
            return self.layer.number_with(word)
        if word not in self.numbers:
            self.numbers[word] = len(self._held([word]))
        return self.numbers[word]

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
