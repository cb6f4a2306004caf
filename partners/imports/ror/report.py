"""What an import did, for the editor who started it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

SHOWN = 20  # rows named for each kind
SHOWN_LENGTH = 60  # characters of a value


@dataclass
class Report:
    """Counts of records; every record read is created, updated, unchanged or skipped."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)  # by status; counted above too
    skipped: dict[str, list[str]] = field(default_factory=dict)  # reason: ROR ids
    left_out: dict[str, list[str]] = field(default_factory=dict)  # part of a record: ROR ids
    duplicates: list[str] = field(default_factory=list)  # created beside an entry that may be the same
    unlisted: list[str] = field(default_factory=list)  # partners that left the lists because of the registry
    cities: list[str] = field(default_factory=list)  # renamed as the registry did
    held: int = 0  # entries of which an editor's value stands against the registry's
    rows: dict[str, dict] = field(default_factory=dict)  # of the preview, by ROR id

    @property
    def read(self) -> int:
        return self.created + self.updated + self.unchanged + sum(map(len, self.skipped.values()))

    def skip(self, reason: str, ror_id: str) -> None:
        self.skipped.setdefault(reason, []).append(ror_id)

    def show(self, entry: Any, states: list[str], cells: Iterable[tuple[str, Any, Any]] = ()) -> None:
        """Take up an entry for the preview: its states, and (field, old value, new value) of what differs."""
        row = self.rows.setdefault(entry.ror_id, {"title": entry.name, "key": entry.pk, "states": [], "cells": []})
        row["states"] += states
        self.held += "held" in states
        row["cells"] += [{"column": key, "old": _short(old), "new": _short(new)} for key, old, new in cells]

    def leave_out(self, part: str, ror_id: str) -> None:
        self.left_out.setdefault(part, []).append(ror_id)

    def __str__(self) -> str:
        statuses = [f"{status} {count}" for status, count in sorted(self.set_aside.items())]
        lines = [
            _("Read: %(count)d") % {"count": self.read},
            _("Created: %(count)d") % {"count": self.created},
            _("Updated: %(count)d") % {"count": self.updated},
            _("Unchanged: %(count)d") % {"count": self.unchanged},
            _("Set aside, stored but not listed: %(rows)s") % {"rows": _listed(sum(self.set_aside.values()), statuses)},
        ]
        lines += [
            _("Skipped, %(reason)s: %(rows)s") % {"reason": reason, "rows": _listed(len(ids), ids)}
            for reason, ids in sorted(self.skipped.items())
        ]
        lines += [
            _("Left out, %(part)s: %(rows)s") % {"part": part, "rows": _listed(len(ids), ids)}
            for part, ids in sorted(self.left_out.items())
        ]
        if self.duplicates:
            rows = _listed(len(self.duplicates), self.duplicates)
            lines.append(
                _("Perhaps here twice, because an entry without ROR id may be the same: %(rows)s") % {"rows": rows}
            )
        if self.unlisted:
            rows = _listed(len(self.unlisted), self.unlisted)
            lines.append(_("Partners that left the lists: %(rows)s") % {"rows": rows})
        if self.cities:
            lines.append(_("Cities renamed: %(rows)s") % {"rows": _listed(len(self.cities), self.cities)})
        if self.held:
            lines.append(_("Held back by an editor's value: %(count)d") % {"count": self.held})
        return "\n".join(lines)


def _short(value: Any) -> str:
    text = " · ".join(map(str, filter(None, value))) if isinstance(value, list) else str(value or "")
    return text[:SHOWN_LENGTH] + "…" * (len(text) > SHOWN_LENGTH)


def _listed(count: int, rows: list[str]) -> str:
    """Return a count and the first rows that it counts."""
    if not rows:
        return str(count)
    more = ", …" if len(rows) > SHOWN else ""
    return f"{count} ({', '.join(rows[:SHOWN])}{more})"
