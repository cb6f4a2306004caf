"""Decide what a newer record of the registry may change: never what an editor wrote.

Three states are compared: what is stored, what the last import wrote (`before`), what the registry says now (`new`).
A value that is still what the import wrote follows the registry; any other was written by an editor and stays.
In an entry that no import has written before, the registry fills only empty fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...models import NameKind, RegistryStatus

EMPTY = {
    "website": "",
    "founded": None,
    "funds_research": False,
    "status": RegistryStatus.ACTIVE.value,
    "replaced_by": None,
}
Name = tuple[str, str, str]  # value, kind, language


def merge_fields(stored: Mapping[str, Any], before: Mapping[str, Any] | None, new: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that the registry may write, with their new values.

    `place` is a pair of country and city, so that no city is written into another country; the first import fills in
    the city where the country agrees.
    """
    if before is not None:
        return {key: value for key, value in new.items() if key in before and before[key] == stored[key]}
    writable = {key: new[key] for key, empty in EMPTY.items() if key in new and stored[key] == empty}
    if stored["place"] in ([None, None], [new["place"][0], None]):
        writable["place"] = new["place"]
    return writable


@dataclass(slots=True)
class Links:
    """The changes to an entry's links; `written` holds those that count as the import's own."""

    add: set[int]
    remove: set[int]
    written: list[int]

    @property
    def changes(self) -> bool:
        return bool(self.add or self.remove)


def merge_links(stored: set[int], before: set[int], new: set[int]) -> Links:
    """Add what the registry added; remove what it dropped, if the import had written it."""
    add = new - before - stored
    return Links(add, (before - new) & stored, sorted(add | (new & before)))


@dataclass(slots=True)
class Names:
    """The changes to an entry's further names; values are [kind, language] by name."""

    add: dict[str, list[str]] = field(default_factory=dict)
    change: dict[Name, list[str]] = field(default_factory=dict)
    remove: list[Name] = field(default_factory=list)
    written: dict[str, list[str]] = field(default_factory=dict)

    @property
    def changes(self) -> bool:
        return bool(self.add or self.change or self.remove)


def merge_names(
    stored: set[Name], before: Mapping[str, list[str]], new: Mapping[str, list[str]], old_name: str, name: str
) -> Names:
    """Add the names that the entry has in no kind; a name that the registry dropped stays as a former name.

    `old_name` and `name` are the entry's shown name before and after this import.
    """
    values = {value for value, _kind, _language in stored}
    names = Names()

    def relabel(value: str, label: list[str]) -> None:
        names.written[value] = label
        row, wanted = (value, *before[value]), (value, *label)
        if row != wanted and row in stored and wanted not in stored:
            names.change[row] = label

    for value, label in new.items():
        if value in before and value != name:
            relabel(value, label)
        elif value not in values and value != name:
            names.add[value] = names.written[value] = label
    for value, label in before.items():
        if value == name:
            names.remove += {(value, *label)} & stored
        elif value not in new:
            relabel(value, [NameKind.FORMER.value, label[1]])
    if old_name != name and old_name not in new and old_name not in values:
        names.add[old_name] = names.written[old_name] = [NameKind.FORMER.value, ""]
    return names
