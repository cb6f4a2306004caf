"""What changed: record by record, and between two days."""

from .filter import ChangesFilter
from .period import Period, period
from .timeline import Timeline
from .words import Change, FieldChange

__all__ = ["Change", "ChangesFilter", "FieldChange", "Period", "Timeline", "period"]
