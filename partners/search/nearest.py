"""The rows that are nearest to a text where none has all its words."""

import re
from collections import defaultdict
from collections.abc import Mapping
from itertools import islice
from typing import NamedTuple

from pyroaring import BitMap

from .fold import fold
from .readings import INSIDE, NEAR, STEM, VERY_WORD, Reading, has_no_spaces, support, without_joining

NEAREST_AT_MOST = 20  # rows
COMPARED_AT_MOST = 300  # rows whose names are looked at one by one
ENOUGH = 0.5  # of the words by rarity
PROMISING = 0.25  # of the words by rarity: a short name may stand whole in a long text
WHOLE = 0.1  # what a name that stands whole in the text is worth beside
SIGNS = 3  # of a name without spaces that may stand whole in a text
PARTS = re.compile("[,;]")  # of an affiliation: “Department, Institution, City 12345, Country”


class Clue(NamedTuple):
    """A word of the question with the words of the corpus that it may mean."""

    rarity: float
    likeness: Mapping[str, float]
    keys: BitMap


def with_near_words(corpus, reading: Reading) -> Reading:
    """Return a reading in which each word that the corpus does not know may mean those within a typing error or two."""
    words = tuple(dict.fromkeys(part for word in reading.counting for part in _parts(corpus, word)))
    known = dict(zip(reading.counting, reading.forms, strict=True))
    forms = tuple(_with_near(corpus, word, known.get(word)) for word in words)
    return reading._replace(counting=words, forms=forms, support=support(reading.how, words, forms))


def nearest(corpus, reading: Reading, partners: BitMap) -> list[int]:
    """Return the keys of the nearest rows, best first.

    A row holds half of the words by their rarity, or has a name that stands whole in the text; where none does, what
    has most of them, or the rarest one, is near. A name is compared with each part between commas, too: place and
    department, which stand in the other parts, break ties.
    """
    clues = [_clue(corpus, form) for form in reading.forms]
    by_word = {word: clue for word, clue in zip(reading.counting, clues, strict=True) if clue}
    known = sorted(by_word.values(), key=lambda clue: -clue.rarity)
    total = sum(clue.rarity for clue in known)
    shares = dict(_promising(known, total))
    parts = [known, *_clues_of_parts(reading.text, by_word)]
    best = {}
    for part in parts:
        for key, _share in _promising(part, sum(clue.rarity for clue in part))[: COMPARED_AT_MOST // len(parts)]:
            names = corpus.names_of(key).split("\n")
            near = max(nearness(corpus, without_joining(name.split()), part) for name in names)  # a name may be “?”
            best[key] = max(near, best.get(key, near))
    if not best and known:
        best = dict.fromkeys(islice(known[0].keys, COMPARED_AT_MOST), Nearness(0.0, is_whole=False))
    near, far = [], []
    for key, (score, is_whole) in best.items():
        share = shares.get(key, 0.0)
        rank = (-round(score + share / 2 + WHOLE * is_whole, 3), key not in partners, corpus.names_of(key), key)
        (near if share >= ENOUGH or is_whole else far).append(rank)
    return [key for *_rank, key in sorted(near or far)[:NEAREST_AT_MOST]]


class Nearness(NamedTuple):
    """How near a name is to a text."""

    score: float  # from 0 to 1
    is_whole: bool  # all words of the name stand in the text, and they are several, or one that has no spaces


def nearness(corpus, name, clues):
    """Return how near a name, as a list of words, is to the words of a text given by clues.

    The score is the harmonic mean (F1) of two shares by rarity: of the name that stands in the text, and of the text
    that stands in the name. A near word counts as much as it is like the one in the text.
    """
    weighed = corpus.weighed(name)
    weights = {word: weighed[word] for word in name}
    known, of_text, total = set(), 0.0, 0.0
    for clue in clues:
        found = [word for word in weights if word in clue.likeness]
        known.update(found)
        of_text += clue.rarity * max(map(clue.likeness.__getitem__, found), default=0.0)
        total += clue.rarity
    of_name = sum(map(weights.__getitem__, known)) / (sum(weights.values()) or 1.0)
    of_text /= total or 1.0
    score = 2 * of_name * of_text / (of_name + of_text) if of_name and of_text else 0.0
    is_whole = len(known) == len(weights) and (len(name) > 1 or any(_is_said(word, clues) for word in name))
    return Nearness(score, is_whole)


def _is_said(name, clues):
    """Say whether a name in a script without spaces is itself among the words of a text."""
    is_name = len(name) >= SIGNS and has_no_spaces(name)
    return is_name and any(clue.likeness.get(name) == VERY_WORD for clue in clues)


def _clues_of_parts(text, by_word):
    """Return the clues of each part of a text between commas, where there are several.

    A part of one word that more rows have than are compared tells none of them from the others: a country's name, say.
    """
    parts = PARTS.split(text)
    words = dict.fromkeys(tuple(dict.fromkeys(fold(part))) for part in parts)  # each part once
    clues = ([by_word[word] for word in of_part if word in by_word] for of_part in words)
    by_rarity = (sorted(of_part, key=lambda clue: -clue.rarity) for of_part in clues)
    return [of_part for of_part in by_rarity if _tells(of_part)] if len(parts) > 1 else []


def _tells(clues):
    return len(clues) > 1 or any(len(clue.keys) <= COMPARED_AT_MOST for clue in clues)


def _parts(corpus, word):
    """Return the words to look for: an unknown Chinese word, as Chinese has no spaces, is taken by two letters each."""
    written = word[0]
    if len(written) < 3 or corpus.having(word) or not _is_chinese(written):
        return [word]
    return [(written[at : at + 2],) for at in range(len(written) - 1)]


def _is_chinese(written):
    return "\u4e00" <= written[0] <= "\u9fff"


def _with_near(corpus, word, form):
    """Return what a word may mean: as it is known, else insides of words and near words."""
    if form is None:
        form = dict.fromkeys(corpus.containing(word), INSIDE)
    known = {other: like for other, like in form.items() if like > INSIDE}
    if any(like >= STEM for like in known.values()):
        return form if _is_chinese(word[0]) else known
    near = {other: NEAR for spelling in (word[0], *word[1:][-1:]) for other in _near_words(corpus, spelling)}
    return form | near


def _clue(corpus, form):
    keys = corpus.having(form) or corpus.having_whole(form)
    return Clue(corpus.rarity(len(keys)), form, keys) if keys else None


def _near_words(corpus, spelling):
    """Return the words within one typing error, from eight letters two; those of three letters are like too many."""
    return corpus.within_edits(spelling, 1 if len(spelling) < 8 else 2) if len(spelling) > 3 else ()


def _promising(clues, total):
    """Return [(key, share of the clues by rarity)], highest first; `clues` begin with the rarest.

    What has none of the rarest clues cannot reach the share that is asked for, so common words alone bring no row.
    """
    if len(clues) == 1:  # as of a part between commas: all have it
        return [(key, 1.0) for key in clues[0].keys]
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
