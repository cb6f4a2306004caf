"""`import_list`: the formats that come back, and cells that have one reading only."""

import datetime
import unicodedata
from io import BytesIO

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from partners.exports.xlsx_file import XLSX_CELL_UNITS
from partners.models import NameKind
from tests.imports.test_edited_list import odd_texts, rolled_back, with_odd_values
from tests.support.directory import make_directory
from tests.support.factories import make_institution, make_lab, make_name
from tests.support.list_file import edited, export, load, refusal, rows_of, written
from tests.support.workbook import make_workbook

pytestmark = pytest.mark.django_db
UNCHANGED = ["Changed: 0"]
LISTS = [f"/{name}.{form}" for name in ("institutions", "labs") for form in ("csv", "xlsx", "json")]


def downloaded(address):
    return b"".join(Client().get(address))


def test_a_list_that_comes_back_as_it_was_changes_nothing_in_any_format():
    @settings(max_examples=10)
    @given(seed=st.integers(0, 10**6), texts=st.lists(odd_texts, min_size=6, max_size=6))
    @rolled_back
    def check(seed, texts):
        make_directory(seed, institutions=8)
        with_odd_values(texts, [(55.7, 49.1)] * 3)
        for address in LISTS:
            assert load(downloaded(address))[2:] == UNCHANGED, address

    check()


@pytest.mark.parametrize(
    "saved",
    [
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le").join([b"\xff\xfe", b""]),
        lambda text: text.encode("cp1251"),
        lambda text: b"sep=;\r\n" + text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode("utf-16"),
        lambda text: unicodedata.normalize("NFD", text).encode(),
        lambda text: text.replace("\r\n", ",,\r\n").encode(),  # as a sheet with formatted empty columns
    ],
)
def test_what_a_spreadsheet_saves_is_read(saved):
    make_institution(slug="a", name="Казань Йошкар")
    make_institution(slug="b", name="Прежнее", website="https://b.example/")
    text = "slug,name,website\r\na,Казань Йошкар,\r\nb,Новое имя,https://b.example/\r\n"
    assert load(saved(text))[2:] == ["Changed: 1", "b: name: Прежнее → Новое имя"]


def test_letters_that_a_code_page_lacks_are_no_edit():
    make_institution(slug="a", name="Қазақ ұлттық университеті")
    text = "slug,name,founded\na,Қазақ ұлттық университеті,1934\n"
    assert load(text.encode("cp1251", "replace"))[2:] == ["Changed: 1", "a: founded: nothing → 1934"]


@pytest.mark.parametrize(
    "cell",
    [
        *["2026/3/29", "2026-03-29 00:00:00", "29.3.2026", "29.03.2026 0:00", "2026.03.29"],
        *["29. 3. 2026", "29/03/2026", "29-03-2026", "03/29/2026", "2026年3月29日"],
        *["2026-03-29T00:00:00+03:00", "2026-03-29T00:00:00-08:00"],
    ],
)
def test_a_day_with_one_reading_is_read(cell):
    institution = make_institution(slug="a")
    load(f"slug,verified_on\na,{cell}\n".encode())
    institution.refresh_from_db()
    assert institution.verified_on == datetime.date(2026, 3, 29)


@pytest.mark.parametrize("cell", ["03/04/2026", "3-4-2026", "31/02/2026", "3/29-2026", "2026-03-28T21:00:00Z"])
def test_a_day_with_two_readings_or_none_is_refused(cell):
    make_institution(slug="a")
    advice = "write the day as 2026-11-22 or 22.11.2026, or nothing"
    assert refusal(f"slug,verified_on\na,{cell}\n".encode()) == [f"line 2, verified_on “{cell}”: {advice}"]


def test_a_number_as_a_spreadsheet_shortens_it_is_read():
    institution = make_institution(slug="a")
    load(b'slug,latitude,longitude\na,"4,325249E+01",-7.69E-01\n')
    institution.refresh_from_db()
    assert (institution.latitude, institution.longitude) == (43.25249, -0.769)


@pytest.mark.parametrize("cell", ["1992.0", "1 992", "1\u00a0992", '"1,992"', '"1992,0"', "1992", "1’992", "1'992"])
def test_a_year_with_one_reading_is_read(cell):
    institution = make_institution(slug="a")
    load(f"slug,founded\na,{cell}\n".encode())
    institution.refresh_from_db()
    assert institution.founded == 1992


def test_a_workbook_is_read_by_its_values():
    make_institution(slug="a", name="A", founded=1804)
    make_institution(slug="007", name="B")
    rows = [
        ["slug", "name", "founded", "verified_on", "latitude", "longitude", None],
        ["a", "=1+1", 1805.0, datetime.datetime(2026, 3, 29), 55, 49.5, None],
        [],
        ["007", "B", None, datetime.date(2026, 3, 29)],
    ]
    content = make_workbook(rows, texts=["=1+1"])
    assert load(content)[2:] == [
        "Changed: 2",
        "a: name: A → =1+1",
        "a: founded: 1804 → 1805",
        "a: verified_on: nothing → 2026-03-29",
        "a: latitude: nothing → 55.0",
        "a: longitude: nothing → 49.5",
        "007: verified_on: nothing → 2026-03-29",
    ]
    assert load(content)[2:] == UNCHANGED


def test_a_formula_is_a_mistake_with_its_place():
    make_institution(slug="a", name="A")
    rows = [["slug", "name"], ["a", '=HYPERLINK("https://evil.example")']]
    formula = "this is a formula or an error, and a value is wanted: paste its value there"
    assert refusal(make_workbook(rows)) == [f'line 2, name “=HYPERLINK("https://evil.example")”: {formula}']


def test_a_text_that_a_sheet_cuts_is_no_edit_and_the_sheet_says_so():
    institution = make_institution(slug="a", name="A")
    for number in range(120):
        make_lab(institution, name=f"{number} " + "x" * 280)
    content = downloaded("/institutions.xlsx")
    assert len(rows_of(export())[1][0][rows_of(export())[0].index("labs")]) > XLSX_CELL_UNITS
    assert load(content)[2:] == UNCHANGED

    about = {row[0].value: row[1].value for row in load_workbook(BytesIO(content))["About"]}
    assert about["Cut"] == "labs in 1 rows; CSV and JSON have them whole"


def test_a_message_never_prints_a_whole_old_cell():
    institution = make_institution(slug="a", name="A")
    make_name(institution, value="x" * 300, kind=NameKind.ACRONYM)
    [mistake] = refusal(edited("a", acronym="y"))
    assert f"put back “{'x' * 60}…”" in mistake


def test_odd_rows_of_json_are_refused_and_ours_are_read():
    make_institution(slug="a", name="A")
    content = downloaded("/institutions.json")
    assert load(content.replace(b'"name": "A"', b'"name": "B"'))[2:] == ["Changed: 1", "a: name: A → B"]
    assert load(written(*rows_of(export())))[2:] == UNCHANGED
