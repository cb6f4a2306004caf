"""What the values of a facet are called in a language, and in which order its readers look for them; knows no model."""

from collections.abc import Callable, Collection, Container, Iterable, Mapping
from heapq import nsmallest
from itertools import islice

FEW = 500  # values that are ordered by their labels; the first of more are looked for in the order of all

Read = Callable[[Collection[str]], Mapping[str, tuple[str, str]]]  # codes -> {code: (what orders its label, label)}


class Labels:
    """The labels of one facet's values in one language, read as they are asked for.

    Where very many values have equal numbers, all are put in order once, and pages take the first of these. The order
    stays over edits: what they concern is looked at beside it.
    """

    def __init__(self):
        self._known = {}  # {code: (what orders its label, label)}
        self._in_order = None  # the codes of all values, once they were needed
        self._moved = frozenset()  # those that stand elsewhere since, perhaps

    def collated(self, codes: Iterable[str], read: Read) -> dict[str, tuple[str, str]]:
        """Return {code: (what orders its label, label)} in the order of the codes."""
        if new := [code for code in codes if code not in self._known]:
            self._known.update(read(new))
        return {code: self._known[code] for code in codes}

    def first(self, codes: Collection[str], most: int, values: Iterable[str], read: Read) -> list[str]:
        """Return so many of some codes, the first by their labels, equal ones by code; `values` are those of all rows.

        Few codes are sorted. Else the order is gone through from its beginning, and only what is returned is held.
        """
        if len(codes) > FEW:
            if self._in_order is None:
                collated = read(list(values))
                self._in_order = sorted(collated, key=lambda code: (collated[code], code))
            staying = (code for code in self._in_order if code in codes and code not in self._moved)
            codes = [*islice(staying, most), *filter(codes.__contains__, self._moved)]
        collated = self.collated(codes, read)
        return nsmallest(most, codes, key=lambda code: (collated[code], code))

    def changed(self, concerned: Collection[str], values: Container[str], *, are_renamed: bool) -> "Labels":
        """Return the labels after an edit that concerned some values, old and new ones.

        Where it may have renamed these, they are asked for anew, and so is what no row has: no edit tells of it.
        """
        changed = Labels()
        changed._in_order = self._in_order
        changed._moved = self._moved.union(concerned) if self._in_order else self._moved
        changed._known = dict(self._known)
        for code in list(changed._known) if are_renamed else ():
            if code in concerned or code not in values:
                del changed._known[code]
        return changed
