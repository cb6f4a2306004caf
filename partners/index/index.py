"""A list in memory: facets, texts and orders as roaring bitmaps and arrays; knows no model.

An index never changes. It holds all rows as they were read at once, and in a second, small layer those that changed
since: `changed()` returns an index with another second layer, at a cost that does not depend on the number of all rows.
To fold a row's texts costs more than all else of it, and few ask for texts: `with_texts()` follows when somebody does.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any

from pyroaring import BitMap

from ..search import Corpus, Layer, Shared
from .labels import Labels
from .orders import BY_NAME, NO_ROWS, Order, Orders, Place, Rows
from .postings import Postings

SORT_COST = 20  # a key is sorted in this many times the time in which it is looked up in an order
ROWS_HELD = 2_000  # that pages have shown, a kilobyte each
FILTERS_HELD = 64  # some twenty kilobytes each


class TextsNotReadError(LookupError):
    """Texts are asked of an index that does not hold all of them."""


@dataclass(frozen=True)
class Index:
    """Everything a list page asks for, as it stood at one number of the change log."""

    epoch: int
    number: int
    keys: BitMap
    facets: Mapping[str, Postings]
    last_corpus: Corpus  # without what changed in the texts of the rows of those `unread`
    orders: Orders
    newer: Orders  # of the rows that changed since `orders` were read
    shared_since: int  # the number since which what institutions share is as it is
    outdated: BitMap  # rows of `orders` that changed since, or went
    concerned: Collection[int]  # the owners of all these
    owned: Mapping[int, list[int]] | None  # keys of `orders` by owner, where a row does not own itself
    unread: Collection[int] = frozenset()  # the owners of `concerned` whose texts nobody has asked for since
    newer_owned: Mapping[int, list[int]] = field(default_factory=dict)  # keys of `newer` by owner
    read: dict[str, list[tuple]] = field(default_factory=dict)  # what `newer` was made of, kept by who read it
    # What the database said of the facets, kept by who asked; true as long as the index is.
    offered: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[tuple[str, str], Labels] = field(default_factory=dict)  # by facet and language
    shown: dict[Hashable, dict[int, Any]] = field(default_factory=dict)  # rows that pages have shown: see `rows()`
    made: dict[Hashable, Any] = field(default_factory=dict)  # of facets alone: see `of_facets()`
    _orders: dict[str, Order] = field(default_factory=dict)
    _stayed: dict[str, BitMap] = field(default_factory=dict)  # by order, rows known to stand there where they stood

    @classmethod
    def build(cls, epoch: int, number: int, rows: Rows, texts: Layer, shared: Shared) -> "Index":
        """Index rows from nothing; `shared` are the texts of the values of facets."""
        orders = Orders(rows)
        facets = {
            name: Postings.of(keys, is_single_valued=name in rows.single_valued) for name, keys in rows.facets.items()
        }
        return cls(
            epoch=epoch,
            number=number,
            keys=orders.keys,
            facets=facets,
            last_corpus=Corpus.of(texts, shared, facets),
            orders=orders,
            newer=Orders(NO_ROWS._replace(ranks=dict.fromkeys(rows.ranks, ((), False)))),
            shared_since=number,
            outdated=BitMap(),
            concerned=frozenset(),
            owned=None if rows.owners == rows.keys else _grouped(zip(rows.owners, rows.keys, strict=True)),
        )

    def changed(self, number: int, owners: Collection[int], rows: Rows) -> "Index":
        """Return the index after the rows of some more owners changed; `rows` are those there now of all `concerned`.

        Their texts are unread. Costs what these rows cost, and some milliseconds for copies of what they concern.
        """
        in_orders = owners if self.owned is None else _keys_of(owners, self.owned)
        in_orders = (self.orders.keys & BitMap(in_orders)) - self.outdated
        gone = in_orders | BitMap(_keys_of(owners, self.newer_owned))
        newer_owned = _grouped(zip(rows.owners, rows.keys, strict=True))
        came, newer = BitMap(_keys_of(owners, newer_owned)), Orders(rows)
        facets = {
            name: postings.changed(gone, {value: came & BitMap(keys) for value, keys in rows.facets[name].items()})
            for name, postings in self.facets.items()
        }
        outdated = self.outdated | in_orders
        return replace(
            self,
            number=number,
            keys=(self.orders.keys - outdated) | newer.keys,
            facets=facets,
            newer=newer,
            newer_owned=newer_owned,
            outdated=outdated,
            concerned=self.concerned | set(owners),
            unread=self.unread | set(owners),
            read={},
            offered={},
            labels={},
            shown={
                kind: {key: row for key, row in list(rows.items()) if key not in gone}
                for kind, rows in list(self.shown.items())
            },
            made={},
            _orders={},
            _stayed={order: stayed - gone for order, stayed in list(self._stayed.items())},
        )

    def with_texts(self, texts: Layer) -> "Index":
        """Return the index with the texts of all rows of `newer`."""
        corpus = self.last_corpus.changed(self.outdated, texts, self.facets)
        return replace(self, last_corpus=corpus, unread=frozenset())

    def renamed(self, number: int, shared: Shared) -> "Index":
        """Return the index with other texts of the values of facets; which rows have a value is the same."""
        corpus = self.last_corpus.renamed(shared)
        outdated = {name: {} for name in ("offered", "labels", "shown", "made")}
        return replace(self, number=number, last_corpus=corpus, shared_since=number, **outdated)

    @property
    def corpus(self) -> Corpus:
        """Return the texts of all rows.

        :raises TextsNotReadError: where some are unread.
        """
        if self.unread:
            raise TextsNotReadError(f"The texts of {len(self.unread)} owners changed: ask for the index with texts.")
        return self.last_corpus

    def owned_by(self, owners: Collection[int]) -> BitMap:
        """Return the keys of the rows that some owners have."""
        if self.owned is None:
            return self.keys & BitMap(owners)
        return self.keys & BitMap(_keys_of(owners, self.owned) + _keys_of(owners, self.newer_owned))

    def rows(self, kind: Hashable, keys: Sequence[int], read: Callable[[Sequence[int]], Iterable]) -> list:
        """Return the rows of some keys as pages show them; `read` gives those not shown since an edit concerned them.

        Rows of different columns, or in different languages, are of different kinds.
        """
        held = self.shown.get(kind, {})
        found = {key: held[key] for key in keys if key in held}
        if new := [key for key in keys if key not in found]:
            if sum(map(len, list(self.shown.values()))) + len(new) > ROWS_HELD:
                self.shown.clear()
            came = dict(zip(new, read(new), strict=True))
            # An edit of a row that is not listed is none of the list.
            self.shown.setdefault(kind, {}).update((key, row) for key, row in came.items() if key in self.keys)
            found |= came
        return [found[key] for key in keys]

    def of_facets(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what `make` makes of which rows have which values; the same again while that stays as it is."""
        made = self.made.get(key)
        if made is None:
            if len(self.made) >= FILTERS_HELD:
                self.made.clear()
            made = self.made[key] = make()
        return made

    def page(self, keys: BitMap, order: str, start: int, stop: int) -> list[int]:
        """Return keys from `start` to `stop` in one of the orders; sorts few, scans the order for many."""
        ordered, place, _staying = self._ordered(order)
        if len(keys) == len(ordered):
            return list(ordered[start:stop])
        if len(keys) ** 2 * SORT_COST < stop * len(ordered):
            return sorted(keys, key=place)[start:stop]
        return list(islice(filter(keys.__contains__, ordered), start, stop))

    def after(self, keys: BitMap, order: str, place: Place, number: int) -> list[int]:
        """Return up to `number` keys that come after a place in one of the orders, where no row need stand any more."""
        ordered, descends = self._ordered(order).keys, order in self.orders.descending
        start = bisect_left(ordered, True, key=lambda key: self.place(order, key).comes_after(place, descends))
        return list(islice(filter(keys.__contains__, memoryview(ordered)[start:]), number))

    def between(self, keys: BitMap, order: str, first: str, last: str) -> list[int]:
        """Return those of the keys that go by a text from the first to the last, in an order that ascends."""
        ordered = self._ordered(order).keys
        start = bisect_left(ordered, (False, first), key=partial(self._rank, order))
        stop = bisect_right(ordered, (False, last), start, key=partial(self._rank, order))
        return list(filter(keys.__contains__, memoryview(ordered)[start:stop]))

    def place(self, order: str, key: int) -> Place:
        """Return what the row of a key goes by in one of the orders."""
        rank = None if order == BY_NAME else self._goes_by(order, key)
        return Place(rank, self._goes_by(BY_NAME, key), key)

    def _rank(self, order, key):
        rank = self._goes_by(order, key)
        return rank is None, rank

    def _goes_by(self, order, key):
        orders = self.newer if key in self.newer.keys else self.orders
        return orders.place(order, orders.position(order, key))

    def _ordered(self, order):
        if order not in self._orders:
            stayed = self._stayed.get(order, BitMap())
            self._orders[order] = made = Order.of(order, self.orders, self.outdated, self.newer, stayed)
            self._stayed[order] = made.staying
        return self._orders[order]


def _keys_of(owners, owned):
    return [key for owner in owners for key in owned.get(owner, ())]


def _grouped(pairs):
    grouped = defaultdict(list)
    for owner, key in pairs:
        grouped[owner].append(key)
    return dict(grouped)
