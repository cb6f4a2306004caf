"""What others edited since a file was written: by the column `as_of`, which marks the state of each row then."""

import re
from collections.abc import Collection, Sequence

from django.db.models import Max, Model

from ...lists.cells import read_text
from ...lists.column import AS_OF
from ...models import InstitutionName, Participation
from .kinds import NAME_IN

# Newest record of the entry's history, of its roles', and of its names'; files of former releases have no third one.
MARK = re.compile(r"h(\d{1,18})r(\d{1,18})(?:n(\d{1,18}))?", re.ASCII)
ROLES = "roles"
POINT = {"latitude", "longitude"}


class Meanwhile:
    """Finds the cells whose values somebody else wrote after the file, and takes them out of what is written."""

    def __init__(self, model: type[Model], replaced: Collection[tuple[int, str]] | None):
        self._history = model.history.model
        self._of_roles = "institution" if model.__name__ == "Institution" else "lab"
        self._replaced = replaced

    def set_apart(self, rows: Sequence) -> None:
        """Move new values from `new` to `meanwhile`, unless they are to replace what others wrote.

        Three queries, and one for names in a language.
        """
        marks = {row.key: MARK.fullmatch(read_text(row.cells.get(AS_OF, "")) or "") for row in rows}
        keys = [key for key, mark in marks.items() if mark]
        if self._replaced is None or not keys:
            return
        newest = self._newest(self._history, "id", keys)
        of_roles = self._newest(Participation.history.model, self._of_roles, keys)
        of_names = self._newest_names([row.key for row in rows if any(map(_is_name, row.new))])
        later = {key: int(marks[key][1]) for key in keys if newest.get(key, 0) > int(marks[key][1])}
        records = self._history.objects.filter(history_id__in=[*later.values(), *(newest[key] for key in later)])
        by_number = {record.history_id: record for record in records}
        for row in rows:
            if not marks[row.key]:
                continue
            then, now = by_number.get(later.get(row.key)), by_number.get(newest.get(row.key))
            for column in list(row.new):
                if column == ROLES:
                    is_edited = of_roles.get(row.key, 0) > int(marks[row.key][2])
                elif _is_name(column):
                    newest_name = of_names.get((row.key, column.removeprefix(NAME_IN).lower()), 0)
                    is_edited = marks[row.key][3] is not None and newest_name > int(marks[row.key][3])
                else:
                    is_edited = row.key in later and _differ(then, now, column)
                if is_edited and (row.line, column) not in self._replaced:
                    row.meanwhile[column] = row.new.pop(column)

    @staticmethod
    def _newest(history, owner, keys):
        rows = history.objects.filter(**{f"{owner}__among": keys}).order_by()
        return dict(rows.values_list(owner).annotate(Max("history_id")))

    @staticmethod
    def _newest_names(keys):
        """Return {(institution, language): the newest record of a name in it}."""
        newest = {}
        if keys:
            rows = InstitutionName.history.filter(institution__among=keys).order_by()
            for key, language, number in rows.values_list("institution", "language").annotate(Max("history_id")):
                newest[key, language.lower()] = max(number, newest.get((key, language.lower()), 0))
        return newest


def _is_name(column):
    return column.startswith(NAME_IN)


def _differ(then, now, column):
    """Say whether a column says something else; where the record of then is gone, it may."""
    if then is None:
        return True
    names = [*POINT, "city_id"] if column in POINT else [column]
    fields = {field.name: field.attname for field in type(now).tracked_fields}
    attributes = [fields.get(name, name) for name in names]
    return any(getattr(then, name, None) != getattr(now, name, None) for name in attributes)
