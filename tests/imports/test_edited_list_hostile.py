"""`import_list`: workbooks that would fill the memory, evaluate or fetch something: refused in one sentence."""

import re

import pytest
from openpyxl.xml.constants import CONTYPES_NS

from partners.models import Institution
from tests.support.factories import make_institution
from tests.support.list_file import load, refusal
from tests.support.workbook import make_workbook, sheet_of, with_part

pytestmark = pytest.mark.django_db
SHEET = "xl/worksheets/sheet1.xml"
LIST = [["slug", "name"], ["a", "A"]]
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
STYLES = f"<styleSheet><cellXfs>{'<xf/>' * 50_000}</cellXfs></styleSheet>"
LARGE = "line 1: this workbook is too large unpacked: delete its other sheets, or save it as CSV"
WIDE = "line 1: a sheet has more columns or cells than any list of ours"
ODD = "line 1: this workbook was not written by a spreadsheet: save it again as XLSX"
BROKEN = "line 1: this workbook cannot be read: save it again as “Excel workbook (.xlsx)”"


@pytest.mark.parametrize(
    ("part", "name", "mistake"),
    [
        (b" " * 2_000_000, "xl/bomb.bin", LARGE),
        (sheet_of("<c/>" * 100_000), SHEET, WIDE),
        (sheet_of('<c r="XFD1"/>') + " ", SHEET, WIDE),
        (ENTITIES + sheet_of("<c><v>&b;</v></c>"), SHEET, ODD),
        (ENTITIES + "<x>&b;</x>", "xl/other.bin", ODD),
        (STYLES, "xl/styles.xml", LARGE),
        (b"<worksheet>", SHEET, BROKEN),
        (b"", "xl/workbook.xml", BROKEN),
        (sheet_of('<c r="A1" t="s"><v>99999</v></c>'), SHEET, BROKEN),
    ],
    ids=["bomb", "many cells", "far column", "entities", "by another name", "styles", "broken", "empty", "lost text"],
)
def test_a_workbook_that_no_spreadsheet_saves_is_refused(part, name, mistake, monkeypatch):
    monkeypatch.setattr("partners.imports.edited_list.workbook.LARGEST", 1_000_000)
    monkeypatch.setattr("partners.imports.edited_list.workbook.LARGEST_TREE", 100_000)
    make_institution(slug="a", name="A")
    assert refusal(with_part(make_workbook(LIST), name, part)) == [mistake]


def test_an_archive_that_is_no_workbook_is_refused():
    content = make_workbook(LIST)
    assert refusal(content[: len(content) // 2]) == [BROKEN]
    renamed = content.replace(b"[Content_Types].xml", b"[Content_Typez].xml")
    assert refusal(renamed) == ["line 1: this is a ZIP archive, not an XLSX file: unpack it and choose the list in it"]
    of_text = with_part(content, "[Content_Types].xml", f'<Types xmlns="{CONTYPES_NS}"/>')
    assert refusal(of_text) == [BROKEN]


def test_a_workbook_with_a_password_is_refused():
    content = bytearray(make_workbook(LIST))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(mark, bytes(content)):
            content[found.start() + flags] |= 1  # encrypted
    assert refusal(bytes(content)) == [BROKEN]


def test_links_to_other_workbooks_and_claims_of_size_are_passed_over():
    make_institution(slug="a", name="A")
    content = make_workbook([["slug", "name"], ["a", "B"]])
    link = '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    content = with_part(content, "xl/externalLinks/externalLink1.xml", link)
    assert load(content)[2:] == ["Changed: 1", "a: name: A → B"]
    assert Institution.objects.get().name == "B"
