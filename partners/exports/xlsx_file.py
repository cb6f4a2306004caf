"""XLSX: the rows in one sheet, their source in another."""

import datetime
import tempfile
from collections import Counter
from typing import BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format as CellFormat
from xlsxwriter.worksheet import Worksheet

from .cells import join_list
from .table import Table, Value, rows_of

XLSX_MAX_ROWS = 1_048_575  # rows of a sheet below its header
XLSX_FIRST_DATE = datetime.date(1900, 3, 1)  # Excel counts a 29 February 1900, so earlier dates are read differently
XLSX_CELL_UNITS = 32_767  # UTF-16 code units
XLSX_COLUMN_WIDTH = 20  # characters


class TooManyRowsError(ValueError):
    """A table that has more rows than its format can hold."""

    def __init__(self):
        sentence = _("An XLSX sheet holds at most %(rows)s rows. Choose fewer, or take them as CSV or JSON.")
        super().__init__(sentence % {"rows": f"{XLSX_MAX_ROWS:,}"})


def write_xlsx(table: Table, file: BinaryIO) -> int:
    """Write a sheet with the rows and a sheet *About*; exact text, numbers, real dates, joined lists.

    :raises TooManyRowsError: above `XLSX_MAX_ROWS`.
    """
    # Deleting the folder also removes what the workbook leaves in it when the disk is full.
    with (
        tempfile.TemporaryDirectory() as folder,
        xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder}) as workbook,
    ):
        bold = workbook.add_format({"bold": True})
        date_format = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet = workbook.add_worksheet(table.name)
        sheet.set_column(0, len(table.columns) - 1, XLSX_COLUMN_WIDTH)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [column.name for column in table.columns], bold)
        row_count, cut = 0, Counter()
        for values in rows_of(table):
            row_count += 1
            if row_count > XLSX_MAX_ROWS:
                raise TooManyRowsError
            for column_number, value in enumerate(values):
                if _write_xlsx_cell(sheet, row_count, column_number, value, date_format):
                    cut[table.columns[column_number].name] += 1
        sheet.autofilter(0, 0, row_count, len(table.columns) - 1)

        about_sheet = workbook.add_worksheet("About")
        about_sheet.set_column(0, 0, XLSX_COLUMN_WIDTH)
        about = {
            _("Filter"): table.about.filter,
            _("Link"): table.about.url,
            _("Generated"): table.about.generated.isoformat(timespec="seconds"),
            _("Rows"): row_count,
            _("Licence"): table.about.licence,
        } | {label: value for label, value in _of_text(table.about) if value}
        if cut:
            sentence = _("%(column)s in %(count)d rows; CSV and JSON have them whole")
            about[_("Cut")] = "; ".join(sentence % {"column": column, "count": count} for column, count in cut.items())
        for line, (label, value) in enumerate(about.items()):
            about_sheet.write_string(line, 0, label, bold)
            _write_xlsx_cell(about_sheet, line, 1, value, date_format)
    return row_count


def _of_text(about):
    """Return (label, value) of what is said of the text that found the rows."""
    return [
        (_("Text read as"), about.read_as),
        (_("No row has"), list(about.left_out)),
        (_("Nobody has"), list(about.unknown)),
    ]


def _write_xlsx_cell(sheet: Worksheet, row: int, column: int, value: Value, date_format: CellFormat) -> bool:
    """Write one cell by the type of its value; a time is ISO 8601 text, because a sheet knows no time zone.

    Return whether the text had to be cut.
    """
    if isinstance(value, str | list):
        text = value if isinstance(value, str) else join_list(value)
        written = cut_for_sheet(text)
        _write_xlsx_text(sheet, row, column, written)
        return written != text
    if isinstance(value, datetime.date):
        if isinstance(value, datetime.datetime) or value < XLSX_FIRST_DATE:
            sheet.write_string(row, column, value.isoformat())
        else:
            sheet.write_datetime(row, column, value, date_format)
    elif value is not None:
        sheet.write_number(row, column, value)
    return False


def cut_for_sheet(text: str) -> str:
    """Return a text as a cell can hold it: one that is too long is cut and ends with `…`."""
    if len(text) > XLSX_CELL_UNITS // 2:
        units = text.encode("utf-16-le")
        if len(units) > XLSX_CELL_UNITS * 2:
            return units[: XLSX_CELL_UNITS * 2 - 2].decode("utf-16-le", errors="ignore") + "…"
    return text


def _write_xlsx_text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write text that never becomes a formula or a link."""
    if text.startswith("<r>") and text.endswith("</r>"):
        # In constant memory XlsxWriter takes such a text for its own markup and would not escape it.
        sheet.write_rich_string(row, column, "<", "r", text[2:])
    elif text:
        sheet.write_string(row, column, text)
