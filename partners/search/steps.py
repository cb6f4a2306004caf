"""From a text to the rows that it finds: its readings beside each other, of which the best supported one answers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from pyroaring import BitMap

from .abbreviations import in_full, with_initials_as_words
from .corpus import Corpus
from .fold import fold
from .nearest import ENOUGH, nearest, with_near_words
from .ranking import ranked
from .readings import BEGINNING, SHORT, STEM, Reader, Reading, as_written, rows_with
from .texts import Shared


@dataclass(frozen=True)
class Found:
    """The rows that a text finds, best first."""

    match: Literal["exact", "layout", "nearest"]
    keys: BitMap
    best: tuple[int, ...]  # of the keys, in order: all, or where they are many the first ones
    readings: tuple[Reading, ...]  # as typed, then another one if that counts
    shared: Shared = field(compare=False, repr=False)  # whose values the text may name; a small part of the corpus
    left_out: tuple[str, ...] = ()  # words of the text, as written, that others have and none of these rows
    folded: dict = field(default_factory=dict, compare=False, repr=False)  # texts of rows that `reasons` looked at
    parts: dict = field(default_factory=dict, compare=False, repr=False)  # of such texts, as `marked` returned them

    @property
    def order(self) -> Iterator[int]:
        """Yield all keys, best first; those that are not ranked stand by key."""
        yield from self.best
        if len(self.best) < len(self.keys):
            yield from self.keys - BitMap(self.best)

    @property
    def read_as(self) -> str:
        """Return the text as it was understood, where that is not as it was typed."""
        return "" if self.readings[-1].how == "typed" else self.readings[-1].text

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the words of the text, as written, that no row has."""
        reading = self.readings[-1]
        pairs = zip(reading.counting, reading.forms, strict=True)
        return as_written(reading.text, {word for word, form in pairs if not form})


def find(corpus: Corpus, text: str, partners: BitMap) -> Found | None:
    """Return what a text finds in a corpus, or nothing where it holds no word.

    As typed it answers where rows have all its words, each whole, inflected or begun. Else other readings are tried,
    and the one whose words the corpus knows best answers: with the rows that have all its words, otherwise with the
    nearest, where typing errors are forgiven. Partners come first among rows of equal rank.
    """
    if not fold(text):
        return None
    reader = Reader(corpus)
    typed, keys = _as_typed(reader, text)
    best, keys_of_best = typed, keys
    is_short = sum(len(word[0]) for word in typed.words) < SHORT  # what it begins is much else
    if not keys or typed.support < (STEM if is_short else BEGINNING):
        for reading in reader.others(typed):
            if reading.support > best.support:
                rows = reading.rows(corpus)
                if rows or reading.how == "layout":
                    best, keys_of_best = reading, rows
    if best is not typed and keys_of_best:
        readings = (typed, best) if keys else (best,)
        match = "layout" if best.how == "layout" else "exact"
        return _in_rank(corpus, match, readings, keys | keys_of_best, partners)
    if keys:
        return _in_rank(corpus, "exact", (typed,), keys, partners)
    return _nearest(reader, typed, best, partners)


def _as_typed(reader, text):
    """Return the reading of a text as typed and its rows: with initials as words, else letter by letter."""
    text = in_full(text)
    ways = dict.fromkeys((with_initials_as_words(text), text))
    readings = [reader.read(way, "typed") for way in ways]
    return next(((typed, keys) for typed in readings if (keys := typed.rows(reader.corpus))), (readings[0], BitMap()))


def _in_rank(corpus, match, readings, keys, partners):
    return Found(match, keys, tuple(ranked(corpus, readings, keys, partners)), readings, corpus.shared)


def _nearest(reader, typed, best, partners):
    corpus = reader.corpus
    near = with_near_words(corpus, best)
    if best is typed and near.support < ENOUGH:
        candidates = [near, *(with_near_words(corpus, other) for other in reader.others(typed, mistyped=True))]
        near = max(candidates, key=lambda reading: reading.support)
    order = tuple(nearest(corpus, near, partners))
    keys = BitMap(order)
    pairs = zip(near.counting, near.forms, strict=True)
    missing = {word for word, form in pairs if keys and form and not rows_with(corpus, form).intersect(keys)}
    return Found("nearest", keys, order, (near,), corpus.shared, as_written(near.text, missing))
