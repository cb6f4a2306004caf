"""Whole files, or none: the formats, their names and how they are sent."""

import math
import re
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, NamedTuple

from anyascii import anyascii
from django.http import FileResponse
from django.utils import timezone

from ..models.deadline import unhurried
from .csv_file import write_csv
from .json_file import write_json
from .table import Table
from .xlsx_file import XLSX_MAX_ROWS, write_xlsx

FILTER_LENGTH = 60  # characters of the filter in a file name


@dataclass(frozen=True)
class Format:
    """A content type, with the function that writes it and returns the number of rows."""

    content_type: str
    write: Callable[[Table, BinaryIO], int]
    rows_at_most: float = math.inf


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", write_csv),
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx, rows_at_most=XLSX_MAX_ROWS
    ),
    "json": Format("application/json", write_json),
}


ARCHIVE_TYPE = "application/zip"


class Export(NamedTuple):
    """A finished file, open for reading at its start."""

    file: BinaryIO
    row_count: int
    name: str
    content_type: str


def write(table: Table, format_name: str) -> Export:
    """Write the whole table into a temporary file, or leave nothing behind.

    :raises KeyError: for a name that is not in `FORMATS`.
    :raises TooManyRowsError: where the format has a limit.
    """
    file_format = FORMATS[format_name]
    file, row_count = written_at_once(partial(file_format.write, table))
    return Export(file, row_count, f"{_file_stem(table)}.{format_name}", file_format.content_type)


def written_at_once(write_into: Callable[[BinaryIO], int]) -> tuple[BinaryIO, int]:
    """Return a temporary file at its start and what a function says of its writing there, or leave nothing behind."""
    with ExitStack() as on_error:
        file = on_error.enter_context(tempfile.TemporaryFile())
        with unhurried():
            row_count = write_into(file)
        file.seek(0)
        on_error.pop_all()
    return file, row_count


def content_type_of(name: str) -> str:
    """Return the content type of a file that was written here, by the end of its name."""
    ending = name.rpartition(".")[2]
    return FORMATS[ending].content_type if ending in FORMATS else ARCHIVE_TYPE


def file_response(export: Export) -> FileResponse:
    """Send a finished file as a download with its length and its number of rows."""
    response = FileResponse(export.file, as_attachment=True, filename=export.name, content_type=export.content_type)
    response["X-Row-Count"] = export.row_count
    return response


def _file_stem(table: Table) -> str:
    """Return table, filter and local day in `[a-z0-9-]`; scripts are transliterated, a long filter is cut at a word."""
    words = re.sub(r"[^a-z0-9]+", "-", anyascii(table.slug).lower()).strip("-")
    if len(words) > FILTER_LENGTH:
        words = words[: FILTER_LENGTH + 1].rpartition("-")[0] or words[:FILTER_LENGTH]
    return "-".join(filter(None, [table.name, words, str(timezone.localdate(table.about.generated))]))
