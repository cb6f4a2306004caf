"""XLSX as spreadsheets save it, read row by row; what no spreadsheet of a list has is refused before it is read."""

import zipfile
import zlib
from collections.abc import Iterator
from itertools import chain, islice
from typing import BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.xml.constants import SHARED_STRINGS

from ...exports import cut_for_sheet, guard_formula, unguard_formula
from .sheet import BLOCK, SharedTexts, Sheet
from .source import KEY, Row, Source, UnreadableError, composed
from .values import Values

MEGABYTE = 1_000_000
LARGEST = 300 * MEGABYTE  # of XML; 31,000 institutions have 50
LARGEST_TREE = 10 * MEGABYTE  # of what is no cell and no text; a workbook with all styles that Excel allows has as much
PARTS_AT_MOST = 1_000
# What `zipfile`, the XML parser and openpyxl raise for a damaged workbook, and for one that has a password.
DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, expat.ExpatError),
    *(ValueError, KeyError, IndexError, TypeError, AttributeError, SyntaxError, OverflowError),
)


class _Archive(zipfile.ZipFile):
    """An archive that bounds what is read whole: openpyxl makes a tree of it, which is a hundred times as large."""

    def read(self, name, pwd=None):
        if self.getinfo(name).file_size > LARGEST_TREE:
            raise _too_large()
        return super().read(name, pwd)


def read_workbook(file: BinaryIO) -> Source:
    """Return what the sheet of a list holds: the first one that has its key among its names of columns, else the first.

    Formulas are not evaluated, links to other workbooks are not followed, and nothing is unpacked to the disk.

    :raises UnreadableError: for another archive, a damaged one, and one that would fill the memory.
    """
    try:
        archive = _Archive(file)
        _look_over(archive)
        title, rows = _chosen(file, archive)
    except UnreadableError:
        raise
    except DAMAGES as error:
        raise UnreadableError(_("this workbook cannot be read: save it again as “Excel workbook (.xlsx)”")) from error
    return Source(_("XLSX, sheet “%(sheet)s”") % {"sheet": title}, rows, _as_in_sheet)


def _look_over(archive):
    """Refuse what would be too large in memory, and XML that defines entities; a bomb is small until it is unpacked."""
    members = archive.infolist()
    if "[Content_Types].xml" not in archive.namelist():
        raise UnreadableError(_("this is a ZIP archive, not an XLSX file: unpack it and choose the list in it"))
    if len(members) > PARTS_AT_MOST or sum(member.file_size for member in members) > LARGEST:
        raise _too_large()
    for member in members:
        with archive.open(member) as part:
            _refuse_entities(part)


def _too_large():
    return UnreadableError(_("this workbook is too large unpacked: delete its other sheets, or save it as CSV"))


def _refuse_entities(part):
    """Read a part up to its first element; a part that is no XML is nobody's, or its reader will notice."""
    parser = expat.ParserCreate()
    starts = []
    parser.StartElementHandler = lambda name, _attributes: starts.append(name)
    parser.StartDoctypeDeclHandler = _refuse
    try:
        while not starts and (block := part.read(BLOCK)):
            parser.Parse(block, False)
    except expat.ExpatError:
        return


def _refuse(*_declaration):
    raise UnreadableError(_("this workbook was not written by a spreadsheet: save it again as XLSX"))


def _chosen(file, archive):
    """Return (title, rows) of the sheet that is read; openpyxl knows the parts, and which styles are of dates."""
    reader = ExcelReader(file, read_only=True, keep_links=False)
    reader.archive = archive
    reader.read_manifest()
    try:
        reader.read_workbook()
    except OSError as error:
        if error.errno:
            raise
        raise ValueError("no workbook, but the archive of a text, say") from error
    apply_stylesheet(archive, reader.wb)
    texts, values, chosen = [], Values(reader.wb), None
    if shared := reader.package.find(SHARED_STRINGS):
        with archive.open(shared.PartName[1:]) as part:
            texts = SharedTexts().read(part)
    for page, relation in reader.parser.find_sheets():
        if relation.target in reader.valid_files and "chartsheet" not in relation.Type:
            sheet = Sheet(texts, values)
            rows = sheet.rows(archive.open(relation.target))
            first = list(islice(rows, 1))
            has_key = any(row.line == 1 and KEY in row.cells for row in first)
            if has_key or not chosen:
                chosen = page.name, _rows(sheet, chain(first, rows))
            if has_key:
                break
    if not chosen:
        raise ValueError("no sheet")
    return chosen


def _rows(sheet, rows) -> Iterator[Row]:
    width = 0  # of the header
    try:
        for row in rows:
            width = width or len(row.cells)
            row.cells.extend([""] * (width - len(row.cells)))
            yield row
    except UnreadableError:
        raise
    except DAMAGES as error:
        problem = _("this workbook cannot be read from here: save it again as XLSX")
        raise UnreadableError(problem, max(sheet.line, 1)) from error


def _as_in_sheet(cell):
    """Return a cell of ours as a sheet holds it: a text that is too long is cut there, which is no edit."""
    return composed(guard_formula(cut_for_sheet(unguard_formula(cell))))
