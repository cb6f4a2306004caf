"""The CSV of a list as it comes back from a spreadsheet: its header, its rows with line numbers, its mistakes."""

import csv
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

SHOWN = 50  # mistakes
SHOWN_LENGTH = 60  # characters of a cell
DELIMITERS = ",;\t"  # Excel writes a semicolon where the comma is the decimal separator
KEY = "slug"  # the column that identifies a row
ARCHIVE_START = b"PK\x03\x04"  # of XLSX, as of any ZIP
JSON_STARTS = (b"{", b"[")


class Mistakes:
    """The mistakes in a file: all are counted, and the first `SHOWN` that are found are stored."""

    def __init__(self):
        self.count = 0
        self._first: list[tuple[int, str]] = []

    @property
    def sentences(self) -> list[str]:
        """Return the stored mistakes in the order of their lines; rows are checked more than once."""
        return [sentence for _line, sentence in sorted(self._first, key=itemgetter(0))]

    def add(self, line: int, cells: Mapping[str, str], advice: str) -> None:
        """Record a mistake with advice; `cells` holds the wrong cells by column, and is empty for a whole line."""
        self.count += 1
        if len(self._first) < SHOWN:
            where = [_("line %(line)d") % {"line": line}]
            where += [f"{column} “{shown(cell)}”" for column, cell in cells.items()]
            self._first.append((line, f"{', '.join(where)}: {advice}"))


class ListFileError(Exception):
    """The refusal of a file; `mistakes` says why, with the place of each mistake."""

    def __init__(self, mistakes: Mistakes):
        super().__init__("\n".join(mistakes.sentences))
        self.mistakes = mistakes


class Row(NamedTuple):
    """The cells of a row in the order of the header, as the file has them, and the line where they begin."""

    line: int
    cells: Sequence[str]


class _UnreadableError(ValueError):
    """The reason why a file cannot be read any further."""


def shown(text: str) -> str:
    """Return a text that is safe to print: short, with characters that move a terminal's cursor escaped."""
    start = "".join(one if one.isprintable() else repr(one)[1:-1] for one in text[:SHOWN_LENGTH])
    return start + "…" * (len(text) > SHOWN_LENGTH)


def read_list(file: BinaryIO, known: Collection[str], mistakes: Mistakes) -> tuple[list[str], Iterator[Row]]:
    """Return the header, and the rows as they are read; a row of the wrong length is added to the mistakes.

    The rows end where the file becomes unreadable, which is a mistake too. A line without any text is skipped.

    :raises ListFileError: for a file that is no CSV in UTF-8, or whose header we cannot use.
    """
    lines = _lines(file)
    try:
        first = next(lines, "")
        reader = csv.reader(chain([first], lines), delimiter=max(DELIMITERS, key=first.count), strict=True)
        header = [name.strip() for name in next(reader, [])]
    except (csv.Error, _UnreadableError) as error:
        mistakes.add(1, {}, _advice(error))
    else:
        _look_over(header, known, mistakes)
    if mistakes.count:
        raise ListFileError(mistakes)
    return header, _rows(reader, len(header), mistakes)


def _lines(file: BinaryIO) -> Iterator[str]:
    """Yield the lines of a text file.

    :raises _UnreadableError: for one that is no text in UTF-8, or is of another format.
    """
    for number, line in enumerate(file, start=1):
        if number == 1 and line.startswith(ARCHIVE_START):
            raise _UnreadableError(_("this is XLSX or another archive, and CSV is wanted: save it as “CSV UTF-8”"))
        if number == 1 and line.lstrip().startswith(JSON_STARTS):
            raise _UnreadableError(_("this is JSON, and CSV is wanted: download the list as CSV"))
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise _UnreadableError(_("this is not UTF-8: save the file as “CSV UTF-8”")) from error
        if "\0" in text:
            raise _UnreadableError(_("a NUL byte stands here, as in no text: save the file as “CSV UTF-8”"))
        yield text


def _advice(error: Exception) -> str:
    if isinstance(error, _UnreadableError):
        return str(error)
    return _("this is no CSV (%(error)s): save the file from a spreadsheet again") % {"error": error}


def _look_over(header: Sequence[str], known: Collection[str], mistakes: Mistakes) -> None:
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


def _rows(reader, width: int, mistakes: Mistakes) -> Iterator[Row]:
    line = reader.line_num + 1
    try:
        for cells in reader:
            if any(cells) and len(cells) == width:
                yield Row(line, cells)
            elif any(cells):
                lengths = {"count": len(cells), "width": width}
                advice = _("the row has %(count)d cells and the header %(width)d: put the delimiters right")
                mistakes.add(line, {}, advice % lengths)
            line = reader.line_num + 1
    except (csv.Error, _UnreadableError) as error:
        mistakes.add(line, {}, _advice(error))
