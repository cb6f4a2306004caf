"""XLSX as spreadsheets save it, read row by row; what no spreadsheet of a list has is refused before it is read."""

import datetime
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from ...exports import csv_cells, cut_for_sheet, guard_formula, unguard_formula
from .source import KEY, Row, Source, UnreadableError, composed

MEGABYTE = 1_000_000
LARGEST = 300 * MEGABYTE  # of XML; 31,000 institutions have 50
PARTS_AT_MOST = 1_000
COLUMNS_AT_MOST = 1_000  # a sheet has 16,384, a list 30
ROWS_AT_MOST = 1_048_576
CELLS_AT_MOST = 10 * MEGABYTE
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # a character that XML cannot hold, and an underscore before such a text
# What `zipfile`, the XML parser and openpyxl raise for a damaged workbook.
DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, expat.ExpatError),
    *(ValueError, KeyError, IndexError, TypeError, AttributeError, SyntaxError, OverflowError),
)


def read_workbook(file: BinaryIO) -> Source:
    """Return what the sheet of a list holds: the first one that has its key among its names of columns, else the first.

    Formulas are not evaluated, links to other workbooks are not followed, and nothing is unpacked to the disk.

    :raises UnreadableError: for another archive, a damaged one, and one that would fill the memory.
    """
    try:
        _look_over(file)
        file.seek(0)
        workbook = load_workbook(file, read_only=True, keep_links=False)
        sheets = [sheet for sheet in workbook.worksheets if hasattr(sheet, "reset_dimensions")]
        for sheet in sheets:
            sheet.reset_dimensions()  # it may claim more than it has
        chosen = next((sheet for sheet in sheets if KEY in _first_row(sheet)), sheets[0])
    except UnreadableError:
        raise
    except DAMAGES as error:
        raise UnreadableError(_("this workbook cannot be read: save it again as “Excel workbook (.xlsx)”")) from error
    form = _("XLSX, sheet “%(sheet)s”") % {"sheet": chosen.title}
    return Source(form, _rows(chosen), _as_in_sheet)


def _look_over(file):
    """Refuse what would be too large in memory, and XML that defines entities; a bomb is small until it is unpacked."""
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        if "[Content_Types].xml" not in archive.namelist():
            raise UnreadableError(_("this is an archive, and no XLSX: unpack it and choose the list in it"))
        if len(members) > PARTS_AT_MOST or sum(member.file_size for member in members) > LARGEST:
            raise UnreadableError(_("this workbook is too large unpacked: delete its other sheets, or save it as CSV"))
        for member in members:
            if member.filename.lower().endswith((".xml", ".rels")):
                with archive.open(member) as part:
                    _Part().read(part)


class _Part:
    """A look at one part of a workbook before openpyxl builds a row or a text of it in memory."""

    def __init__(self):
        self._in_row = self._cells = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._count
        self._parser.StartDoctypeDeclHandler = self._refuse

    def read(self, part):
        while block := part.read(MEGABYTE):
            self._parser.Parse(block, False)
        self._parser.Parse(b"", True)

    def _count(self, name, _attributes):
        name = name.rpartition(":")[2]
        if name == "row":
            self._in_row = 0
        elif name == "c":
            self._in_row += 1
            self._cells += 1
            if self._in_row > COLUMNS_AT_MOST or self._cells > CELLS_AT_MOST:
                raise UnreadableError(_("a sheet has more columns or cells than any list of ours"))

    def _refuse(self, *_declaration):
        raise UnreadableError(_("this workbook was not written by a spreadsheet: save it again as XLSX"))


def _first_row(sheet):
    return [cell.value for cell in next(iter(sheet.iter_rows(max_row=1, max_col=COLUMNS_AT_MOST)), ())]


def _rows(sheet) -> Iterator[Row]:
    line = width = 0  # of the header
    try:
        for line, row in enumerate(sheet.iter_rows(), start=1):
            if line > ROWS_AT_MOST or len(row) > COLUMNS_AT_MOST:
                raise UnreadableError(_("a sheet has more columns or cells than any list of ours"), line)
            if any(cell.value is not None for cell in row):
                wrong = {place: _formula() for place, cell in enumerate(row) if cell.data_type in ("f", "e")}
                width = width or len(row)
                yield Row(line, [*map(_cell, row), *[""] * (width - len(row))], wrong)
    except UnreadableError:
        raise
    except DAMAGES as error:
        raise UnreadableError(_("this workbook cannot be read from here: save it again as XLSX"), line + 1) from error


def _formula():
    """Return why a formula is refused: what it shows depends on the program that opens it."""
    return _("this is a formula or an error, and a value is wanted: paste its value there")


def _cell(cell):
    """Return a cell as CSV has it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        is_day = value.time() == datetime.time()
        return value.date().isoformat() if is_day else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, bool | datetime.time | datetime.timedelta):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int | float | datetime.date):
        [text] = csv_cells([value])
        return text
    text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))
    return composed(guard_formula(text))


def _as_in_sheet(cell):
    """Return a cell of ours as a sheet holds it: a text that is too long is cut there, which is no edit."""
    return composed(guard_formula(cut_for_sheet(unguard_formula(cell))))
