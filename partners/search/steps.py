"""From a text to the rows that it finds: three steps, the first that finds something answers."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pyroaring import BitMap
from rapidfuzz import process
from rapidfuzz.distance import OSA

from .corpus import Corpus
from .fold import fold
from .layout import other_readings
from .ranking import Reading, nearness, ranked

NEAREST_AT_MOST = 20  # rows
COMPARED_AT_MOST = 300  # rows whose names are looked at one by one for the nearest
ENOUGH = 0.5  # of the words by rarity
VERY_WORD, NEAR, INSIDE = 1.0, 0.8, 0.5  # how much a word of a name is worth that is, or is like, one of the text
PROMISING = 0.25  # of the words by rarity: a short name may stand whole in a long text
# Words that join others: papers add, drop and translate them, so they decide nothing where other words stand.
JOINING = frozenset(
    [
        "of",
        "the",
        "and",
        "for",
        "at",
        "in",
        "on",
        "a",
        "de",
        "la",
        "le",
        "les",
        "du",
        "des",
        "et",
        "en",
        "und",
        "der",
        "die",
        "das",
        "del",
        "y",
        "do",
        "da",
        "di",
        "e",
        "em",
    ]
)


@dataclass(frozen=True)
class Found:
    """The rows that a text finds, best first."""

    match: Literal["exact", "layout", "nearest"]
    keys: BitMap
    order: tuple[int, ...]
    readings: tuple[Reading, ...]  # as typed, then on the other layout if that counts

    @property
    def read_as(self) -> str:
        """Return the text on the other keyboard layout, where that is what found something."""
        return self.readings[-1].text if self.match == "layout" else ""


class _Clue(NamedTuple):
    """A word of the question with the words of the corpus that it may mean."""

    rarity: float
    likeness: Mapping[str, float]
    keys: BitMap


def find(corpus: Corpus, text: str, partners: BitMap) -> Found | None:
    """Return what a text finds in a corpus, or nothing where it holds no word.

    The first step asks for every word, each alone or inside another. The second asks the same of the text as it reads
    on another keyboard layout, if no word of it stands alone anywhere. The third, where both find nothing, asks for
    half of the words by their rarity and forgives typing errors. Partners come first among rows of equal rank.
    """
    if not fold(text):
        return None
    typed, keys = _all_words(corpus, text)
    if not any(corpus.having(word) for word in typed.words):
        for other in other_readings(text):
            reading, keys_read = _all_words(corpus, other)
            stands_alone = bool(keys_read) and all(corpus.having(word) for word in reading.words)
            if stands_alone or (keys_read and not keys):
                readings = (typed, reading) if keys else (reading,)
                return _in_rank(corpus, "layout", readings, keys | keys_read, partners)
    if keys:
        return _in_rank(corpus, "exact", (typed,), keys, partners)
    return _nearest(corpus, text, partners)


def _all_words(corpus, text):
    """Return (reading, keys of the rows in which all its words stand)."""
    words = [word for word in fold(text) if word[0] not in JOINING] or fold(text)
    forms = [frozenset(corpus.containing(word)) for word in dict.fromkeys(words)]
    keys = BitMap.intersection(*map(corpus.having, forms)) if forms else BitMap()
    return Reading(text, tuple(fold(text)), tuple(forms)), keys


def _in_rank(corpus, match, readings, keys, partners):
    return Found(match, keys, tuple(ranked(corpus, readings, keys, partners)), readings)


def _nearest(corpus, text, partners):
    # Each once: a letter that stands for a sentence, two hundred times, would be looked up for seconds.
    words = dict.fromkeys(part for word in fold(text) for part in _parts(corpus, word))
    clues = sorted(filter(None, (_clue(corpus, word) for word in words)), key=lambda clue: -clue.rarity)
    total = sum(clue.rarity for clue in clues)
    promising = _promising(clues, total)[:COMPARED_AT_MOST]
    near = []
    for key, share in promising:
        names = [name.split() for name in corpus.names_of(key).split("\n") if name] or [[]]  # a name may be “?”
        best = max(nearness(corpus, name, clues, total) for name in names)
        if share >= ENOUGH or best.is_whole:
            rank = (-round(best.score + share / 2, 3), key not in partners, corpus.names_of(key), key)
            near.append(rank)
    order = tuple(key for *_rank, key in sorted(near)[:NEAREST_AT_MOST])
    forms = tuple(frozenset(clue.likeness) for clue in clues)
    return Found("nearest", BitMap(order), order, (Reading(text, tuple(words), forms),))


def _parts(corpus, word):
    """Return the words to look for: an unknown Chinese word, as Chinese has no spaces, is taken by two letters each."""
    written = word[0]
    if len(written) < 3 or corpus.having(word) or not _is_chinese(written):
        return [word]
    return [(written[at : at + 2],) for at in range(len(written) - 1)]


def _is_chinese(written):
    return "\u4e00" <= written[0] <= "\u9fff"


def _clue(corpus, word):
    """Return what a word may mean, or nothing: itself where it is known, else near words and those that contain it."""
    very_word = {spelling: VERY_WORD for spelling in word if corpus.knows(spelling)}
    likeness = {}
    if not very_word or _is_chinese(word[0]):
        likeness = dict.fromkeys(corpus.containing(word), INSIDE)
    if not very_word:
        likeness |= {near: NEAR for spelling in word for near in _within_edits(corpus, spelling)}
    keys = corpus.having(likeness | very_word)
    return _Clue(corpus.rarity(len(keys)), likeness | very_word, keys) if keys else None


def _within_edits(corpus, spelling):
    """Yield the words within one edit, from eight letters two; swapped neighbours are one edit."""
    edits = 0 if len(spelling) < 4 else 1 if len(spelling) < 8 else 2
    for length in range(len(spelling) - edits, len(spelling) + edits + 1) if edits else ():
        words = corpus.of_length(length)
        near = process.extract(spelling, words, scorer=OSA.distance, score_cutoff=edits, limit=None)
        yield from (word for word, _edits, _at in near)


def _promising(clues, total):
    """Return [(key, share of the clues by rarity)], highest first; `clues` begin with the rarest.

    What has none of the rarest clues cannot reach the share that is asked for, so common words alone bring no row.
    """
    reachable, left = BitMap(), total
    for clue in clues:
        if left >= PROMISING * total:
            reachable |= clue.keys
        left -= clue.rarity
    sums = defaultdict(float)
    for clue in clues:
        for key in clue.keys & reachable:
            sums[key] += clue.rarity
    shares = [(key, reached / total) for key, reached in sums.items() if reached >= PROMISING * total]
    return sorted(shares, key=lambda share: (-share[1], share[0]))
