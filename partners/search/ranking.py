"""Which of the rows found is meant: one order, made in Python, the same on every database."""

from heapq import merge
from itertools import chain
from typing import NamedTuple

from pyroaring import BitMap

from .fold import lines_of

RANKED_AT_MOST = 500  # rows; a text that finds more says so little that the rest keeps its place
EXACT, PREFIX, ALL_WORDS, ELSEWHERE = range(4)


class Reading(NamedTuple):
    """A text as it is understood."""

    text: str
    words: tuple[tuple[str, ...], ...]  # folded, each in its spellings
    forms: tuple[frozenset[str], ...]  # for each word that counts, the words of the corpus that it matches


class Nearness(NamedTuple):
    """How near a name is to a text."""

    score: float  # from 0 to 1
    is_whole: bool  # all words of the name stand in the text, and they are several


def ranked(corpus, readings, keys, partners):
    """Return keys with the best first: a name or acronym that is the text; names that begin with it; names with all
    its words; the rest, found by place, lab or role. At equal rank partners come first, then the name that the text
    fills most by the rarity of its words, then the name shown first before others.
    """
    rankers = [_Ranker(corpus, reading) for reading in readings]
    ranks = []
    for key in (chosen := _worth_ranking(corpus, rankers, keys, partners)):
        kind, filled, is_other_name = min(ranker.rank(key) for ranker in rankers)
        ranks.append((kind, key not in partners, filled, is_other_name, corpus.names_of(key), key))
    return [*(key for *_rank, key in sorted(ranks)), *(keys - chosen)]


def _worth_ranking(corpus, rankers, keys, partners):
    """Return the keys to rank, most of them where there are too many: exact names, partners, names that begin so."""
    if len(keys) <= RANKED_AT_MOST:
        return keys
    starts = [start for ranker in rankers for start in ranker.starts]
    worth = chain(
        merge(*(corpus.named(f"{start}\n", keys) for start in starts)),
        keys & partners,
        merge(*(corpus.named(start, keys) for start in starts)),
        keys,
    )
    chosen = BitMap()
    for key in worth:
        chosen.add(key)
        if len(chosen) == RANKED_AT_MOST:
            break
    return chosen


class _Ranker:
    """How rows rank under one reading of the text."""

    def __init__(self, corpus, reading):
        self.corpus = corpus
        self.forms = reading.forms
        self.spellings = {spelling for word in reading.words for spelling in word}
        self.lines = lines_of(reading.words)
        self.starts = [f"\n{line}" for line in self.lines]
        self.weights = {}

    def rank(self, key):
        """Return (kind, minus the share of the name that the text fills, whether another name is shown first)."""
        names = self.corpus.names_of(key)
        if any(f"{start}\n" in names for start in self.starts):
            return EXACT, -1.0, not any(names.startswith(f"{start}\n") for start in self.starts)
        return min(self._rank_of_name(name, at > 0) for at, name in enumerate(names[1:-1].split("\n")))

    def _rank_of_name(self, name, is_other_name):
        words = name.split()
        if any(name.startswith(line) for line in self.lines):
            kind = PREFIX
        elif all(not form.isdisjoint(words) for form in self.forms):
            kind = ALL_WORDS
        else:
            kind = ELSEWHERE
        return kind, -self._filled(words), is_other_name

    def _filled(self, words):
        total = sum(map(self._weight, words))
        return sum(self._weight(word) for word in words if word in self.spellings) / total if total else 0.0

    def _weight(self, word):
        if (weight := self.weights.get(word)) is None:
            weight = self.weights[word] = self.corpus.weight(word)
        return weight


def nearness(corpus, name, clues, total):
    """Return how near a name, as a list of words, is to a text given by clues whose rarities sum up to `total`.

    The score is the harmonic mean (F1) of two shares by rarity: of the name that stands in the text, and of the text
    that stands in the name. A near word counts as much as it is like the one in the text.
    """
    weights = {word: corpus.weight(word) for word in name}
    known = set().union(*(clue.likeness.keys() & weights.keys() for clue in clues))
    of_name = sum(weights[word] for word in known) / (sum(weights.values()) or 1.0)
    of_text = sum(
        clue.rarity * max(map(clue.likeness.get, clue.likeness.keys() & weights.keys()), default=0.0) for clue in clues
    )
    of_text /= total
    score = 2 * of_name * of_text / (of_name + of_text) if of_name and of_text else 0.0
    return Nearness(score, len(name) > 1 and len(known) == len(weights))
