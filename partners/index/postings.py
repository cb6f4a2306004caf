"""Which rows of a list have which value of a facet, as roaring bitmaps; knows no model.

Sets of keys are CRoaring bitmaps (Lemire et al., "Roaring bitmaps: implementation of an optimized software library",
2018), made without run containers, which were slower to count.
"""

import heapq
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from pyroaring import BitMap

CACHED_UNIONS = 3  # recent, older and never, as one day judges them; the next day has others
FEW = 5000  # keys; less than these say their values sooner than some hundred values are tried
OF_A_VALUE = 8  # keys a value; so many are asked for their values in the time in which one value is counted
TRIED = 2  # keys a value; the same where of most values nothing is asked but whether one of the keys has it
SPARSE = 16  # a list by key may be this many times as long as there are keys


class Postings:
    """Which keys have which value of one facet."""

    def __init__(
        self, keys: Mapping[Hashable, BitMap], by_frequency: list[tuple[int, Hashable]], value_of: "ValueOf | None"
    ):
        self.keys = keys
        self.by_frequency = by_frequency  # (minus number of keys, value), in order
        self.value_of = value_of
        self._unions = {}
        self._number_of_keys = 0  # where each has one value
        self._of_all = [], {}  # `by_frequency` when all keys were counted last, and what that said

    @classmethod
    def of(cls, keys: Mapping[Hashable, Collection[int]], *, is_single_valued: bool) -> "Postings":
        """Return the postings of {value: keys}.

        Where a key may have several values, those that a change concerns are found among all.
        """
        bitmaps = {value: BitMap(of_value, optimize=False) for value, of_value in keys.items()}
        by_frequency = sorted((-len(of_value), value) for value, of_value in bitmaps.items())
        postings = cls(bitmaps, by_frequency, ValueOf.among(keys) if is_single_valued else None)
        postings._number_of_keys = sum(map(len, bitmaps.values()))
        return postings

    def having(self, values: Iterable[Hashable]) -> BitMap:
        """Return the keys that have one of the values."""
        return BitMap.union(BitMap(), *(self.keys[value] for value in values if value in self.keys))

    def union(self, name: Hashable, belongs: Callable[[Hashable], bool]) -> BitMap:
        """Return the keys that have a value which belongs to a range, made once for its name; every page has a few."""
        if name not in self._unions:
            self._unions[name] = belongs, self.having(filter(belongs, self.keys))
        return self._unions[name][1]

    def count(self, keys: BitMap, value: Hashable) -> int:
        """Return how many of the keys have a value."""
        return keys.intersection_cardinality(self.keys[value]) if value in self.keys else 0

    def values_of(self, keys: BitMap) -> set[Hashable]:
        """Return the values that some keys have, all of which stand here."""
        if self.value_of:
            return set(map(self.value_of, keys))
        return {value for value, of_value in self.keys.items() if of_value.intersect(keys)}

    def only_value(self, keys: BitMap) -> Hashable | None:
        """Return the value that all of some keys have, each of which has one; None where there are several, or none."""
        value = self.value_of(keys.min()) if keys else None
        return value if self.count(keys, value) == len(keys) > 0 else None

    def counts(self, keys: BitMap) -> Mapping[Hashable, int]:
        """Return {value: number of keys} of all values that one of the keys has, and perhaps of others: zero.

        Nobody changes it: of all keys it is the very same mapping until a number is another one.
        """
        if self.value_of and len(keys) == self._number_of_keys:
            return self._numbers_of_all()
        if self.value_of and len(keys) < OF_A_VALUE * len(self.keys):
            return self.value_of.counts(keys)
        return {value: keys.intersection_cardinality(of_value) for value, of_value in self.keys.items()}

    def _numbers_of_all(self):
        """Return {value: number of all keys}."""
        by_frequency, numbers = self._of_all
        if by_frequency != self.by_frequency:  # where no number has moved, a comparison of addresses
            numbers = {value: -negative_total for negative_total, value in self.by_frequency}
            self._of_all = self.by_frequency, numbers
        return numbers

    def most_frequent(self, keys: BitMap, most: int, *, are_all: bool = False) -> "MostFrequent":
        """Return as many values as asked for, those with the highest numbers of keys, with all that tie with the last.

        Values are tried from the most frequent one on, and none that is rarer than all those found already; where keys
        have one value each and are not many, they say it. The numbers of all keys are known.
        """
        if are_all:
            least = self.by_frequency[:most][-1][0] if self.by_frequency else 0
            ties = Ties(self.keys, self.by_frequency, -least)
            higher = {value: -negative_total for negative_total, value in self.by_frequency[: ties.start]}
            return MostFrequent(higher, ties, -least, len(self.keys))
        if self.value_of and len(keys) < max(FEW, TRIED * len(self.keys)):
            numbers = self.value_of.counts(keys)
            least, occurring = min(heapq.nlargest(most, numbers.values()), default=0), len(numbers)
        else:
            numbers = self._tried(keys, most)
            least, occurring = min(numbers.values(), default=0), sum(map(keys.intersect, self.keys.values()))
        higher = {value: number for value, number in numbers.items() if number > least}
        ties = {value for value, number in numbers.items() if number == least}
        return MostFrequent(higher, ties, least, occurring)

    def _tried(self, keys, most):
        """Return {value: number of keys} of the highest numbers, from the most frequent value of all on."""
        numbers, best, among = {}, [], keys.intersection_cardinality
        for negative_total, value in self.by_frequency:
            if len(best) == most and -negative_total < best[0]:
                break
            if number := among(self.keys[value]):
                numbers[value] = number
                (heapq.heappush if len(best) < most else heapq.heappushpop)(best, number)
        return {value: number for value, number in numbers.items() if number >= best[0]}

    def changed(self, outdated: BitMap, newer: Mapping[Hashable, Collection[int]]) -> "Postings":
        """Return the postings without the outdated keys, and with the newer ones of {value: keys}.

        Their `keys` are the very same mapping where these have the values that those had, as after most edits.
        """
        values = self.values_of(outdated) | newer.keys()
        came = {value: BitMap(newer.get(value, ())) for value in values}
        differ = any(self.keys.get(value, BitMap()) & outdated != came[value] for value in values)
        keys, by_frequency, number = self.keys, self.by_frequency, self._number_of_keys
        if differ:
            keys, by_frequency = dict(keys), list(by_frequency)
        for value in values if differ else ():
            before = keys.pop(value, BitMap())
            if before:
                del by_frequency[bisect_left(by_frequency, (-len(before), value))]
            if after := (before - outdated) | came[value]:
                keys[value] = after
                insort(by_frequency, (-len(after), value))
            number += len(after) - len(before)
        changed = Postings(keys, by_frequency, self.value_of and self.value_of.changed(newer))
        changed._number_of_keys, changed._of_all = number, self._of_all
        for name, (belongs, union) in list(self._unions.items())[-CACHED_UNIONS:]:
            came = (of_value for value, of_value in newer.items() if belongs(value))
            changed._unions[name] = belongs, (union - outdated) | BitMap(chain.from_iterable(came))
        return changed


class MostFrequent(NamedTuple):
    """The values that most of some keys have."""

    higher: dict[Hashable, int]  # {value: number of keys}, fewer than were asked for
    ties: Collection[Hashable]  # the next ones, which tie: perhaps very many
    number: int  # of keys that each of these has
    occurring: int  # values that any of the keys has


class Ties(Collection):
    """The values that a number of all keys have, without a look at each."""

    def __init__(self, keys: Mapping[Hashable, BitMap], by_frequency: list[tuple[int, Hashable]], number: int):
        self.keys, self.by_frequency, self.number = keys, by_frequency, number
        self.start, self.end = (bisect_left(by_frequency, (least,)) for least in (-number, 1 - number))

    def __len__(self):
        return self.end - self.start

    def __contains__(self, value):
        return value in self.keys and len(self.keys[value]) == self.number

    def __iter__(self):
        return (value for _negative_total, value in self.by_frequency[self.start : self.end])


class ValueOf:
    """The value that each key has of one facet, in eight bytes a key."""

    def __init__(self, values: Sequence[Hashable] | Mapping[int, Hashable], newer: Mapping[int, Hashable]):
        self.values = values  # by key
        self.newer = newer  # of keys that changed since
        self._newer_keys = BitMap(newer)

    @classmethod
    def among(cls, keys: Mapping[Hashable, Collection[int]]) -> "ValueOf":
        """Return the values of all keys, from {value: keys}."""
        end = max(map(max, keys.values()), default=-1) + 1
        values = [None] * end if end <= SPARSE * sum(map(len, keys.values())) else {}
        for value, of_value in keys.items():
            for key in of_value:
                values[key] = value
        return cls(values, {})

    def changed(self, newer: Mapping[Hashable, Collection[int]]) -> "ValueOf":
        """Return the values after some more keys changed, from {value: these keys}."""
        of_newer = {key: value for value, of_value in newer.items() for key in of_value}
        return ValueOf(self.values, self.newer | of_newer)

    def counts(self, keys: BitMap) -> Counter[Hashable]:
        """Return {value: number of keys} of the values that they have."""
        numbers = Counter(map(self.values.__getitem__, keys - self._newer_keys if self.newer else keys))
        numbers.update(self.newer[key] for key in keys & self._newer_keys)
        return numbers

    def __call__(self, key: int) -> Hashable:
        return self.newer[key] if key in self.newer else self.values[key]
