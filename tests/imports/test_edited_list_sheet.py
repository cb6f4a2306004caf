"""The cells of a workbook: the same rows whichever program saved it, and a stream that ends where it is damaged."""

import datetime
import io
import re
import unicodedata

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.xml.constants import SHEET_MAIN_NS

from partners.exports import csv_cells
from partners.imports.edited_list.source import UnreadableError
from partners.imports.edited_list.workbook import read_workbook
from tests.support.workbook import make_workbook, with_part

SHEET = "xl/worksheets/sheet1.xml"
FORMULA = "this is a formula or an error, and a value is wanted: paste its value there"
HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>slug</t></is></c><c r="C1" s="1"/></row>'
DAMAGED = "this workbook cannot be read from here: save it again as XLSX"
WIDE = "a sheet has more columns or cells than any list of ours"

texts = st.text(st.sampled_from("aé\u0301=+'\t\n\r\x01 _x00D4;Ж𝄞＝<&"), max_size=8) | st.just("_x000D_")
values = (
    st.none()
    | texts
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(-1e9, 1e9).map(lambda number: float(f"{number:.9g}"))
    | st.dates(datetime.date(1904, 1, 2), datetime.date(2100, 1, 1))
    | st.integers(10**5, 6 * 10**9).map(lambda seconds: datetime.datetime(1904, 1, 1) + datetime.timedelta(0, seconds))
)
# Gaps between the rows, and their cells.
sheets = st.lists(st.tuples(st.integers(1, 4), st.lists(values, max_size=5)), max_size=8)


def read(content):
    """Return (rows as (line, cells, wrong), problem as (line, words), where there is one)."""
    rows = []
    try:
        for row in read_workbook(io.BytesIO(content)).rows:
            rows.append((row.line, list(row.cells), dict(row.wrong)))
    except UnreadableError as error:
        return rows, (error.line, str(error))
    return rows, None


def cells_of(*rows):
    """Return the rows of a sheet made of XML, below a header of three columns."""
    found, problem = read(with_part(make_workbook([["slug"], [datetime.date(2026, 3, 29)]]), SHEET, sheet_of(*rows)))
    assert (found[0], problem) == ((1, ["slug", "", ""], {}), None)
    return found[1:]


def sheet_of(*rows):
    return f'<worksheet xmlns="{SHEET_MAIN_NS}"><sheetData>{HEAD}{"".join(rows)}</sheetData></worksheet>'


def saved(rows, *, inline, epoch):
    """Return a workbook whose second sheet has a key; texts stand in their cells, or all in one part."""
    file = io.BytesIO()
    options = {"constant_memory": inline, "date_1904": epoch, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        day, moment = (workbook.add_format({"num_format": form}) for form in ("dd.mm.yy", "yyyy-mm-dd hh:mm:ss"))
        workbook.add_worksheet("Notes").write_string(0, 0, "name")
        sheet = workbook.add_worksheet("List")
        for column in range(6):
            sheet.write_string(0, column, "slug" if column == 5 else f"column {column}")
        for line, cells in rows:
            for column, value in enumerate(cells):
                if isinstance(value, datetime.date):
                    sheet.write_datetime(
                        line - 1, column, value, moment if isinstance(value, datetime.datetime) else day
                    )
                elif value is None or value == "":
                    sheet.write_blank(line - 1, column, None, day)
                else:
                    sheet.write(line - 1, column, value)
    return file.getvalue()


def as_csv(value):
    """Return what CSV would have in place of a cell, written by other means than the reader's."""
    if isinstance(value, datetime.datetime):
        return f"{value:%Y-%m-%d}" if value.time() == datetime.time() else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFC", csv_cells([value])[0])


@settings(max_examples=20)
@given(rows=sheets, inline=st.booleans(), epoch=st.booleans())
def test_rows_are_read_as_they_were_saved(rows, inline, epoch):
    line, numbered = 1, []
    for gap, cells in rows:
        line += gap
        numbered.append((line, cells))
    content = saved(numbered, inline=inline, epoch=epoch)
    assert (b"sharedStrings.xml" in content) is not inline
    found, problem = read(content)
    expected = [
        (line, [*map(as_csv, cells), *[""] * (6 - len(cells))], {})
        for line, cells in numbered
        if any(value not in (None, "") for value in cells)
    ]
    assert (found[1:], problem) == (expected, None)
    # openpyxl, which reads cells by other means, finds values in the same places; only its escapes are half undone.
    sheet = load_workbook(io.BytesIO(content), read_only=True)["List"]
    places = [
        (line, column)
        for line, row in enumerate(sheet.iter_rows(values_only=True), 1)
        for column, value in enumerate(row)
        if value is not None
    ]
    assert places == [(line, column) for line, cells, _ in found for column, cell in enumerate(cells) if cell]


def test_texts_are_read_without_their_form_and_their_sound():
    runs = "<r><rPr><b/></rPr><t>a_x00</t></r>\n<r><t>41_ b </t></r><rPh sb='0' eb='1'><t>sound</t></rPh>"
    inline = f'<row r="2"> <c r="A2" t="inlineStr"> <is> {runs} </is> </c> <c r="B2" t="inlineStr"><is/></c></row>'
    assert cells_of(inline, '<row r="4"><c r="A4" t="str"><v>=x</v></c><c t="inlineStr"/></row>') == [
        (2, ["aA b ", "", ""], {}),
        (4, ["'=x", "", ""], {}),
    ]
    strings = f'<sst xmlns="{SHEET_MAIN_NS}">{f"<si> {runs} </si>" * 9}</sst>'
    content = with_part(saved([], inline=False, epoch=False), "xl/sharedStrings.xml", strings)
    assert read(content) == ([(1, ["aA b "], {})], None)  # the first sheet, for none has a key


def test_values_of_every_kind_are_read_by_their_styles():
    row = "".join(
        f"<c{kind}><v>{value}</v></c>"
        for kind, value in {' t="b"': "0", ' t="d"': "2026-03-29T00:00:00", ' s="1"': "46110.5"}.items()
    )
    assert cells_of(f"<row>{row}</row>", '<row r="3"><c r="A3" s="1"><v>0.25</v></c><c><v>1E3</v></c></row>') == [
        (2, ["False", "2026-03-29", "2026-03-29 12:00:00"], {}),
        (3, ["06:00:00", "1000", ""], {}),
    ]


def test_formulas_and_errors_are_wrong_and_shown():
    first = '<c r="A2"><f t="shared" ref="A2:A3" si="0">B2&amp;1</f><v>2</v></c><c r="B2" t="e"><v>#N/A</v></c>'
    second = '<c r="A3"><f t="shared" si="0"/><v>2</v></c><c r="B3"><f t="array" ref="B3">SUM(C3)</f></c>'
    third = '<c r="A4" s="1"><v>99999999</v></c>'
    assert cells_of(f'<row r="2">{first}</row>', f'<row r="3">{second}</row>', f'<row r="4">{third}</row>') == [
        (2, ["'=B2&1", "#N/A", ""], {0: FORMULA, 1: FORMULA}),
        (3, ["'=B3&1", "'=SUM(C3)", ""], {0: FORMULA, 1: FORMULA}),
        (4, ["#VALUE!", "", ""], {0: FORMULA}),
    ]


def test_names_of_elements_may_have_a_prefix_and_others_mean_nothing():
    foreign = '<controls xmlns:y="urn:y"><y:row>9</y:row><y:c r="ZZZ1"/><y:f>A1</y:f></controls></worksheet>'
    part = sheet_of('<row r="2"><c r="C2"><v>7</v></c></row>').replace("</worksheet>", foreign)
    prefixed = re.sub(r"<(/?)(?!y:|/)", r"<\1x:", part).replace("xmlns=", "xmlns:x=")
    assert "<x:row r=" in prefixed
    for content in (part, prefixed):
        assert read(with_part(make_workbook([["slug"]]), SHEET, content)) == (
            [(1, ["slug", "", ""], {}), (2, ["", "", "7"], {})],
            None,
        )


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ('<row r="9"><c><v>1</v></c></row><row r="9"><c><v>1</v></c></row>', (10, DAMAGED)),
        ('<row r="9"><c><v>1</v></c></row><row r="12"><c><v>x</v></c></row>', (12, DAMAGED)),
        ('<row r="9"><c><v>1</v></c></row><row r="12"><c></row>', (12, DAMAGED)),
        ('<row r="9"><c><v>1</v></c></row><row r="12"><c r="1"/></row>', (12, DAMAGED)),
        ('<row r="9"><c><v>1</v></c></row><row r="12"><c r="ALM12"/></row>', (12, WIDE)),
        ('<row r="9"><c><v>1</v></c></row><row r="1048577"/>', (1_048_577, WIDE)),
    ],
    ids=["row again", "no number", "broken", "no place", "far column", "far row"],
)
def test_rows_above_a_problem_are_read_and_it_has_its_line(rows, problem):
    rows, found = read(with_part(make_workbook([["slug"]]), SHEET, sheet_of(rows)))
    assert (rows, found) == ([(1, ["slug", "", ""], {}), (9, ["1", "", ""], {})], problem)
