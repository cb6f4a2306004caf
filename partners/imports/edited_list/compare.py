"""How a file of the list of institutions differs from the directory: the institution of each row, its new cells."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ...exports import Value, csv_cells, unguard_formula
from ...lists.cells import Codes, WrongCellError, read_text
from ...lists.column import Column
from ...lists.institutions import INSTITUTION_ROWS
from ...models import FormerSlug, Institution
from .cells import is_same
from .file import KEY, Mistakes, Row


@dataclass
class FileRow:
    """A row of the file with its institution, and its differences by column."""

    line: int
    key: int  # of the institution
    cells: Sequence[str]
    differing: dict[str, str] = field(default_factory=dict)  # cells as the file has them
    unread: set[str] = field(default_factory=set)  # columns whose cells are mistakes
    old: dict[str, Value] = field(default_factory=dict)
    new: dict[str, Value] = field(default_factory=dict)  # without mistakes and mere differences of spelling


class Addresses:
    """The institution that each slug leads to; a current slug wins over a former one. Three queries."""

    def __init__(self):
        self._keys = dict(FormerSlug.objects.filter(lab=None).values_list("slug", "institution"))
        self._keys |= dict(Institution.objects.values_list("slug", "pk"))
        self._with_page = set(Institution.objects.with_page().values_list("pk", flat=True))
        self._lines: dict[int, int] = {}

    def key(self, slug: str | None, line: int) -> int:
        """Return the key of the institution that a row is about.

        :raises WrongCellError: for a slug that leads nowhere, to a draft, or to the institution of a row above.
        """
        key = self._keys.get(slug)
        if key is None:
            raise WrongCellError(_("no institution has this address: correct it, or delete the row"))
        if key not in self._with_page:
            raise WrongCellError(_("this is a draft, which is edited in the admin: delete the row"))
        if self._lines.setdefault(key, line) != line:
            raise WrongCellError(_("line %(line)d is of the same institution: delete one") % {"line": self._lines[key]})
        return key


class Comparison:
    """The comparison of one file with the directory; five queries, and eight for each chunk of rows."""

    def __init__(self, columns: Sequence[Column], mistakes: Mistakes):
        self._columns = {column.name: column for column in columns}  # in the order of the file
        self._key_at = list(self._columns).index(KEY)
        self._addresses = Addresses()
        self._codes = Codes()
        self._mistakes = mistakes

    def matched(self, rows: Iterable[Row]) -> Iterator[FileRow]:
        """Yield the rows whose institution is in the directory, at most one for each."""
        for line, cells in rows:
            slug = cells[self._key_at]
            try:
                yield FileRow(line, self._addresses.key(read_text(slug), line), cells)
            except WrongCellError as error:
                self._mistakes.add(line, {KEY: slug}, str(error))

    def changed(self, rows: Sequence[FileRow]) -> list[FileRow]:
        """Return the rows that change something; pass at most `lists.column.CHUNK_SIZE` rows at a time."""
        self._find_differing(rows)
        for row in rows:
            self._read(row)
            self._refuse_foreign(row)
        return [row for row in rows if row.new]

    def _find_differing(self, rows: Sequence[FileRow]) -> None:
        # A former slug of the institution is valid, and so is the `url` that was made from it.
        slugs = [read_text(row.cells[self._key_at]) for row in rows]
        known = INSTITUTION_ROWS.of_file([row.key for row in rows], slug=slugs)
        for column, *cells in zip(self._columns, *(row.cells for row in rows), strict=True):
            values = known[column]
            written = csv_cells(values)
            if written != cells:
                for row, here, cell, value in zip(rows, written, cells, values, strict=True):
                    if here != cell:
                        row.differing[column], row.old[column] = cell, value

    def _read(self, row: FileRow) -> None:
        for column, cell in row.differing.items():
            try:
                value = self._columns[column].read_back(cell, self._codes)
            except WrongCellError as error:
                self._mistakes.add(row.line, {column: cell}, str(error))
                row.unread.add(column)
            else:
                if not is_same(row.old[column], value):
                    row.new[column] = value

    def _refuse_foreign(self, row: FileRow) -> None:
        """Remove the columns that a file may not change; the name of the new country is no mistake."""
        for column in [column for column in row.new if self._columns[column].elsewhere]:
            value = row.new.pop(column)
            if column == "country_name" and value == self._codes.countries.get(row.new.get("country")):
                continue
            advice = self._columns[column].elsewhere % {"old": in_words(row.old[column])}
            self._mistakes.add(row.line, {column: row.differing[column]}, advice)


def in_words(value: Value) -> str:
    """Return a value as its cell shows it."""
    [cell] = csv_cells([value])
    return unguard_formula(cell) or _("nothing")
