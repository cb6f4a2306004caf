"""Promises of files: whole, exact on the way back, and the same rows in every format."""

import datetime
import io
import json
import tempfile
from types import SimpleNamespace

import openpyxl
import pytest
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from partners import exports
from partners.exports import xlsx_file
from tests.support.table import ABOUT, COLUMNS, NAMES, ROWS, make_table, read_sheet, texts, write, write_one_column


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
@example(["<r></r>", "<r><b>&</r>", "_x000D_"])
def test_xlsx_gives_every_text_back_exactly(values):
    rows = read_sheet(write_one_column("xlsx", [["-"], *values, "end"]), "institutions")
    assert rows == [["name"], ["-"], *([value or None] for value in values), ["end"]]


@given(st.lists(texts | st.none() | st.integers() | st.lists(texts)))
def test_json_gives_every_value_back_exactly(values):
    document = json.loads(write_one_column("json", values))
    assert [result["name"] for result in document["results"]] == values
    assert document["count"] == len(values)


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
