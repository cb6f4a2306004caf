"""The parts of a board."""

from dataclasses import dataclass

from ...lists.gather import RoleRow
from ...models import State


@dataclass(frozen=True)
class Place:
    """A column: one country, those whose country is not stated, or everywhere."""

    code: str  # as in addresses
    label: str
    url: str = ""  # of the country's page


@dataclass(frozen=True)
class StateCount:
    """How many institutions of a cell are in one state, with the list it counts."""

    state: str
    label: str
    number: int
    url: str


@dataclass(frozen=True)
class Cell:
    """Who takes part in one role in one place; an institution with two labs in different states counts in both."""

    role: RoleRow
    place: Place
    total: int  # distinct institutions
    states: tuple[StateCount, ...]  # of the states that count, zeros included
    url: str  # the list that `total` counts
    gained: int = 0  # those of them whose signature is expected, where the board assumes it
    gained_url: str = ""

    @property
    def is_gap(self):
        """Say whether nobody takes part."""
        return not self.total

    @property
    def operational(self):
        """Return the count of the operational ones, or None where only other states are asked for."""
        return next((count for count in self.states if count.state == State.OPERATIONAL), None)

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
    operational_in: tuple[Place, ...]  # Places of all countries, or of none stated, where somebody is operational

    @property
    def all_cells(self):
        """Return the cells of the places, then the one for everywhere."""
        return (*self.cells, self.everywhere)

    @property
    def gaps(self):
        """Return those of all cells that are gaps."""
        return tuple(cell for cell in self.all_cells if cell.is_gap)
