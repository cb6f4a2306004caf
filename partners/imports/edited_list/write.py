"""Edit institutions as the rows of a file say, by the rules of the models and with a record of each edit."""

from collections import defaultdict
from collections.abc import Sequence

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from ...lists.cells import WrongCellError
from ...models import Institution, Participation
from .compare import FileRow
from .file import Mistakes
from .roles import edited_roles

POINT = ("latitude", "longitude")
ROLES = "roles"


class Edits:
    """The edits of a file: rows are written until the first mistake, then only checked; a dry run only checks.

    Two queries for each call of `make`, and some twenty statements for each row. The caller's transaction makes it all
    or nothing.
    """

    def __init__(self, header: Sequence[str], mistakes: Mistakes, *, reason: str, dry_run: bool):
        self._has_point = set(POINT) <= set(header)
        self._mistakes = mistakes
        self._reason = reason
        self._dry_run = dry_run

    def make(self, rows: Sequence[FileRow]) -> list[Institution]:
        """Apply the rows and return the institution of each."""
        keys = [row.key for row in rows]
        entries = Institution.objects.filter(pk__among=keys)
        found = {entry.pk: entry for entry in (entries if self._dry_run else entries.select_for_update())}
        participations = defaultdict(list)
        for participation in Participation.objects.filter(institution__among=keys):
            participations[participation.institution_id].append(participation)
        for row in rows:
            self._edit_entry(row, found[row.key])
            self._edit_roles(row, found[row.key], participations[row.key])
        return [found[key] for key in keys]

    def _edit_entry(self, row: FileRow, entry: Institution) -> None:
        columns = [column for column in row.new if column != ROLES]
        if not columns:
            return
        if not row.new.keys().isdisjoint(POINT):
            entry.latitude, entry.longitude = entry.point or (None, None)  # the other one may be the city's
        for column in columns:
            field = entry._meta.get_field(column)
            value = row.new[column]
            setattr(entry, field.attname, "" if value is None and not field.null else value)
        self._refuse_half_points(row, entry)
        self._write([entry] if self._is_right(row, entry, columns) else [])

    def _refuse_half_points(self, row: FileRow, entry: Institution) -> None:
        changed = {column: row.differing[column] for column in POINT if column in row.new}
        if changed and not self._has_point:
            self._mistakes.add(row.line, changed, _("both columns of a point are needed: download the list anew"))
        elif changed and entry.latitude is None and entry.longitude is None and entry.point:
            self._mistakes.add(row.line, changed, _("without a point the city's is shown: delete it in the admin"))

    def _edit_roles(self, row: FileRow, entry: Institution, participations: Sequence[Participation]) -> None:
        if ROLES not in row.new:
            return
        try:
            written, deleted = edited_roles(entry, participations, row.old[ROLES], row.new[ROLES])
        except WrongCellError as error:
            self._mistakes.add(row.line, {ROLES: row.differing[ROLES]}, str(error))
        else:
            self._write([one for one in written if self._is_right(row, one, [ROLES])], deleted)

    def _is_right(self, row: FileRow, model: Model, columns: Sequence[str]) -> bool:
        try:
            model.full_clean(exclude=row.unread)
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                about = [field] if field in columns else columns
                of_field = "" if field in [*columns, NON_FIELD_ERRORS] else f"{field}: "
                for message in dict.fromkeys(messages):  # a field and its model may say the same
                    cells = {column: row.differing[column] for column in about}
                    self._mistakes.add(row.line, cells, f"{of_field}{message}")
            return False
        return True

    def _write(self, written: Sequence[Model], deleted: Sequence[Model] = ()) -> None:
        if self._dry_run or self._mistakes.count:
            return
        for model in [*written, *deleted]:
            model._change_reason = self._reason
        for model in written:
            model.save()
        for model in deleted:
            model.delete()
