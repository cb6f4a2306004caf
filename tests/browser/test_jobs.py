"""What people come to do takes few clicks, on a phone and on a desk, with JavaScript and without."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from tests.browser.pages import Page

everywhere = pytest.mark.parametrize("width", [390, 1280])
with_and_without = pytest.mark.parametrize("java_script_enabled", [True, False])


@pytest.fixture
def start(visit, width, java_script_enabled):
    """A function that opens a page as the visitor sees it: it returns the tab, a function that clicks, the clicks."""

    def open_page(address):
        viewport = {"width": width, "height": 900}
        tab = visit(Page(address), java_script_enabled=java_script_enabled, viewport=viewport).tab
        clicks = []

        def click(selector):
            clicks.append(selector)
            tab.locator(selector).first.click()

        return tab, click, clicks

    return open_page


@everywhere
@with_and_without
def test_who_in_kazakhstan_plans_vector_production_and_how_to_write_to_them(start, demonstration):
    tab, click, clicks = start(demonstration.address)
    click("nav a[href='/coverage/']")
    click(".board a.amount.is-planned[href*='role=vector'][href*='country=KZ']")
    assert tab.locator("#status").inner_text().startswith("1 institution")
    click(".rows tbody th a")
    assert tab.locator("h1").inner_text() == "Argymaq Biotech"
    assert tab.locator(".entry-acts a").first.get_attribute("href").startswith("mailto:office@argymaq.example")
    assert len(clicks) <= 3


@everywhere
@with_and_without
def test_which_agreements_end_within_90_days_and_whom_to_call(start, demonstration):
    tab, click, clicks = start(demonstration.address)
    click("nav a[href='/pipeline/']")
    click(".switches a[href*='window=90']")
    tab.wait_for_url("**/pipeline/**window=90**")
    assert tab.locator("#due").inner_text() == "Whom to call: due within 90 days"
    whom = tab.locator(".due .whom")
    assert whom.count() == tab.locator(".due > li").count() > 3
    assert all("@" in text for text in whom.all_inner_texts())
    assert len(clicks) <= 2


@everywhere
@with_and_without
def test_hospitals_of_russia_and_belarus_as_a_spreadsheet(start, demonstration, java_script_enabled, width):
    tab, click, clicks = start(f"{demonstration.address}/institutions/")
    boxes = ["#country-RU", "#country-BY"]
    if width == 390:  # a phone has its filter folded: the kind is one word
        tab.fill("main [name=q]", "hospital")
        with tab.expect_navigation():
            tab.keyboard.press("Enter")
        click(".filters > summary")
    else:
        boxes.append("#kind-hospital")
    for box in boxes:
        click(box)
        if java_script_enabled:
            tab.locator("#results:not([aria-busy])").wait_for(state="attached")
    with tab.expect_download() as download:
        click("#facets button[formaction]")
    workbook = openpyxl.load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    names, *rows = workbook.worksheets[0].iter_rows(values_only=True)
    found = sorted((row[names.index("country")], row[names.index("kind")]) for row in rows)
    assert found == [("BY", "hospital")] + [("RU", "hospital")] * 3
    assert len(clicks) <= 4


@everywhere
@with_and_without
def test_what_breaks_if_kfu_leaves(start, java_script_enabled):
    tab, click, clicks = start("/")
    if java_script_enabled:
        with tab.expect_navigation():  # with its scripts, which are what takes a choice without a button
            click("nav a[href='/coverage/']")
        tab.locator("#without").select_option("kazan-federal-university")
        clicks.append("choose")
    else:
        tab.fill("[name=q]", "КФУ")
        with tab.expect_navigation():
            tab.keyboard.press("Enter")
        click(".rows tbody th a")
        click("a[href*='without=']")
    tab.wait_for_url("**without=kazan-federal-university**")
    assert tab.locator("#losses").inner_text() == "Without Kazan Federal University"
    assert "Target discovery and genetic engineering: Russia" in tab.locator(".losses").inner_text()
    assert len(clicks) <= 2
