"""What breaks where some institutions leave."""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from .cells import Cell


@dataclass(frozen=True)
class Loss:
    """A cell before and after some institutions leave."""

    before: Cell
    after: Cell

    @property
    def role(self):
        """Return the role whose cell it is."""
        return self.after.role

    @property
    def is_gap(self):
        """Say whether nobody takes part any more."""
        return self.after.is_gap and not self.before.is_gap

    @property
    def is_idle(self):
        """Say whether others take part, but nobody who works already."""
        return not self.after.is_gap and _works(self.before) > 0 == _works(self.after)

    @property
    def is_single_point(self):
        """Say whether all hangs on one institution from then on."""
        return self.after.is_single_point and not self.before.is_single_point


@dataclass(frozen=True)
class Losses:
    """What some institutions leave behind: each a list of (role, its Losses) in the order of the board."""

    gaps: tuple
    idle: tuple
    single_points: tuple

    def __bool__(self):
        return bool(self.gaps or self.idle or self.single_points)


def losses(before, after):
    """Return the Losses between two boards of one question, the second one without those who leave; no query."""
    was = {(cell.role.code, cell.place.code): cell for cell in before.cells}
    all_of_them = [Loss(was[cell.role.code, cell.place.code], cell) for cell in after.cells]
    return Losses(
        *(
            _by_role(loss for loss in all_of_them if getattr(loss, kind))
            for kind in ("is_gap", "is_idle", "is_single_point")
        )
    )


def _by_role(found):
    return tuple((role, tuple(of_role)) for role, of_role in groupby(found, attrgetter("role")))


def _works(cell):
    return cell.operational.number if cell.operational else 0
