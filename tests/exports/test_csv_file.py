"""CSV to the last byte, and exact on the way back."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from partners import exports
from tests.support.table import (
    COLUMNS,
    NAMES,
    read_csv,
    texts,
    write,
    write_one_column,
)


def test_csv_is_written_as_promised_to_the_last_byte():
    assert write("csv").decode() == (
        "\ufeffname,ror_id,country,latitude,roles,expected_on,founded,changed\r\n"
        '"Kazan “KFU”, Казань",https://ror.org/05256ym39,RU,55.79,clinic\\; day; vector,,1804,'
        "2026-11-22T21:30:00+00:00\r\n"
        '"\'=1+1 ""喀山""",,KZ,-0.00001,,2027-01-31,-5,\r\n'
        "\"''+7\r\nline\",,,,'@a; b\\\\,1804-11-05,,\r\n"
    )


@given(st.lists(texts))
def test_csv_gives_every_text_back_exactly(values):
    content = write_one_column("csv", values)
    assert read_csv(content) == [{"name": value} for value in values]


@given(st.lists(st.tuples(texts, texts)))
def test_csv_has_the_lines_of_the_standard_writer(rows):
    standard = io.StringIO(newline="")
    csv.writer(standard).writerows([NAMES[:2], *([exports.guard_formula(text) for text in row] for row in rows)])
    assert write("csv", rows, COLUMNS[:2]).decode("utf-8-sig") == standard.getvalue()


@given(st.lists(texts))
def test_csv_gives_every_list_back_exactly(values):
    [row] = read_csv(write_one_column("csv", [values]))
    assert exports.split_list(row["name"]) == values


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_csv_writes_numbers_plain_and_exact(number):
    [row] = read_csv(write_one_column("csv", [number]))
    assert float(row["name"]) == number
    assert set(row["name"]) <= set("-.0123456789")


@given(st.lists(texts | st.lists(texts)))
def test_csv_holds_no_text_that_a_spreadsheet_takes_for_a_formula(values):
    content = write_one_column("csv", values).decode("utf-8-sig")
    cells = [cell for [cell] in csv.reader(io.StringIO(content, newline=""), strict=True)]
    assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))] == []


def test_list_typed_by_hand_is_read():
    lists = {"": [], "\\": [""], "a;b": ["a", "b"], "a; b\\": ["a", "b"], "a;  b": ["a", " b"], "\\a": ["a"]}
    assert {text: exports.split_list(text) for text in lists} == lists


def test_formula_typed_by_hand_is_read():
    texts = {"=1": "=1", "'=1": "=1", "'a": "'a", "''": "''"}
    assert {text: exports.unguard_formula(text) for text in texts} == texts
