"""A table of every kind of value, and how it is written and read back."""

import csv
import datetime
import io
import operator
from types import SimpleNamespace

import openpyxl
from django.utils import timezone
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from partners import exports

NAMES = ["name", "ror_id", "country", "latitude", "roles", "expected_on", "founded", "changed"]
COLUMNS = [exports.Column(name, exports.each(operator.attrgetter(name)), f"What {name} means.") for name in NAMES]
CHANGED = datetime.datetime(2026, 11, 22, 21, 30, tzinfo=datetime.UTC)
LONG_AGO = datetime.date(1804, 11, 5)
ROWS = [
    ["Kazan “KFU”, Казань", "https://ror.org/05256ym39", "RU", 55.79, ["clinic; day", "vector"], None, 1804, CHANGED],
    ['=1+1 "喀山"', None, "KZ", -0.00001, [], datetime.date(2027, 1, 31), -5, None],
    ["'+7\r\nline", "", None, None, ["@a", "b\\"], LONG_AGO, None, None],
]
ABOUT = exports.About(
    filter="Country is Kazakhstan or Russia",
    url="https://example.org/institutions/?country=KZ&country=RU",
    licence="CC BY 4.0",
    generated=datetime.datetime(2026, 11, 22, 12, 0, 1, 5, tzinfo=timezone.get_default_timezone()),
)

# What a database can hold: no NUL, no lone surrogates. The second half seeks out the characters that files treat apart.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])) | st.text(
    "'\"=+-@;,\\ \t\r\n＝＋－＠aЯ中\ufeff<>&_x0\x0b\x85\u2028"
)


def make_table(rows=ROWS, columns=COLUMNS, **fields):
    """Describe rows that can be read once, each of them a list of values in the order of the columns."""
    names = [column.name for column in columns]
    once = (SimpleNamespace(**dict(zip(names, row, strict=True))) for row in rows)
    return exports.Table(name="institutions", columns=columns, chunks=exports.in_chunks(once), about=ABOUT, **fields)


def write(format_name, *args, **fields):
    """Return the bytes of a written table."""
    with exports.write(make_table(*args, **fields), format_name).file as file:
        return file.read()


def write_one_column(format_name, values):
    return write(format_name, [[value] for value in values], COLUMNS[:1])


def read_csv(content):
    """Return the rows of a file as exact texts by column name; `split_list` splits the cells of lists."""
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    return [dict(zip(header, map(exports.unguard_formula, row), strict=True)) for row in rows]


def read_sheet(content, title):
    """Return the values of a sheet as lists, texts as Excel shows them."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))[title]
    return [
        [unescape(value) if isinstance(value, str) else value for value in row]
        for row in sheet.iter_rows(values_only=True)
    ]
