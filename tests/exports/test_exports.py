"""Promises of files: whole, exact on the way back, and the same rows in every format."""

import csv
import datetime
import io
import json
import operator
import tempfile
from types import SimpleNamespace

import openpyxl
import pytest
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from partners import exports
from partners.exports import xlsx_file

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


def read_sheet(content, title):
    """Return the values of a sheet as lists, texts as Excel shows them."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))[title]
    return [
        [unescape(value) if isinstance(value, str) else value for value in row]
        for row in sheet.iter_rows(values_only=True)
    ]


def test_csv_is_written_as_promised_to_the_last_byte():
    assert write("csv").decode() == (
        "\ufeffname,ror_id,country,latitude,roles,expected_on,founded,changed\r\n"
        '"Kazan “KFU”, Казань",https://ror.org/05256ym39,RU,55.79,clinic\\; day; vector,,1804,'
        "2026-11-22T21:30:00+00:00\r\n"
        '"\'=1+1 ""喀山""",,KZ,-0.00001,,2027-01-31,-5,\r\n'
        "\"''+7\r\nline\",,,,'@a; b\\\\,1804-11-05,,\r\n"
    )


def test_json_is_written_as_promised_to_the_last_byte():
    assert write("json").decode() == (
        '{"count": 3, "filter": "Country is Kazakhstan or Russia", "generated": "2026-11-22T12:00:01+03:00", '
        '"url": "https://example.org/institutions/?country=KZ&country=RU", "licence": "CC BY 4.0", "results": [\n'
        '{"name": "Kazan “KFU”, Казань", "ror_id": "https://ror.org/05256ym39", "country": "RU", "latitude": 55.79, '
        '"roles": ["clinic; day", "vector"], "expected_on": null, "founded": 1804, '
        '"changed": "2026-11-22T21:30:00+00:00"},\n'
        '{"name": "=1+1 \\"喀山\\"", "ror_id": null, "country": "KZ", "latitude": -1e-05, "roles": [], '
        '"expected_on": "2027-01-31", "founded": -5, "changed": null},\n'
        '{"name": "\'+7\\r\\nline", "ror_id": "", "country": null, "latitude": null, "roles": ["@a", "b\\\\"], '
        '"expected_on": "1804-11-05", "founded": null, "changed": null}\n'
        "]}\n"
    )


def test_xlsx_holds_texts_numbers_and_dates_as_what_they_are():
    assert read_sheet(write("xlsx"), "institutions") == [
        NAMES,
        [*ROWS[0][:4], "clinic\\; day; vector", None, 1804, "2026-11-22T21:30:00+00:00"],
        [*ROWS[1][:4], None, datetime.datetime(2027, 1, 31), -5, None],
        ["'+7\r\nline", None, None, None, "@a; b\\\\", "1804-11-05", None, None],
    ]


def test_xlsx_says_on_a_second_sheet_where_it_comes_from():
    assert read_sheet(write("xlsx"), "About") == [
        ["Filter", ABOUT.filter],
        ["Link", ABOUT.url],
        ["Generated", "2026-11-22T12:00:01+03:00"],
        ["Rows", 3],
        ["Licence", "CC BY 4.0"],
    ]


def test_xlsx_keeps_its_header_in_view_and_filters_every_column():
    workbook = openpyxl.load_workbook(io.BytesIO(write("xlsx")))
    sheet = workbook["institutions"]
    assert workbook.sheetnames == ["institutions", "About"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:H4")
    assert sheet["F3"].number_format == "yyyy-mm-dd"


def test_xlsx_has_no_formulas_and_no_links():
    content = write_one_column("xlsx", ["=1+1", "{=1+1}", "https://example.org", "mailto:a@b.org", "+1"])
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content))["institutions"] for cell in row]
    assert {(cell.data_type, cell.hyperlink) for cell in cells} == {("s", None)}


def test_xlsx_cuts_what_a_cell_cannot_hold_and_shows_the_cut():
    fits, too_long = "喀" * 32_767, "𠮷" * 16_384  # a character of the latter takes two of Excel's units
    content = write_one_column("xlsx", [fits, too_long, f"<r>{fits}</r>"])
    assert read_sheet(content, "institutions")[1:] == [[fits], ["𠮷" * 16_383 + "…"], ["<r>" + fits[:-4] + "…"]]


def test_xlsx_refuses_more_rows_than_a_sheet_holds(monkeypatch):
    monkeypatch.setattr(xlsx_file, "XLSX_MAX_ROWS", 2)
    with pytest.raises(exports.TooManyRowsError, match="at most 2 rows"):
        write("xlsx")


def test_empty_table_has_its_header_in_every_format():
    assert write("csv", []).decode() == "\ufeff" + ",".join(NAMES) + "\r\n"
    assert read_sheet(write("xlsx", []), "institutions") == [NAMES]
    head = json.loads(write("json", []))
    assert (head["count"], head["results"]) == (0, [])


@given(st.lists(texts))
def test_csv_gives_every_text_back_exactly(values):
    content = write_one_column("csv", values)
    assert list(exports.read_csv(io.BytesIO(content))) == [{"name": value} for value in values]


@given(st.lists(st.tuples(texts, texts)))
def test_csv_has_the_lines_of_the_standard_writer(rows):
    standard = io.StringIO(newline="")
    csv.writer(standard).writerows([NAMES[:2], *([exports.guard_formula(text) for text in row] for row in rows)])
    assert write("csv", rows, COLUMNS[:2]).decode("utf-8-sig") == standard.getvalue()


@given(st.lists(texts))
def test_csv_gives_every_list_back_exactly(values):
    [row] = exports.read_csv(io.BytesIO(write_one_column("csv", [values])))
    assert exports.split_list(row["name"]) == values


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_csv_writes_numbers_plain_and_exact(number):
    [row] = exports.read_csv(io.BytesIO(write_one_column("csv", [number])))
    assert float(row["name"]) == number
    assert set(row["name"]) <= set("-.0123456789")


@given(st.lists(texts | st.lists(texts)))
def test_csv_holds_no_text_that_a_spreadsheet_takes_for_a_formula(values):
    content = write_one_column("csv", values).decode("utf-8-sig")
    cells = [cell for [cell] in csv.reader(io.StringIO(content, newline=""), strict=True)]
    assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))] == []


@given(st.lists(texts))
@example(["<r></r>", "<r><b>&</r>", "_x000D_"])
def test_xlsx_gives_every_text_back_exactly(values):
    rows = read_sheet(write_one_column("xlsx", [["-"], *values, "end"]), "institutions")
    assert rows == [["name"], ["-"], *([value or None] for value in values), ["end"]]


@given(st.lists(texts | st.none() | st.integers() | st.lists(texts)))
def test_json_gives_every_value_back_exactly(values):
    document = json.loads(write_one_column("json", values))
    assert [result["name"] for result in document["results"]] == values
    assert document["count"] == len(values)


def test_list_typed_by_hand_is_read():
    lists = {"": [], "\\": [""], "a;b": ["a", "b"], "a; b\\": ["a", "b"], "a;  b": ["a", " b"], "\\a": ["a"]}
    assert {text: exports.split_list(text) for text in lists} == lists


def test_csv_edited_by_hand_is_read():
    edited = b"name,note\n=1,'=1\n'a,''\n"
    assert list(exports.read_csv(io.BytesIO(edited))) == [{"name": "=1", "note": "=1"}, {"name": "'a", "note": "''"}]


@pytest.mark.parametrize("content", [b"a,b\r\n1\r\n", b"a\r\n1,2\r\n", b"a\r\n\xff", b'a\r\n"b"c\r\n', b'a\r\n"cut'])
def test_broken_csv_is_an_error(content):
    with pytest.raises((ValueError, csv.Error)):
        list(exports.read_csv(io.BytesIO(content)))


@pytest.mark.parametrize("format_name", exports.FORMATS)
def test_every_format_counts_the_rows_it_holds(format_name):
    counts = []
    for rows in ([], ROWS[:1], ROWS):
        export = exports.write(make_table(rows), format_name)
        export.file.close()
        counts.append(export.row_count)
    assert counts == [0, 1, 3]


@pytest.mark.parametrize("format_name", exports.FORMATS)
def test_rows_that_break_half_way_leave_no_file(format_name, monkeypatch, tmp_path):
    opened = []

    def open_temporary_file():
        opened.append(temporary_file())
        return opened[-1]

    def broken_rows():
        yield ROWS[0]
        raise OSError("the database went away")

    temporary_file = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", open_temporary_file)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(OSError, match="the database went away"):
        write(format_name, broken_rows())
    assert opened
    assert [file for file in opened if not file.closed] == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format_name", exports.FORMATS)
def test_full_disk_leaves_no_file(format_name, monkeypatch, tmp_path):
    class FullDisk(io.BytesIO):
        full = True  # for a moment: the zip file writes its end when it is thrown away

        def write(self, data):
            if self.full:
                self.full = False
                raise OSError("No space left on device")
            return super().write(data)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(Exception, match="No space left on device"):
        exports.FORMATS[format_name].write(make_table(), FullDisk())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format_name", exports.FORMATS)
@pytest.mark.parametrize("value", [SimpleNamespace(), float("nan"), float("-inf")])
def test_value_that_a_file_cannot_hold_is_an_error(format_name, value):
    with pytest.raises((TypeError, AttributeError, ValueError)):
        write_one_column(format_name, [value])


@pytest.mark.parametrize(
    ("format_name", "content_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("json", "application/json"),
    ],
)
def test_answer_says_name_type_length_and_rows(
    db, format_name, content_type
):  # the end of an answer closes connections
    export = exports.write(make_table(slug="kz clinic"), format_name)
    response = exports.file_response(export)
    content = response.getvalue()
    response.close()
    assert dict(response.items()) == {
        "Content-Type": content_type,
        "Content-Length": str(len(content)),
        "Content-Disposition": f'attachment; filename="institutions-kz-clinic-2026-11-22.{format_name}"',
        "X-Row-Count": "3",
    }
    assert export.file.closed


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("", "institutions-2026-11-22.csv"),
        ("KZ, Clinic_2 \r\n\"/../'", "institutions-kz-clinic-2-2026-11-22.csv"),
        ("Казань 喀山", "institutions-kazan-kashan-2026-11-22.csv"),
        ("clinical " * 9, "institutions-" + "clinical-" * 6 + "2026-11-22.csv"),
        ("x" * 99, "institutions-" + "x" * 60 + "-2026-11-22.csv"),
    ],
)
def test_file_name_tells_filter_and_day_in_plain_letters(slug, name):
    export = exports.write(make_table(slug=slug), "csv")
    export.file.close()
    assert export.name == name


def test_file_name_has_the_local_day():
    late = datetime.datetime(2026, 11, 22, 23, 59, tzinfo=datetime.UTC)  # already the 23rd in Kazan
    export = exports.write(exports.Table("labs", COLUMNS, [], exports.About("", "", "", late)), "csv")
    export.file.close()
    assert export.name == f"labs-{timezone.localdate(late)}.csv"
