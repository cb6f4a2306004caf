"""The parts of a board."""

from dataclasses import dataclass
from typing import NamedTuple

from ...lists.gather import RoleRow
from ...models import State

COVERING_STATES = (State.OPERATIONAL, State.PLANNED, State.NOT_STATED)


@dataclass(frozen=True)
class Place:
    """A column: one country, those whose country is not stated, or everywhere."""

    code: str  # as in addresses
    label: str
    url: str = ""  # of the country's page


class StateCount(NamedTuple):  # a board of 60 cells has 180; as dataclasses they would take three times as long
    """How many institutions of a cell are in one state, with the list it counts."""

    state: str
    label: str
    number: int
    url: str


class Cell(NamedTuple):
    """Who takes part in one role in one place; an institution with two labs in different states counts in both."""

    role: RoleRow
    place: Place
    total: int  # distinct institutions
    states: tuple[StateCount, ...]  # of the states that count, zeros included
    operational: StateCount | None  # that of them, where it counts
    url: str  # the list that `total` counts
    gained: int = 0  # those of them whose signature is expected, where the board assumes it
    gained_url: str = ""

    @property
    def is_gap(self):
        """Say whether nobody takes part."""
        return not self.total

    @property
    def is_single_point(self):
        """Say whether exactly one institution is operational."""
        return self.operational is not None and self.operational.number == 1

    @property
    def is_closed_gap(self):
        """Say whether only those whose signature is expected take part."""
        return 0 < self.gained == self.total


@dataclass(frozen=True)
class Row:
    """One role: its cells in the order of the places, and the one for everywhere."""

    role: RoleRow
    cells: tuple[Cell, ...]
    everywhere: Cell
    operational_only_in: Place | None  # the country, or the one not stated, where all operational ones are

    @property
    def all_cells(self):
        """Return the cells of the places, then the one for everywhere."""
        return (*self.cells, self.everywhere)

    @property
    def gaps(self):
        """Return those of all cells that are gaps."""
        return tuple(cell for cell in self.all_cells if cell.is_gap)
