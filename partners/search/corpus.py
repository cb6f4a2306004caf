"""The folded texts of a list, and in which rows a word stands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from math import log
from typing import NamedTuple

from pyroaring import BitMap

from .fold import folded_lines

BEYOND_ALPHABETS = "\u2e80"  # from here on a letter is a syllable or a word


class Texts(NamedTuple):
    """What one row is found by, folded."""

    names: str  # one to a line, each line between line feeds; the name shown first comes first
    others: tuple[str, ...]  # of its place, its labs and its roles


@dataclass(frozen=True)
class Corpus:
    """The texts of all rows of a list; never changes, `updated()` returns another one."""

    texts: Mapping[int, Texts]
    words: Mapping[str, BitMap | int]  # most words occur in one row: its key alone is kept
    word_list: str  # every word between line feeds, for one scan

    @classmethod
    def build(cls, texts: Mapping[int, Texts]) -> "Corpus":
        """Index {key: Texts} from nothing."""
        words = defaultdict(list)
        sharing = defaultdict(list)  # rows of one city share its texts
        for key, (names, others) in texts.items():
            for word in set(names.split()):
                words[word].append(key)
            sharing[others].append(key)
        for others, keys in sharing.items():
            for word in set(" ".join(others).split()):
                words[word] += keys
        postings = {word: keys[0] if len(keys) == 1 else BitMap(keys, optimize=False) for word, keys in words.items()}
        return cls(texts, postings, "\n".join(["", *postings, ""]))

    def updated(self, changed: Mapping[int, Texts | None]) -> "Corpus":
        """Return the corpus with some rows written anew, or gone (None)."""
        texts, words, new = dict(self.texts), dict(self.words), []
        for key, after in changed.items():
            before = texts.pop(key, None)
            if after is not None:
                texts[key] = after
            lost, got = _words(before), _words(after)
            for word in lost - got:
                _put(words, word, self.keys_of(word, words) - BitMap([key]))
            for word in got - lost:
                new += [] if word in self.words or word in words else [word]
                _put(words, word, self.keys_of(word, words) | BitMap([key]))
        word_list = "\n".join([self.word_list.removesuffix("\n"), *new, ""]) if new else self.word_list
        return Corpus(texts, words, word_list)

    def keys_of(self, word: str, words=None) -> BitMap:
        """Return the keys of the rows in which exactly this word stands."""
        keys = (self.words if words is None else words).get(word, ())
        return BitMap([keys]) if isinstance(keys, int) else BitMap(keys)

    def having(self, words: Iterable[str]) -> BitMap:
        """Return the keys of the rows in which one of the words stands."""
        found = [self.words[word] for word in words if word in self.words]
        single = BitMap([keys for keys in found if isinstance(keys, int)])
        return BitMap.union(single, *(keys for keys in found if not isinstance(keys, int)))

    def containing(self, spellings: Iterable[str]) -> set[str]:
        """Return the words that contain one of the spellings; one or two letters of an alphabet are whole words."""
        found = set()
        for spelling in spellings:
            if len(spelling) < 3 and spelling < BEYOND_ALPHABETS:
                found.update([spelling] if spelling in self.words else [])
            else:
                found.update(self._scan(spelling))
        return found

    def rarity(self, keys: int) -> float:
        """Return the weight of a word that stands in a number of rows: its inverse document frequency, above zero.

        Spärck Jones, "A statistical interpretation of term specificity", 1972.
        """
        return log(1 + len(self.texts) / keys) if keys else 0.0

    def weight(self, word: str) -> float:
        """Return how much a word tells: the fewer rows it stands in, the more; nothing where it stands in none."""
        keys = self.words.get(word, ())
        return self.rarity(1 if isinstance(keys, int) else len(keys))

    @cached_property
    def words_by_length(self) -> Mapping[int, list[str]]:
        """Return {letters: words}, for those who look for near ones."""
        by_length = defaultdict(list)
        for word in self.words:
            by_length[len(word)].append(word)
        return by_length

    def _scan(self, spelling):
        position = self.word_list.find(spelling)
        while position >= 0:
            start = self.word_list.rfind("\n", 0, position) + 1
            end = self.word_list.find("\n", position)
            if (word := self.word_list[start:end]) in self.words:
                yield word
            position = self.word_list.find(spelling, end)


def read_texts(keys, names, others):
    """Return {key: Texts} of rows by their texts as (key, text), that of the name shown first before its others.

    What is the same in many rows is folded once: a city with its country has some ten texts.
    """
    lines, rests = cache(folded_lines), cache(_rest)
    named, placed = {key: [] for key in keys}, {key: [] for key in keys}
    for grouped, texts in ((named, names), (placed, others)):
        for key, text in texts:
            grouped[key].append(text)
    shared = {}
    return {
        key: Texts(_one_to_a_line(map(lines, of_key)), shared.setdefault(rest := rests(tuple(placed[key])), rest))
        for key, of_key in named.items()
    }


def _rest(texts):
    return tuple(sorted({line for text in texts for line in folded_lines(text)}))


def _one_to_a_line(names):
    """Return the lines of names in an order that no database decides: the first one, then the others by letters."""
    first, *further = dict.fromkeys(chain.from_iterable(names)) or [""]
    return "\n".join(["", first, *sorted(further), ""])


def _words(texts):
    return set() if texts is None else set(texts.names.split()).union(*(text.split() for text in texts.others))


def _put(words, word, keys):
    if keys:
        words[word] = keys[0] if len(keys) == 1 else keys
    else:
        del words[word]
