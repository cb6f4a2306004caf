"""Forty corrections by a workbook: from the list of institutions to what is written, its clicks counted."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.axe import violations as axe_violations

CLICKS_AT_MOST = 6
CORRECTED = 40


class Clicks:
    """A tab that counts what an editor clicks; choosing a file is a click, too."""

    def __init__(self, tab):
        self.tab = tab
        self.count = 0

    def click(self, name, role="link"):
        self.count += 1
        self.tab.get_by_role(role, name=name).click()

    def choose(self, file):
        self.count += 1
        self.tab.get_by_label("File").set_input_files(file)


@pytest.fixture(scope="module")
def editor(chromium, serve, tmp_path_factory):
    """A signed-in tab on a directory that may be changed."""
    with serve(tmp_path_factory.mktemp("corrected")) as running:
        context = chromium.new_context(base_url=running.address, reduced_motion="reduce")
        tab = context.new_page()
        tab.goto("/admin/login/?next=/admin/partners/institution/")
        tab.fill("[name=username]", running.editor)
        tab.fill("[name=password]", running.password)
        tab.click("[type=submit]")
        tab.wait_for_url("**/admin/partners/institution/")
        yield tab
        context.close()


def corrected(content):
    """Return a workbook with forty cells changed: websites and years, and the names of cells that are left."""
    workbook = load_workbook(BytesIO(content))
    sheet = workbook.worksheets[0]
    column = {cell.value: cell.column for cell in sheet[1]}
    left = CORRECTED
    for name, value in [("website", "https://corrected.example/"), ("founded", 1901), ("verified_on", "2026-11-01")]:
        for row in range(2, sheet.max_row + 1):
            if left:
                sheet.cell(row, column[name], value)
                left -= 1
    for row in range(2, sheet.max_row + 1):
        if left:
            sheet.cell(row, column["name"]).value += " (corrected)"
            left -= 1
    file = BytesIO()
    workbook.save(file)
    return file.getvalue(), CORRECTED - left


def test_forty_corrections_by_a_workbook_take_at_most_six_clicks(editor):
    response = editor.request.get("/institutions.xlsx")
    content, number = corrected(response.body())
    assert number == CORRECTED
    editor.set_viewport_size({"width": 1280, "height": 900})
    editor.goto("/admin/partners/institution/")
    clicks = Clicks(editor)
    clicks.click("Bring a file in")
    assert axe_violations(editor) == []
    clicks.choose({"name": "institutions.xlsx", "mimeType": "application/octet-stream", "buffer": content})
    clicks.click("Show what it would change", "button")
    expect(editor.locator("#result_list tbody tr")).to_have_count(CORRECTED)  # when all have come
    assert axe_violations(editor) == []
    assert editor.evaluate("document.documentElement.scrollWidth") <= 1280
    clicks.click("Write it", "button")
    assert "Written." in editor.get_by_role("status").inner_text()
    assert clicks.count <= CLICKS_AT_MOST
    again = load_workbook(BytesIO(editor.request.get("/institutions.xlsx").body())).worksheets[0]
    assert "https://corrected.example/" in [cell.value for row in again.iter_rows() for cell in row]


def test_mistakes_and_the_way_back_are_pages_like_others(editor):
    editor.set_viewport_size({"width": 1280, "height": 900})
    editor.goto("/ru/admin/partners/institution/import/")
    content = b"slug,standing\nkazan-federal-university,signd\n"
    editor.locator("[type=file]").set_input_files({"name": "x.csv", "mimeType": "text/csv", "buffer": content})
    editor.get_by_role("button", name="Показать, что он изменит").click()
    expect(editor.locator(".errornote")).to_have_count(1)  # when the file is read
    assert axe_violations(editor) == []
    for address in ("undo/", "registry/"):
        editor.goto(f"/ru/admin/partners/institution/{address}")
        assert axe_violations(editor) == []
        assert editor.evaluate("document.documentElement.scrollWidth") <= 1280
