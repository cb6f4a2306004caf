"""How a file of a list differs from the directory: the entry of each row, its new cells."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from ...entries.twins import Known
from ...exports import Value, csv_cells, unguard_formula
from ...lists.cells import Codes, WrongCellError
from ...lists.column import AS_OF
from .cells import is_same
from .file import MISTAKE, Mistakes, shown
from .kinds import FileKind
from .meanwhile import Meanwhile
from .source import Row


class Twin(NamedTuple):
    """An entry that a row may repeat; one that an earlier row of the file makes has no key yet."""

    key: int | None
    slug: str
    reasons: tuple[str, ...]  # keys of `entries.twins.REASONS`


@dataclass
class FileRow:
    """A row of the file with its entry, and its differences by column."""

    line: int
    key: int | None  # of the entry; a new one has none
    cells: dict[str, str]
    differing: dict[str, str] = field(default_factory=dict)  # cells as the file has them
    unread: set[str] = field(default_factory=set)  # columns whose cells are mistakes
    old: dict[str, Value] = field(default_factory=dict)
    new: dict[str, Value] = field(default_factory=dict)  # without mistakes and mere differences of spelling
    meanwhile: dict[str, Value] = field(default_factory=dict)  # new values of what others edited since, not written
    known: Known | None = None  # of a new institution: what tells its twins
    twins: list[Twin] = field(default_factory=list)  # entries that a new row may repeat; see `name_twins()`
    slug: str = ""  # of the entry
    title: str = ""

    @property
    def is_new(self) -> bool:
        return self.key is None


class Comparison:
    """The comparison of one file with the directory; some ten queries, and as many for each chunk of rows.

    `replaced` holds (line, column) of the cells that replace what others edited meanwhile; None stands for all.
    """

    def __init__(
        self,
        kind: FileKind,
        header: Sequence[str],
        mistakes: Mistakes,
        *,
        spelled: Callable[[str], str] = str,
        replaced: Collection[tuple[int, str]] | None = (),
    ):
        self.kind = kind
        self._header = header
        self._columns = [name for name in header if name in kind.columns and name not in (AS_OF, MISTAKE)]
        self._codes = Codes()
        self._mistakes = mistakes
        self._spelled = spelled
        self._meanwhile = Meanwhile(kind.model, replaced)
        self._lines: dict[int, int] = {}

    def matched(self, rows: Iterable[Row]) -> Iterator[FileRow]:
        """Yield the rows whose entry is in the directory, at most one for each, and those of new entries."""
        for line, cells, wrong in rows:
            named = dict(zip(self._header, cells, strict=True))
            for place, advice in wrong.items():
                self._mistakes.add(line, {self._header[place]: unguard_formula(cells[place])}, advice)
            if wrong:
                continue
            try:
                row = FileRow(line, self.kind.key(named), named)
                self._refuse_second(row)
            except WrongCellError as error:
                columns = [name for name in self.kind.key_columns if name in named]
                self._mistakes.add(line, {name: named[name] for name in error.columns or columns[:1]}, str(error))
            else:
                yield row

    def _refuse_second(self, row: FileRow) -> None:
        if row.key is not None and (first := self._lines.setdefault(row.key, row.line)) != row.line:
            raise WrongCellError(_("line %(line)d is of the same institution: delete one") % {"line": first})

    def changed(self, rows: Sequence[FileRow]) -> list[FileRow]:
        """Return the rows that change something; pass at most `lists.column.CHUNK_SIZE` rows at a time."""
        known = [row for row in rows if not row.is_new]
        self._find_differing(known)
        for row in rows:
            if row.is_new:
                row.differing = {name: row.cells[name] for name in self._columns if row.cells[name]}
                row.old = dict.fromkeys(row.differing)
        self.kind.find_names(known)
        for row in rows:
            self._read(row)
            if row.new and not row.is_new:
                self._refuse_emptied(row)
                self._refuse_foreign(row)
        self._meanwhile.set_apart([row for row in known if row.new])
        return [row for row in rows if row.new or row.meanwhile or row.is_new]

    def _find_differing(self, rows: Sequence[FileRow]) -> None:
        # A former slug of the entry is valid, and so is the `url` that was made from it.
        known = self.kind.rows.of_file([row.key for row in rows], **self.kind.instead(rows))
        for column in self._columns:
            if column not in known:  # names in a language
                continue
            values = known[column]
            written = csv_cells(values)
            cells = [row.cells[column] for row in rows]
            if written != cells:
                for row, here, cell, value in zip(rows, written, cells, values, strict=True):
                    if here != cell and self._spelled(here) != cell:
                        row.differing[column], row.old[column] = cell, value

    def _read(self, row: FileRow) -> None:
        for column, cell in row.differing.items():
            try:
                value = self.kind.columns[column].read_back(cell, self._codes)
            except WrongCellError as error:
                self._mistakes.add(row.line, {column: cell}, str(error))
                row.unread.add(column)
            else:
                if not is_same(row.old[column], value):
                    row.new[column] = value

    def _refuse_emptied(self, row: FileRow) -> None:
        """Refuse a cell that was emptied while its neighbour still says it: a tool did that, and nobody meant it."""
        for pair in self.kind.pairs:
            for emptied, other in (pair, pair[::-1]):
                is_there = bool(row.cells.get(other, "").strip())
                if emptied in row.new and row.new[emptied] is None and is_there and other not in row.new:
                    row.new.pop(emptied)
                    row.unread.add(emptied)
                    advice = _("one is empty and the other is not: put back “%(old)s”, or empty both")
                    cells = {emptied: row.differing[emptied], other: row.cells[other]}
                    self._mistakes.add(row.line, cells, advice % {"old": in_words(row.old[emptied])})

    def _refuse_foreign(self, row: FileRow) -> None:
        """Remove the columns that a file may not change; the name of the new country is no mistake."""
        for column in [column for column in row.new if self.kind.columns[column].elsewhere]:
            value = row.new.pop(column)
            if column == "country_name" and value == self._codes.countries.get(row.new.get("country")):
                continue
            advice = self.kind.columns[column].elsewhere % {"old": in_words(row.old[column])}
            self._mistakes.add(row.line, {column: row.differing[column]}, advice)


def in_words(value: Value) -> str:
    """Return a value as its cell shows it, in short."""
    [cell] = csv_cells([value])
    return shown(unguard_formula(cell)) or _("nothing")
