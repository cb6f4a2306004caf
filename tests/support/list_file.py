"""Lists as files: downloaded, edited as in a spreadsheet, imported."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from partners.models import Institution, Participation

TABLES = [Institution, Participation, Institution.history.model, Participation.history.model]


def export(question=None):
    """Return the list as it is downloaded."""
    return b"".join(Client().get("/institutions.csv", question or {}))


def rows_of(content):
    """Return header and rows of a file, cells as they stand there."""
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return header, rows


def facts(content):
    """Return the lines of a file, in any order, without the marks of the rows' states, which each edit changes."""
    header, rows = rows_of(content)
    at = header.index("as_of")
    return sorted(tuple(row[:at] + row[at + 1 :]) for row in [header, *rows])


def written(header, rows, *, delimiter=",", quoting=csv.QUOTE_MINIMAL, end="\r\n", mark=True):
    """Return a file as some spreadsheet saves it."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows([header, *rows])
    return ("\ufeff" * mark + text.getvalue()).encode()


def edited(slug, /, **cells):
    """Return the list as it is downloaded, with some cells of one institution replaced."""
    header, rows = rows_of(export())
    changed = [dict(zip(header, row, strict=True)) for row in rows]
    for row in changed:
        if row["slug"] == slug:
            row |= cells
    return written(header, [list(row.values()) for row in changed])


def load(content, **options):
    """Import the bytes of `list.csv` and return the lines that are printed."""
    printed = io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "list.csv")
        file.write_bytes(content)
        call_command("import_list", file, stdout=printed, **options)
    return printed.getvalue().splitlines()


def refusal(content, **options):
    """Import a file that is refused and return the mistakes; nothing is written."""
    before = contents()
    with pytest.raises(CommandError) as refused:
        load(content, **options)
    head, *lines = str(refused.value).splitlines()
    assert "nothing was written:" in head
    assert contents() == before
    return [line.removeprefix("- ") for line in lines]


def contents():
    """Return all rows of the tables that a file changes."""
    return [list(table.objects.order_by("pk").values()) for table in TABLES]
