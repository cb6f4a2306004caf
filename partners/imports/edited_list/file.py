"""A list as it comes back from a spreadsheet: its header, its rows with line numbers, its mistakes."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from .source import ARCHIVE_START, KEY, Row, UnreadableError
from .text_file import read_text_file
from .workbook import read_workbook

SHOWN = 50  # mistakes
SHOWN_LENGTH = 60  # characters of a cell
STORED = 1_000  # mistakes
LARGEST = 50_000_000  # bytes; 31,000 institutions have 8
MISTAKE = "mistake"  # the column that a list of mistakes has, to be brought back


class Mistake(NamedTuple):
    """A mistake: its line, the wrong cells by column, none where the whole line is wrong, and what to do."""

    line: int
    cells: Mapping[str, str]
    advice: str

    def _places(self):
        return [f"{column} “{shown(cell)}”" for column, cell in self.cells.items()]

    def __str__(self) -> str:
        return f"{', '.join([_('line %(line)d') % {'line': self.line}, *self._places()])}: {self.advice}"


class Mistakes:
    """The mistakes in a file: all are counted by their lines, and the first `STORED` that are found are stored."""

    def __init__(self):
        self.count = 0
        self.lines: set[int] = set()
        self._stored: list[Mistake] = []

    def __iter__(self) -> Iterator[Mistake]:
        """Yield the stored ones in the order of their lines; rows are checked more than once."""
        return iter(sorted(self._stored, key=attrgetter("line")))

    @property
    def sentences(self) -> list[str]:
        """Return the first stored mistakes in words."""
        return [str(mistake) for mistake in self][:SHOWN]

    def add(self, line: int, cells: Mapping[str, str], advice: str) -> None:
        """Record a mistake with advice; `cells` holds the wrong cells by column, and is empty for a whole line."""
        self.count += 1
        self.lines.add(line)
        if len(self._stored) < STORED:
            self._stored.append(Mistake(line, cells, advice))


class ListFileError(Exception):
    """The refusal of a file; `mistakes` says why, with the place of each mistake."""

    def __init__(self, mistakes: Mistakes):
        super().__init__("\n".join(mistakes.sentences))
        self.mistakes = mistakes


class ListFile(NamedTuple):
    """A list that is read: its form in words, its names of columns, its rows, and how it spells a cell of ours."""

    form: str
    header: list[str]
    rows: Iterator[Row]
    spelled: Callable[[str], str]


def shown(text: str) -> str:
    """Return a text that is safe to print: short, with characters that move a terminal's cursor escaped."""
    start = text[:SHOWN_LENGTH]
    if not start.isprintable():
        start = "".join(one if one.isprintable() else repr(one)[1:-1] for one in start)
    return start + "…" * (len(text) > SHOWN_LENGTH)


def read_list(file: BinaryIO, mistakes: Mistakes) -> ListFile:
    """Return a list as it is read; a row of the wrong length is added to the mistakes, and so is a broken end.

    A line without any text is skipped, and so are columns without a name whose cells are empty.

    :raises ListFileError: for a file that is no list.
    """
    try:
        source = _source(file)
        header = [name.strip() for name in next(source.rows, Row(1, [])).cells]
    except UnreadableError as error:
        mistakes.add(error.line, {}, str(error))
        raise ListFileError(mistakes) from error
    while header and not header[-1]:
        header.pop()
    return ListFile(source.form, header, _rows(source.rows, len(header), mistakes), source.spelled)


def _source(file):
    start = file.read(len(ARCHIVE_START))
    file.seek(0)
    if start == ARCHIVE_START:
        return read_workbook(file)
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise UnreadableError(_("the file is larger than %(most)d MB: bring it in parts") % {"most": LARGEST // 10**6})
    return read_text_file(content)


def look_over(header: Sequence[str], known: Collection[str], mistakes: Mistakes) -> None:
    """Record what is wrong with the names of the columns."""
    if not header:
        mistakes.add(1, {}, _("the file begins with no names of columns: download the list anew"))
        return
    if KEY not in header:
        mistakes.add(1, {}, _("the column “%(column)s” is missing: it says whose a row is") % {"column": KEY})
    for name, count in Counter(header).items():
        if name not in known:
            mistakes.add(1, {}, _("the list has no column “%(column)s”: delete it") % {"column": shown(name)})
        elif count > 1:
            mistakes.add(1, {}, _("the column “%(column)s” stands here twice: delete one") % {"column": name})


def _rows(rows: Iterator[Row], width: int, mistakes: Mistakes) -> Iterator[Row]:
    try:
        for row in rows:
            cells = list(row.cells)
            while len(cells) > width and not cells[-1]:
                cells.pop()
            if not any(cells):
                continue
            if len(cells) != width:
                lengths = {"count": len(cells), "width": width}
                advice = _("the row has %(count)d cells and the header %(width)d: put the delimiters right")
                mistakes.add(row.line, {}, advice % lengths)
            else:
                yield Row(row.line, cells, row.wrong)
    except UnreadableError as error:
        mistakes.add(error.line, {}, str(error))
