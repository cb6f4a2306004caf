"""The two lists that come back as files: what their columns are, and how a row leads to its entry."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ...lists.cells import WrongCellError, read_text
from ...lists.column import Column, ListRows
from ...lists.institutions import INSTITUTION_ROWS
from ...lists.labs import LAB_ROWS
from ...models import FormerSlug, Institution, InstitutionName, Lab, NameKind
from ...models.place import validate_language
from .file import MISTAKE
from .source import KEY

NAME_IN = "name:"  # begins a column of names in one language: `name:ru`
OWNER = "institution_slug"
SPOKEN = (NameKind.NATIVE, NameKind.OFFICIAL)


class FileKind(ABC):
    """What a file of one list may hold; three queries when its first row is looked up."""

    model: type
    rows: ListRows
    key_columns: Sequence[str] = (KEY,)
    pairs: Sequence[tuple[str, str]] = ()  # columns of the code and of the name of one thing

    def __init__(self, header: Sequence[str]):
        self.columns = {column.name: column for column in self.rows.file_columns}
        self.columns[MISTAKE] = Column(MISTAKE, "-")
        for name in header:
            if self.has_names and (found := re.fullmatch(f"{NAME_IN}(.+)", name)) and _is_language(found[1]):
                self.columns[name] = Column(name, "-")

    has_names = False

    @abstractmethod
    def key(self, cells: Mapping[str, str]) -> int | None:
        """Return the key of the entry that a row is about, None for a new one.

        :raises WrongCellError: for an address that leads nowhere, or to a draft.
        """

    def instead(self, rows: Sequence) -> dict[str, list[str]]:
        """Return what the rows say of their addresses, which may be former ones, by what they are read from."""
        return {KEY: [read_text(row.cells[KEY]) for row in rows]}

    def find_names(self, rows: Sequence) -> None:  # noqa: B027 - a list without names by language has none to find
        """Find the differing cells of names in one language."""


class InstitutionFile(FileKind):
    """The list of institutions; a row without address is a new one."""

    model = Institution
    rows = INSTITUTION_ROWS
    pairs = (("country", "country_name"),)
    has_names = True

    @cached_property
    def _keys(self):
        keys = dict(FormerSlug.objects.filter(lab=None).values_list("slug", "institution"))
        return keys | dict(Institution.objects.values_list("slug", "pk"))  # a current slug wins over a former one

    @cached_property
    def _with_page(self):
        return set(Institution.objects.with_page().values_list("pk", flat=True))

    def key(self, cells):
        slug = read_text(cells[KEY])
        if slug is None:
            if read_text(cells.get("url", "")):
                raise WrongCellError(_("one is empty and the other is not: put the address back"), (KEY, "url"))
            if not read_text(cells.get("name", "")):
                raise WrongCellError(_("no institution has this address: correct it, or delete the row"))
            return None
        key = self._keys.get(slug)
        if key is None:
            raise WrongCellError(_("no institution has this address: correct it, or delete the row"))
        if key not in self._with_page:
            raise WrongCellError(_("this is a draft, which is edited in the admin: delete the row"))
        return key

    def find_names(self, rows):
        columns = [name for name in self.columns if name.startswith(NAME_IN)]
        if not columns or not rows:
            return
        names = InstitutionName.objects.filter(institution__among=[row.key for row in rows], kind__in=SPOKEN)
        known: dict[tuple[int, str], list[str]] = {}
        for institution, language, value in names.values_list("institution", "language", "value"):
            known.setdefault((institution, language.lower()), []).append(value)
        for row in rows:
            for column in columns:
                values = known.get((row.key, column.removeprefix(NAME_IN).lower()), [])
                cell = read_text(row.cells.get(column, ""))
                if cell and cell not in values:
                    row.differing[column], row.old[column] = row.cells[column], values[0] if values else None


class LabFile(FileKind):
    """The list of labs; a row without address is a new lab of its institution."""

    model = Lab
    rows = LAB_ROWS
    key_columns = (KEY, OWNER)

    @cached_property
    def _institutions(self):
        keys = dict(FormerSlug.objects.filter(lab=None).values_list("slug", "institution"))
        return keys | dict(Institution.objects.values_list("slug", "pk"))

    @cached_property
    def _labs(self):
        former = FormerSlug.objects.exclude(lab=None).values_list("institution", "slug", "lab")
        labs = Lab.objects.order_by().values_list("institution", "slug", "pk")
        return {(institution, slug): key for rows in (former, labs) for institution, slug, key in rows}

    def owner(self, cells):
        """Return the key of the institution that a lab belongs to.

        :raises WrongCellError: for an address that leads nowhere.
        """
        institution = self._institutions.get(read_text(cells.get(OWNER, "")))
        if institution is None:
            raise WrongCellError(_("no institution has this address: correct it, or delete the row"), (OWNER,))
        return institution

    def key(self, cells):
        institution, slug = self.owner(cells), read_text(cells[KEY])
        if slug is None:
            if read_text(cells.get("url", "")):
                raise WrongCellError(_("one is empty and the other is not: put the address back"), (KEY, "url"))
            return None
        key = self._labs.get((institution, slug))
        if key is None:
            raise WrongCellError(_("this institution has no lab with this address: correct it, or delete the row"))
        return key

    def instead(self, rows):
        return super().instead(rows) | {"institution__slug": [read_text(row.cells[OWNER]) for row in rows]}


def kind_of(header: Sequence[str]) -> FileKind:
    """Return which list a file is, by the column that only the labs' has."""
    return (LabFile if OWNER in header else InstitutionFile)(header)


def _is_language(tag):
    try:
        validate_language(tag)
    except ValidationError:
        return False
    return True
