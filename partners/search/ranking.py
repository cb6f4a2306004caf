"""Which of the rows found is meant: one order, made in Python, the same on every database."""

from functools import cached_property
from itertools import islice

from pyroaring import BitMap

from .fold import lines_of
from .readings import BEGINNING, PART_FROM, STEM, VERY_WORD, folded_without_joining, without_joining

RANKED_AT_MOST = 100  # rows; a text that finds more says so little that the rest keeps its place
OF_A_PART = 0.1  # how much a word that is only begun fills a name, to that which stands whole
EXACT, ACRONYM, PREFIX, ALL_WORDS, STEMS, BEGUN, ELSEWHERE, INSIDES = range(8)


def ranked(corpus, readings, keys, partners):
    """Return the best of some keys in order, of more than `RANKED_AT_MOST` no others.

    First a name that is the text; an acronym that is; names that begin with it; names with all its words; with all of
    them inflected; with all of them begun; what is found by place, lab or role; what has a word only inside of others,
    or in a code or prose.

    Joining words are left aside. At equal rank partners come first, then the name that the text fills most by the
    rarity of its words, then the name shown first before others.
    """
    rankers = [_Ranker(corpus, reading) for reading in readings]
    ranks = []
    for key in _worth_ranking(corpus, rankers, keys, partners):
        names = corpus.names_of(key)
        kind, filled, is_other_name = min([ranker.rank(names) for ranker in rankers])
        if kind == ELSEWHERE and not any(key in ranker.begun for ranker in rankers):
            kind = INSIDES
        ranks.append((kind, key not in partners, filled, is_other_name, names, key))
    return [key for *_rank, key in sorted(ranks)]


def _worth_ranking(corpus, rankers, keys, partners):
    """Return the keys to rank, as many as may be: the likeliest.

    Exact names, partners, names that begin so, rows with all words, with all of them begun, others.
    """
    if len(keys) <= RANKED_AT_MOST:
        return keys
    starts, chosen = [start for ranker in rankers for start in ranker.starts], BitMap()
    for worth in (
        lambda: corpus.named(starts, is_whole=True),
        lambda: partners,
        lambda: corpus.named(starts),
        lambda: BitMap.union(*(ranker.having(VERY_WORD) for ranker in rankers)),
        lambda: BitMap.union(*(ranker.begun for ranker in rankers)),
        lambda: keys,
    ):
        chosen |= BitMap(islice((worth() & keys) - chosen, RANKED_AT_MOST - len(chosen)))
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
        self.are_begun_known = all(len(line) >= PART_FROM for line in self.lines)  # those of fewer letters are too many
        whole = dict.fromkeys((*lines_of(reading.words), *self.lines))
        self.starts = [start for line in whole for start in (line, f"the {line}")]

    @cached_property
    def begun(self):
        """Return the keys of the rows in which each word is at least the beginning of one, codes and prose aside."""
        return self.having(BEGINNING)

    def having(self, least):
        """Return the keys of the rows in which each word of the text stands, by words that are as like it."""
        alike = [[word for word, like in form.items() if like >= least] for form in self.forms]
        return BitMap.intersection(*map(self.corpus.having, alike))

    def rank(self, names):
        """Return (kind, minus the share of the name that the text fills, whether another name is shown first).

        The share is worked out of names of the best kind alone.
        """
        best, of_best = INSIDES, []
        for at, name in enumerate(names[1:-1].split("\n")):
            words = name.split()
            if self.are_begun_known and self.fills.keys().isdisjoint(words):
                kind, words = ELSEWHERE, []
            else:
                words = without_joining(words)
                kind = self._kind(words, at > 0)
            if kind < best:
                best, of_best = kind, []
            if kind == best:
                of_best.append((at > 0, words))
        return min([(best, -self._filled(best, words), is_other) for is_other, words in of_best])

    def _kind(self, words, is_other_name):
        line = " ".join(words)
        if line in self.lines:
            return ACRONYM if is_other_name and len(words) == 1 else EXACT
        if line.startswith(self.lines):
            return PREFIX
        least = VERY_WORD
        for form in self.forms:
            least = min(least, max([form[word] for word in words if word in form], default=0.0))
            if least < BEGINNING:
                return ELSEWHERE
        return ALL_WORDS if least == VERY_WORD else STEMS if least >= STEM else BEGUN

    def _filled(self, kind, words):
        if kind <= ACRONYM:
            return 1.0
        meant = [word for word in words if word in self.fills]
        if not meant:
            return 0.0
        weights = self.corpus.weighed(words)
        total = sum(map(weights.__getitem__, words))
        return sum(weights[word] * self.fills[word] for word in meant) / total if total else 0.0
