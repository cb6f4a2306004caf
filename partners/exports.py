"""Write tables into whole files: columns say what, formats say how; knows no model and no filter.

A format is one entry in ``FORMATS``: it writes chunk by chunk, in flat memory, and only finished files are sent.
"""

import codecs
import csv
import datetime
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from math import isfinite
from operator import methodcaller
from types import NoneType
from typing import Any, BinaryIO, NamedTuple

import xlsxwriter
from anyascii import anyascii
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter.format import Format as CellFormat
from xlsxwriter.worksheet import Worksheet

CHUNK_SIZE = 1000  # rows
FILTER_LENGTH = 60  # characters of a file name that tell the filter
XLSX_MAX_ROWS = 1_048_575  # rows of a sheet below its header
XLSX_FIRST_DATE = datetime.date(1900, 3, 1)  # Excel counts a 29 February 1900, so earlier dates are read differently
XLSX_CELL_UNITS = 32_767  # UTF-16 code units
XLSX_COLUMN_WIDTH = 20  # characters

Value = str | int | float | datetime.date | datetime.datetime | list[str] | None


@dataclass(frozen=True)
class Column:
    """Name a column for good, say where its values come from, and explain it in one sentence.

    ``values`` takes a chunk of rows, as its table gives them, and returns a value for each of them.
    """

    name: str
    values: Callable[[Any], Sequence[Value]]
    help: str


@dataclass(frozen=True)
class About:
    """Say where a file comes from: the filter in words, the address of the list, the licence and the moment."""

    filter: str
    url: str
    licence: str
    generated: datetime.datetime  # aware
    match: str = ""  # how the rows match the text that was asked for


@dataclass(frozen=True)
class Table:
    """Describe what is written; ``chunks`` are consumed once, ``slug`` tells the filter in the file name.

    A chunk holds some rows in whatever form the columns read; a call for each cell would cost more than the writing.
    """

    name: str
    columns: Sequence[Column]
    chunks: Iterable[Any]
    about: About
    slug: str = ""


class Export(NamedTuple):
    """Hold a finished file, open for reading at its start."""

    file: BinaryIO
    row_count: int
    name: str
    content_type: str


class TooManyRowsError(ValueError):
    """Refuse a table that is longer than its format can hold."""


def each(value: Callable[[Any], Value]) -> Callable[[Iterable[Any]], list[Value]]:
    """Return the ``values`` of a column whose chunks are lists of rows."""
    return lambda rows: [value(row) for row in rows]


def in_chunks(rows: Iterable[Any], size: int = CHUNK_SIZE) -> Iterator[list[Any]]:
    """Yield lists of rows, for columns that read ``each`` of them."""
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk


def write(table: Table, format_name: str) -> Export:
    """Write the whole table into a temporary file, or leave nothing behind.

    :raises KeyError: for a name that is not in ``FORMATS``.
    :raises TooManyRowsError: where the format has a limit.
    """
    file_format = FORMATS[format_name]
    with ExitStack() as on_error:
        file = on_error.enter_context(tempfile.TemporaryFile())
        row_count = file_format.write(table, file)
        file.seek(0)
        on_error.pop_all()
    return Export(file, row_count, f"{_file_stem(table)}.{format_name}", file_format.content_type)


def file_response(export: Export) -> FileResponse:
    """Send a finished file as a download with its length and its number of rows."""
    response = FileResponse(export.file, as_attachment=True, filename=export.name, content_type=export.content_type)
    response["X-Row-Count"] = export.row_count
    return response


def _file_stem(table: Table) -> str:
    """Return table, filter and local day in ``[a-z0-9-]``, any script transliterated, a long filter cut at a word."""
    words = re.sub(r"[^a-z0-9]+", "-", anyascii(table.slug).lower()).strip("-")
    if len(words) > FILTER_LENGTH:
        words = words[: FILTER_LENGTH + 1].rpartition("-")[0] or words[:FILTER_LENGTH]
    return "-".join(filter(None, [table.name, words, str(timezone.localdate(table.about.generated))]))


# Lists in one cell. A backslash is escaped too, or "a\" followed by another value could not be told from "a;".
_LIST_TOKENS = re.compile(r"\\(.?)|([^;\\]+)|(; ?)", re.DOTALL)


def join_list(values: Sequence[str]) -> str:
    r"""Join values with ``"; "``, ``;`` as ``\;`` and a backslash twice; a single empty value is a lone backslash."""
    text = "; ".join([value.replace("\\", "\\\\").replace(";", "\\;") for value in values])
    return text if text or not values else "\\"


def split_list(text: str) -> list[str]:
    """Undo ``join_list``; the space after ``;`` may be missing, as people type it."""
    values = [""] if text else []
    for escaped, plain, separator in _LIST_TOKENS.findall(text):
        if separator:
            values.append("")
        else:
            values[-1] += escaped + plain
    return values


# Formulas in text. What is guarded stays guarded under any number of apostrophes, so taking one away is exact.
# A line feed counts like the tab and CR, which spreadsheets may drop; text after a space stays text in them.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_FORMULA_STARTS = frozenset("'=+-@\t\r\n＝＋－＠")  # spares nearly every cell the call and the pattern


def guard_formula(text: str) -> str:
    """Put one apostrophe in front of a text that a spreadsheet might take for a formula."""
    return "'" + text if _FORMULA.match(text) else text


def unguard_formula(text: str) -> str:
    """Undo ``guard_formula``."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text


def _columns(table: Table) -> Iterator[list[Sequence[Value]]]:
    """Yield the columns of each chunk."""
    for chunk in table.chunks:
        yield [column.values(chunk) for column in table.columns]


def _rows(table: Table) -> Iterator[tuple[Value, ...]]:
    """Yield the values of each row."""
    for columns in _columns(table):
        yield from zip(*columns, strict=True)


def _write_csv(table: Table, file: BinaryIO) -> int:
    """Write RFC 4180 in UTF-8 with BOM, by which Excel knows the encoding."""
    quoted = csv.writer(_Echo()).writerow
    file.write(codecs.BOM_UTF8 + quoted([column.name for column in table.columns]).encode())
    commas = len(table.columns) - 1
    row_count = 0
    for columns in _columns(table):
        lines = []
        for cells in zip(*map(csv_cells, columns), strict=True):
            line = ",".join(cells)
            # csv weighs each character in turn; that most lines need no quotes is known much sooner.
            if not line or line.count(",") > commas or '"' in line or "\n" in line or "\r" in line:
                lines.append(quoted(cells))
            else:
                lines.append(line + "\r\n")
        row_count += len(lines)
        file.write("".join(lines).encode())
    return row_count


class _Echo:
    """Stand for the file of a ``csv.writer``, whose ``writerow`` then returns the line."""

    def write(self, line: str) -> str:
        return line


def csv_cells(values: Sequence[Value]) -> list[str]:
    """Return the cells of a column as a CSV file has them, texts guarded.

    :raises TypeError: for what a cell cannot hold, as its ``str()`` would be unguarded.
    :raises ValueError: for a number that is none.
    """
    kinds = set(map(type, values)) - {NoneType}
    if len(kinds) > 1:
        return [cell for value in values for cell in csv_cells([value])]
    for kind in kinds:
        for known, cells in _CSV_CELLS.items():
            if issubclass(kind, known):
                return cells(values)
        raise TypeError(f"A cell cannot hold {kind}.")
    return [""] * len(values)


def _csv_texts(texts: Sequence[str | None]) -> list[str]:
    return [(guard_formula(text) if text[0] in _FORMULA_STARTS else text) if text else "" for text in texts]


def _csv_lists(lists: Sequence[list[str] | None]) -> list[str]:
    return _csv_texts([join_list(values) if values else "" for values in lists])


def _csv_days(days: Sequence[datetime.date | None]) -> list[str]:
    return [day.isoformat() if day else "" for day in days]


def _csv_integers(numbers: Sequence[int | None]) -> list[str]:
    return ["" if number is None else str(number) for number in numbers]


def _csv_floats(numbers: Sequence[float | None]) -> list[str]:
    return ["" if number is None else _digits(number) for number in numbers]


def _digits(number: float) -> str:
    """Return a number with a dot and never an exponent."""
    if not isfinite(number):
        raise ValueError(f"A cell cannot hold {number}.")
    digits = repr(number)
    return format(Decimal(digits), "f") if "e" in digits else digits


# What makes the cells of a column, by the type of its values: a call for each cell would cost more than the cell.
_CSV_CELLS = {
    str: _csv_texts,
    float: _csv_floats,
    int: _csv_integers,
    list: _csv_lists,
    datetime.date: _csv_days,
}


def read_csv(file: Iterable[bytes]) -> Iterator[dict[str, str]]:
    """Yield the rows of an exported file as exact texts by column name; ``split_list`` opens the cells of lists.

    :raises ValueError: for bytes that are not UTF-8 and for a row whose length differs from the header's.
    :raises csv.Error: for broken quoting.
    """
    reader = csv.reader(codecs.iterdecode(file, "utf-8-sig"), strict=True)
    header = next(reader, [])
    for cells in reader:
        yield dict(zip(header, map(unguard_formula, cells), strict=True))


def _write_xlsx(table: Table, file: BinaryIO) -> int:
    """Write a sheet with the rows and a sheet *About*; exact text, numbers, real dates, joined lists.

    :raises TooManyRowsError: above ``XLSX_MAX_ROWS``.
    """
    # The folder also takes away what the workbook leaves in it when its disk is full.
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
        row_count = 0
        for values in _rows(table):
            row_count += 1
            if row_count > XLSX_MAX_ROWS:
                raise TooManyRowsError(_("An XLSX sheet holds at most %(rows)d rows.") % {"rows": XLSX_MAX_ROWS})
            for column_number, value in enumerate(values):
                _write_xlsx_cell(sheet, row_count, column_number, value, date_format)
        sheet.autofilter(0, 0, row_count, len(table.columns) - 1)

        about_sheet = workbook.add_worksheet("About")
        about_sheet.set_column(0, 0, XLSX_COLUMN_WIDTH)
        about = {
            _("Filter"): table.about.filter,
            _("Link"): table.about.url,
            _("Generated"): table.about.generated.isoformat(timespec="seconds"),
            _("Rows"): row_count,
            _("Licence"): table.about.licence,
        }
        for line, (label, value) in enumerate(about.items()):
            about_sheet.write_string(line, 0, label, bold)
            _write_xlsx_cell(about_sheet, line, 1, value, date_format)
    return row_count


def _write_xlsx_cell(sheet: Worksheet, row: int, column: int, value: Value, date_format: CellFormat) -> None:
    """Write one cell by the type of its value; a time is ISO 8601 text, because a sheet knows no time zone."""
    if isinstance(value, str):
        _write_xlsx_text(sheet, row, column, value)
    elif isinstance(value, list):
        _write_xlsx_text(sheet, row, column, join_list(value))
    elif isinstance(value, datetime.date):
        if isinstance(value, datetime.datetime) or value < XLSX_FIRST_DATE:
            sheet.write_string(row, column, value.isoformat())
        else:
            sheet.write_datetime(row, column, value, date_format)
    elif value is not None:
        sheet.write_number(row, column, value)


def _write_xlsx_text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write text that never becomes a formula or a link; what a cell cannot hold is cut and ends with ``…``."""
    if len(text) > XLSX_CELL_UNITS // 2:
        units = text.encode("utf-16-le")
        if len(units) > XLSX_CELL_UNITS * 2:
            text = units[: XLSX_CELL_UNITS * 2 - 2].decode("utf-16-le", errors="ignore") + "…"
    if text.startswith("<r>") and text.endswith("</r>"):
        # In constant memory XlsxWriter takes such a text for its own markup and would not escape it.
        sheet.write_rich_string(row, column, "<", "r", text[2:])
    elif text:
        sheet.write_string(row, column, text)


def _write_json(table: Table, file: BinaryIO) -> int:
    """Write one object whose head tells count, filter, moment, link and licence, and one result a line.

    The results wait in a second temporary file, because their count stands before them.
    """
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=methodcaller("isoformat")).encode
    names = [column.name for column in table.columns]
    with tempfile.TemporaryFile() as results:
        row_count = 0
        for values in _rows(table):
            row_count += 1
            line = encode(dict(zip(names, values, strict=True)))
            results.write(f"{',' if row_count > 1 else ''}\n{line}".encode())
        head = {
            "count": row_count,
            "filter": table.about.filter,
            "generated": table.about.generated.isoformat(timespec="seconds"),
            "url": table.about.url,
            "licence": table.about.licence,
        } | ({"match": table.about.match} if table.about.match else {})
        file.write(encode(head).removesuffix("}").encode() + b', "results": [')
        results.seek(0)
        file.writelines(results)
        file.write(b"\n]}\n")
    return row_count


@dataclass(frozen=True)
class Format:
    """Pair a content type with the function that writes it and returns the number of rows."""

    content_type: str
    write: Callable[[Table, BinaryIO], int]


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", _write_csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _write_xlsx),
    "json": Format("application/json", _write_json),
}
