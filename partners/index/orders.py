"""Rows of a list in each of its orders, as they were read at once and as they stand after some changed."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from pyroaring import BitMap

from ..search.packed import Packed

BY_NAME = "name"  # the order that ties in all others go by


class Place(NamedTuple):
    """What a row goes by in an order, in texts: by its rank, in which nothing comes last, by its name, by its key."""

    rank: str | None
    name: str
    key: int

    def comes_after(self, other: "Place", descends: bool) -> bool:
        """Say whether it comes after another place in an order whose ranks ascend or descend."""
        if self.rank == other.rank:
            return (self.name, self.key) > (other.name, other.key)
        if self.rank is None or other.rank is None:
            return self.rank is None
        return self.rank < other.rank if descends else self.rank > other.rank


class Rows(NamedTuple):
    """Rows of a list as they are read at once: columns, ordered by key."""

    keys: Sequence[int]
    owners: Sequence[int]  # the change log speaks of them
    names: Sequence[str]  # what the order by name goes by
    ranks: Mapping[str, tuple[Sequence, bool]]  # what each further order goes by, and whether it descends
    facets: Mapping[str, Mapping[Hashable, Collection[int]]]  # for each facet {value: keys}
    single_valued: Collection[str]  # the facets of which each row has one value


NO_ROWS = Rows((), (), (), {}, {}, ())


class Orders:
    """Rows that were read at once, in each order: by name, and by further ranks whose ties go by name.

    All orders go by texts: names, days and moments in ISO 8601.
    """

    def __init__(self, rows: Rows):
        self.keys = BitMap(rows.keys, optimize=False)
        self.descending = {name for name, (_column, descending) in rows.ranks.items() if descending}
        self.in_order, self._places = {}, {}  # for each order all keys, and what they go by
        self._positions = {}  # for each order where the rows stand, by key
        by_name = sorted(range(len(rows.keys)), key=rows.names.__getitem__)
        for name, (column, descending) in ({BY_NAME: (rows.names, False)} | rows.ranks).items():
            order = by_name if name == BY_NAME else _sorted(by_name, column, descending)
            self.in_order[name] = array("I", map(rows.keys.__getitem__, order))
            self._places[name] = Packed(value for value in map(column.__getitem__, order) if value is not None)
            self._positions[name] = positions = array("I", bytes(4 * len(order)))
            for position, at in enumerate(order):
                positions[at] = position

    def position(self, order: str, key: int) -> int:
        """Return where a row stands in an order."""
        return self._positions[order][self.keys.rank(key) - 1]

    def place(self, order: str, at: int) -> str | None:
        """Return what the row at a position of an order goes by."""
        places = self._places[order]
        return places[at] if at < len(places) else None

    def keeps_place(self, order: str, key: int, newer: "Orders") -> bool:
        """Say whether a row, of both, goes by the same as before in other Orders, as after most edits."""
        return all(
            self.place(name, self.position(name, key)) == newer.place(name, newer.position(name, key))
            for name in {order, BY_NAME}
        )

    def insertions(self, order: str, newer: "Orders", staying: BitMap) -> list[tuple[int, int]]:
        """Return (position, key) of the rows of other Orders in their order, before which of these rows each goes.

        Without those that stay where they are.
        """
        return [(self._insertion(order, key, newer), key) for key in newer.in_order[order] if key not in staying]

    def _insertion(self, order, key, newer):
        in_order, place = self.in_order[order], newer.place(order, newer.position(order, key))
        if order == BY_NAME:
            return bisect_left(range(len(in_order)), (place, key), key=lambda at: (self.place(order, at), in_order[at]))
        by_name, descends = self._insertion(BY_NAME, key, newer), order in self.descending

        def goes_after(at):
            other = self.place(order, at)
            if other == place:
                return self.position(BY_NAME, in_order[at]) >= by_name
            if other is None or place is None:
                return other is None
            return other < place if descends else other > place

        return bisect_left(range(len(in_order)), True, key=goes_after)


class Order(NamedTuple):
    """All rows of a list in one order, as it stands now."""

    keys: array
    place: Callable[[int], tuple]  # of a key: what sorts a few of them
    staying: BitMap  # changed rows that stand where they stood

    @classmethod
    def of(cls, name: str, orders: Orders, outdated: BitMap, newer: Orders, stayed: BitMap) -> "Order":
        """Return the rows of both layers without the outdated ones of the first; `stayed` are known to be staying."""
        changed = (newer.keys & outdated) - stayed
        staying = stayed | BitMap(key for key in changed if orders.keeps_place(name, key, newer))
        if staying == outdated == newer.keys:
            return cls(orders.in_order[name], partial(orders.position, name), staying)
        insertions = orders.insertions(name, newer, staying)
        inserted = {key: (position, 0, number) for number, (position, key) in enumerate(insertions)}
        removed = {key: (orders.position(name, key), 1, 0) for key in (orders.keys & outdated) - staying}
        keys, start = array("I"), 0
        for (position, is_removed, _number), key in sorted(
            (place, key) for places in (inserted, removed) for key, place in places.items()
        ):
            keys.extend(orders.in_order[name][start:position])
            start = position + is_removed
            if not is_removed:
                keys.append(key)
        keys.extend(orders.in_order[name][start:])
        return cls(keys, lambda key: inserted.get(key) or (orders.position(name, key), 1, 0), staying)


def _sorted(by_name, column, descending):
    """Return the rows in the order of a column: ties by name, what is nothing last."""
    known = [at for at in by_name if column[at] is not None]
    known.sort(key=column.__getitem__, reverse=descending)  # keeps ties as they stand either way
    return [*known, *(at for at in by_name if column[at] is None)]
