"""What changed: record by record, and between two days."""

from .filter import ChangesFilter
from .period import Period, period
from .since import institutions_since_day, institutions_since_position, left
from .timeline import Timeline, newest_of
from .words import Change, FieldChange

__all__ = [
    "Change",
    "ChangesFilter",
    "FieldChange",
    "Period",
    "Timeline",
    "institutions_since_day",
    "institutions_since_position",
    "left",
    "newest_of",
    "period",
]
