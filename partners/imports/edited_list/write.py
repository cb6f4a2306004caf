"""Edit entries as the rows of a file say, by the rules of the models; what is to be written is collected."""

from collections import defaultdict
from collections.abc import Sequence

from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Model
from django.utils.translation import gettext as _

from ...lists.cells import WrongCellError
from ...models import Institution, InstitutionName, Lab, Participation
from ...models.bulk import Writes
from ...models.text import sort_key
from .compare import FileRow
from .file import Mistakes
from .kinds import NAME_IN, SPOKEN, LabFile
from .new import NewInstitutions, NewLabs, kind_of_name
from .roles import edited_roles, edited_roles_of_lab
from .rules import broken_rules

POINT = ("latitude", "longitude")
ROLES = "roles"


class Edits:
    """The edits of a file, judged and collected in `writes`; six queries for each call of `make`."""

    def __init__(self, kind, header: Sequence[str], mistakes: Mistakes, writes: Writes):
        self._kind = kind
        self._is_of_labs = isinstance(kind, LabFile)
        self._has_point = set(POINT) <= set(header)
        self._mistakes = mistakes
        self._writes = writes
        self._new = (NewLabs if self._is_of_labs else NewInstitutions)(kind, mistakes, self.is_right, writes)

    def make(self, rows: Sequence[FileRow]) -> None:
        """Judge the rows, and name the entry of each."""
        keys = [row.key for row in rows if not row.is_new]
        model = self._kind.model
        related = "institution" if self._is_of_labs else "city"
        found = {entry.pk: entry for entry in model.objects.filter(pk__among=keys).select_related(related)}
        owner = "lab" if self._is_of_labs else "institution"
        parts, labs, names = defaultdict(list), defaultdict(dict), defaultdict(list)
        with_roles = [row.key for row in rows if ROLES in row.new and not row.is_new]
        for one in Participation.objects.filter(**{f"{owner}__among": with_roles}):
            parts[getattr(one, f"{owner}_id")].append(one)
        if not self._is_of_labs and with_roles:
            for lab in Lab.objects.filter(institution__among=with_roles).order_by("-pk"):
                labs[lab.institution_id] |= {lab.name: lab.pk, lab.slug: lab.pk}
        with_names = [] if self._is_of_labs else [row.key for row in rows if not row.is_new and _has_name(row)]
        for name in InstitutionName.objects.filter(institution__among=with_names):
            names[name.institution_id].append(name)
        self._new.look_up([row for row in rows if row.is_new])
        for row in rows:
            if row.is_new:
                self._new.add(row)
                continue
            entry = found[row.key]
            row.slug, row.title = entry.slug, entry.name
            self._edit_fields(row, entry)
            self._edit_names(row, entry, names[row.key])
            if "name" in row.new and not self._is_of_labs:
                self._remember_name(entry, row.title, names[row.key])
            self._edit_roles(row, entry, parts[row.key], labs[row.key])

    def _edit_fields(self, row: FileRow, entry: Model) -> None:
        columns = [column for column in row.new if column != ROLES and not _is_name(column)]
        if not columns:
            return
        fields = set(columns)
        if not row.new.keys().isdisjoint(POINT):
            entry.latitude, entry.longitude = entry.point or (None, None)  # the other one may be the city's
            fields |= set(POINT)
        for column in columns:
            set_field(entry, column, row.new[column])
        if "name" in columns:
            entry.sort_key = sort_key(entry.name)
            fields.add("sort_key")
        self._refuse_half_points(row, entry)
        if self.is_right(row, entry, columns):
            self._writes.change(entry, fields)

    def _refuse_half_points(self, row: FileRow, entry: Model) -> None:
        changed = {column: row.differing[column] for column in POINT if column in row.new}
        if changed and not self._has_point:
            self._mistakes.add(row.line, changed, _("both columns of a point are needed: download the list anew"))
        elif changed and entry.latitude is None and entry.longitude is None and entry.point:
            self._mistakes.add(row.line, changed, _("without a point the city's is shown: delete it in the admin"))

    def _edit_names(self, row: FileRow, entry: Institution, names: list[InstitutionName]) -> None:
        for column in filter(_is_name, row.new):
            language = column.removeprefix(NAME_IN)
            same = [name for name in names if name.kind in SPOKEN and name.language.lower() == language.lower()]
            if len(same) > 1:
                advice = _("it has several names in this language: edit them in the admin")
                self._mistakes.add(row.line, {column: row.differing[column]}, advice)
                continue
            name = same[0] if same else InstitutionName(institution=entry, language=language)
            name.value = row.new[column]
            if not same:
                name.kind = kind_of_name(name.value, language, entry.country_id)
            if self.is_right(row, name, [column], fields=["value"]):
                if same:
                    self._writes.change(name, ["value"])
                else:
                    self._writes.add(name)
                    names.append(name)

    def _remember_name(self, entry: Institution, before: str, names: Sequence[InstitutionName]) -> None:
        new, outdated = InstitutionName.after_renaming(entry, before, names)
        for name in new:
            self._writes.add(name)
        for name in outdated:
            self._writes.remove(name)

    def _edit_roles(self, row, entry, participations, labs) -> None:
        if ROLES not in row.new:
            return
        try:
            if self._is_of_labs:
                written, deleted = edited_roles_of_lab(entry, participations, row.new[ROLES])
            else:
                written, deleted = edited_roles(entry, participations, row.old[ROLES], row.new[ROLES], labs)
        except WrongCellError as error:
            self._mistakes.add(row.line, {ROLES: row.differing[ROLES]}, str(error))
            return
        for one in written:
            if one.pk is None:
                self._writes.add(one)
            else:
                self._writes.change(one, ["state"])
        for one in deleted:
            self._writes.remove(one)

    def is_right(self, row: FileRow, model: Model, columns: Sequence[str], fields: Sequence[str] = ()) -> bool:
        """Say whether a row keeps the rules, and record those that it breaks."""
        broken = broken_rules(model, fields or columns, row.unread)
        for field, messages in broken.items():
            about = [field] if field in columns else columns
            of_field = "" if fields or field in [*columns, NON_FIELD_ERRORS] else f"{field}: "
            for message in messages:
                cells = {column: row.differing[column] for column in about if column in row.differing}
                self._mistakes.add(row.line, cells, f"{of_field}{message}")
        return not broken


def set_field(entry: Model, column: str, value) -> None:
    """Give a field the value of a cell; nothing is an empty text where the column knows no NULL."""
    field = entry._meta.get_field(column)
    setattr(entry, field.attname, "" if value is None and not field.null else value)


def _has_name(row):
    return "name" in row.new or any(map(_is_name, row.new))


def _is_name(column):
    return column.startswith(NAME_IN)
