"""When two spellings of a cell mean the same, and how a text of roles is read."""

from math import isclose

from ...exports import Value

SAME_POINT = 1e-7  # degrees, a centimetre: spreadsheets round to what they show


def role_and_state(text: str) -> tuple[str, str]:
    """Undo `role_text`."""
    role, _space, state = text.partition(" ")
    return role, state.strip("()")


def is_same(old: Value, new: Value) -> bool:
    """Say whether a value from a file equals the directory's, however its cell was written."""
    if isinstance(old, float) and isinstance(new, float):
        return isclose(old, new, rel_tol=0, abs_tol=SAME_POINT)
    if isinstance(old, list) and isinstance(new, list):
        return set(old) == set(new)
    return (old or None) == new
