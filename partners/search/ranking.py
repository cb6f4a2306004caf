"""Which of the rows found is meant: one order, made in Python, the same on every database."""

from functools import cached_property
from heapq import merge
from itertools import chain

from pyroaring import BitMap

from .fold import lines_of
from .readings import BEGINNING, STEM, VERY_WORD, folded_without_joining, without_joining

RANKED_AT_MOST = 500  # rows; a text that finds more says so little that the rest keeps its place
OF_A_PART = 0.1  # how much a word that is only begun fills a name, to that which stands whole
EXACT, ACRONYM, PREFIX, ALL_WORDS, STEMS, BEGUN, ELSEWHERE, INSIDES = range(8)


def ranked(corpus, readings, keys, partners):
    """Return keys with the best first: a name that is the text; an acronym that is; names that begin with it; names
    with all its words; with all of them inflected; with all of them begun; what is found by place, lab or role; what
    has a word only inside of others, or in a code or prose.

    Joining words are left aside. At equal rank partners come first, then the name that the text fills most by the
    rarity of its words, then the name shown first before others.
    """
    rankers = [_Ranker(corpus, reading) for reading in readings]
    chosen = _worth_ranking(corpus, rankers, keys, partners)
    names_of = {key: corpus.names_of(key) for key in chosen}
    weights = corpus.weighed(set("".join(names_of.values()).split()))
    ranks = []
    for key, names in names_of.items():
        kind, filled, is_other_name = min(ranker.rank(names, weights) for ranker in rankers)
        if kind == ELSEWHERE and not any(key in ranker.begun for ranker in rankers):
            kind = INSIDES
        ranks.append((kind, key not in partners, filled, is_other_name, names, key))
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
        likeness = {}  # of each word that one of the text may mean
        for form in reading.forms:
            for word, like in form.items():
                likeness[word] = max(like, likeness.get(word, 0.0))
        self.fills = {word: like if like >= STEM else like * OF_A_PART for word, like in likeness.items()}
        self.lines = lines_of(folded_without_joining(reading.words))
        whole = dict.fromkeys((*lines_of(reading.words), *self.lines))
        self.starts = [start for line in whole for start in (f"\n{line}", f"\nthe {line}")]

    @cached_property
    def begun(self):
        """Return the keys of the rows in which each word is at least the beginning of one, codes and prose aside."""
        having = [[word for word, like in form.items() if like >= BEGINNING] for form in self.forms]
        return BitMap.intersection(*map(self.corpus.having, having))

    def rank(self, names, weights):
        """Return (kind, minus the share of the name that the text fills, whether another name is shown first).

        :param weights: of the words of the names, as `Corpus.weighed()` returns them.
        """
        return min(self._rank_of_name(name, at > 0, weights) for at, name in enumerate(names[1:-1].split("\n")))

    def _rank_of_name(self, name, is_other_name, weights):
        words = without_joining(name.split())
        line = " ".join(words)
        if line in self.lines:
            return ACRONYM if is_other_name and len(words) == 1 else EXACT, -1.0, is_other_name
        meant = [word for word in words if word in self.fills]
        kind = PREFIX if line.startswith(self.lines) else self._kind(meant)
        total = sum(map(weights.__getitem__, words))
        filled = sum(weights[word] * self.fills[word] for word in meant)
        return kind, -filled / total if total else 0.0, is_other_name

    def _kind(self, words):
        least = VERY_WORD
        for form in self.forms:
            least = min(least, max([form[word] for word in words if word in form], default=0.0))
            if least < BEGINNING:
                return ELSEWHERE
        return ALL_WORDS if least == VERY_WORD else STEMS if least >= STEM else BEGUN
