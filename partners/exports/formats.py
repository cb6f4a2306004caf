"""Whole files, or none: the formats, their names and how they are sent."""

import re
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from anyascii import anyascii
from django.http import FileResponse
from django.utils import timezone

from ..models.deadline import unhurried
from .csv_file import write_csv
from .json_file import write_json
from .table import Table
from .xlsx_file import write_xlsx

FILTER_LENGTH = 60  # characters of the filter in a file name


@dataclass(frozen=True)
class Format:
    """A content type, with the function that writes it and returns the number of rows."""

    content_type: str
    write: Callable[[Table, BinaryIO], int]


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", write_csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
    "json": Format("application/json", write_json),
}


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
    with ExitStack() as on_error:
        file = on_error.enter_context(tempfile.TemporaryFile())
        with unhurried():
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
    """Return table, filter and local day in `[a-z0-9-]`; scripts are transliterated, a long filter is cut at a word."""
    words = re.sub(r"[^a-z0-9]+", "-", anyascii(table.slug).lower()).strip("-")
    if len(words) > FILTER_LENGTH:
        words = words[: FILTER_LENGTH + 1].rpartition("-")[0] or words[:FILTER_LENGTH]
    return "-".join(filter(None, [table.name, words, str(timezone.localdate(table.about.generated))]))
