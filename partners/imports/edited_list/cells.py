"""When two spellings of a cell mean the same, and how a text of roles is read."""

from math import isclose
from typing import NamedTuple

from ...exports import Value
from ...lists.cells import OF_LAB

SAME_POINT = 1e-7  # degrees, a centimetre: spreadsheets round to what they show


class RoleInCell(NamedTuple):
    """A role as a cell says it."""

    role: str
    state: str
    lab: str  # its address or name, empty for the institution as a whole


def read_role(text: str) -> RoleInCell:
    """Undo `role_text`; a lab may stand behind it."""
    text, _sign, lab = text.partition(OF_LAB)
    role, _space, state = text.strip().partition(" ")
    return RoleInCell(role, state.strip("()"), lab.strip())


def is_same(old: Value, new: Value) -> bool:
    """Say whether a value from a file equals the directory's, however its cell was written."""
    if isinstance(old, float) and isinstance(new, float):
        return isclose(old, new, rel_tol=0, abs_tol=SAME_POINT)
    if isinstance(old, list) and isinstance(new, list):
        return set(old) == set(new)
    return (old or None) == (new or None)
