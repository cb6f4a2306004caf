"""A list in memory: facets, texts and orders as roaring bitmaps; knows no model.

An index never changes: `updated()` returns another one that shares what stayed the same. Sets of keys are CRoaring
bitmaps (Lemire et al., "Roaring bitmaps: implementation of an optimized software library", 2018), made without run
containers, which were slower to count.
"""

import heapq
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple

from pyroaring import BitMap

from .search import Corpus, Texts

SORT_COST = 25  # a key is sorted in this many times the time in which it is looked up in an order


class Row(NamedTuple):
    """What is known of one key."""

    values: tuple[tuple[Hashable, ...], ...]  # the values it has of each facet
    texts: Texts
    owner: Hashable  # the change log speaks of it
    name: str  # orders everything, before the key itself
    ranks: tuple  # what each further order goes by


class Postings:
    """Which keys have which value of one facet."""

    def __init__(self, keys: Mapping[Hashable, BitMap], by_frequency: list[tuple[int, Hashable]]):
        self.keys = keys
        self.by_frequency = by_frequency  # (minus number of keys, value), in order

    @classmethod
    def of(cls, keys: Mapping[Hashable, Iterable[int]]) -> "Postings":
        """Return the postings of {value: keys}."""
        keys = {value: BitMap(of_value, optimize=False) for value, of_value in keys.items()}
        return cls(keys, sorted((-len(of_value), value) for value, of_value in keys.items()))

    def having(self, values: Iterable[Hashable]) -> BitMap:
        """Return the keys that have one of the values."""
        return BitMap.union(BitMap(), *(self.keys[value] for value in values if value in self.keys))

    def count(self, keys: BitMap, value: Hashable) -> int:
        """Return how many of the keys have a value."""
        return keys.intersection_cardinality(self.keys[value]) if value in self.keys else 0

    def most_frequent(self, keys: BitMap, most: int) -> list[tuple[Hashable, int]]:
        """Return [(value, number of keys)]: the highest numbers first, then what is more frequent in the whole list.

        Values are tried from the most frequent one on, and none that is rarer than all those found already.
        """
        best = []  # a heap of (number, minus position, value)
        for position, (negative_total, value) in enumerate(self.by_frequency):
            if len(best) == most and -negative_total <= best[0][0]:
                break
            entry = (keys.intersection_cardinality(self.keys[value]), -position, value)
            if len(best) < most:
                heapq.heappush(best, entry)
            else:
                heapq.heappushpop(best, entry)
        return [(value, number) for number, _position, value in sorted(best, reverse=True)]

    def moved(self, moves: Mapping[Hashable, tuple[list[int], list[int]]]) -> "Postings":
        """Return the postings after {value: (keys that lost it, keys that got it)}."""
        keys, by_frequency = dict(self.keys), list(self.by_frequency)
        for value, (lost, got) in moves.items():
            if value in keys:
                del by_frequency[bisect_left(by_frequency, (-len(keys[value]), value))]
            changed = (keys.pop(value, BitMap()) - BitMap(lost)) | BitMap(got)
            if changed:
                keys[value] = changed
                insort(by_frequency, (-len(changed), value))
        return Postings(keys, by_frequency)


@dataclass(frozen=True)
class Index:
    """Everything a list page asks for, as it stood at one number of the change log."""

    epoch: int
    number: int
    rows: Mapping[int, Row]
    keys: BitMap
    facets: Mapping[str, Postings]
    corpus: Corpus
    orders: Mapping[str, list[int]]  # all keys; the first order is by name
    # What the database said of the facets, kept by who asked; true as long as the index is.
    offered: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    @classmethod
    def build(cls, epoch, number, rows, facet_names, order_names):
        """Index {key: Row} from nothing; `order_names` begins with the order by name."""
        facets = [defaultdict(list) for _name in facet_names]
        for key in sorted(rows):
            row = rows[key]
            for postings, values in zip(facets, row.values, strict=True):
                for value in values:
                    postings[value].append(key)
        by_name = sorted(sorted(rows), key=lambda key: rows[key].name)
        further = range(len(order_names) - 1)
        orders = [by_name, *(sorted(by_name, key=lambda key, at=at: rows[key].ranks[at]) for at in further)]
        return cls(
            epoch=epoch,
            number=number,
            rows=rows,
            keys=BitMap(rows, optimize=False),
            facets={name: Postings.of(postings) for name, postings in zip(facet_names, facets, strict=True)},
            corpus=Corpus.build({key: row.texts for key, row in rows.items()}),
            orders=dict(zip(order_names, orders, strict=True)),
        )

    def updated(self, epoch: int, number: int, changed: Mapping[int, Row | None]) -> "Index":
        """Return the index with some rows written anew, or gone (None); costs little for few rows."""
        lost = {key: self.rows[key] for key in changed if key in self.rows}
        got = {key: row for key, row in changed.items() if row is not None}
        rows = {**self.rows, **got}
        for key in lost.keys() - got.keys():
            del rows[key]
        return replace(
            self,
            epoch=epoch,
            number=number,
            rows=rows,
            keys=(self.keys - BitMap(lost)) | BitMap(got),
            facets={
                name: postings.moved(_moves(lost, got, lambda row, at=at: row.values[at]))
                for at, (name, postings) in enumerate(self.facets.items())
            },
            corpus=self.corpus.updated({key: row and row.texts for key, row in changed.items()}),
            offered={},
            labels={},
            orders={name: self._moved_order(at, name, rows, lost, got) for at, name in enumerate(self.orders)},
        )

    def owned_by(self, owners: set) -> list[int]:
        """Return the keys of the rows that the change log means by some owners; looks at each row."""
        return [key for key, row in self.rows.items() if row.owner in owners]

    def page(self, keys: BitMap, order: str, start: int, stop: int) -> list[int]:
        """Return keys from `start` to `stop` in one of the orders; sorts few, scans the order for many."""
        ordered = self.orders[order]
        if len(keys) == len(ordered):
            return ordered[start:stop]
        if len(keys) ** 2 * SORT_COST < stop * len(ordered):
            at = list(self.orders).index(order)
            return sorted(keys, key=lambda key: _place(self.rows, at, key))[start:stop]
        return list(islice(filter(keys.__contains__, ordered), start, stop))

    def _moved_order(self, at, name, rows, lost, got):
        order = list(self.orders[name])
        for key in lost:
            del order[bisect_left(order, _place(self.rows, at, key), key=lambda key: _place(self.rows, at, key))]
        for key in got:
            # What is inserted already stands with its new place, all else with the one it keeps.
            order.insert(bisect_left(order, _place(rows, at, key), key=lambda key: _place(rows, at, key)), key)
        return order


def _place(rows, at, key):
    """Return what a key is sorted by in the order at a position."""
    row = rows[key]
    return (row.ranks[at - 1], row.name, key) if at else (row.name, key)


def _moves(lost, got, values):
    """Return {value: (keys that lost it, keys that got it)}."""
    moves = defaultdict(lambda: ([], []))
    for which, rows in enumerate((lost, got)):
        for key, row in rows.items():
            for value in values(row):
                moves[value][which].append(key)
    return moves
