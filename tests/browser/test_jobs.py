"""What people come to do takes few clicks, on a phone and on a desk, with JavaScript and without."""

import pytest

from tests.browser.pages import Page

everywhere = pytest.mark.parametrize("width", [390, 1280])
with_and_without = pytest.mark.parametrize("java_script_enabled", [True, False])


@pytest.fixture
def start(visit, width, java_script_enabled):
    """A function that opens a page as the visitor sees it, and returns its tab and a function that clicks."""

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
def test_who_in_kazakhstan_has_a_link_of_the_chain_and_how_to_write_to_them(start):
    tab, click, clicks = start("/")
    click("nav a[href='/coverage/']")
    click(".board a.amount[href*='country=KZ']")
    click(".rows tbody th a")
    assert tab.locator("h1").inner_text().startswith("Nazarbayev University")
    assert tab.locator(".entry-acts a").first.is_visible()
    assert len(clicks) <= 3


@everywhere
@with_and_without
def test_which_agreements_end_within_90_days_and_whom_to_call(start, java_script_enabled):
    tab, click, clicks = start("/")
    click("nav a[href='/pipeline/']")
    tab.locator("#due ~ p select[name=window]").select_option("90")
    clicks.append("90 days")
    if not java_script_enabled:
        tab.locator(".window button").click()
    tab.wait_for_url("**/pipeline/**window=90**")
    assert tab.locator("#due").inner_text() == "Whom to call: due within 90 days"
    assert len(clicks) <= 2


@everywhere
@with_and_without
def test_companies_of_two_countries_as_a_spreadsheet(start, java_script_enabled, width):
    tab, click, clicks = start("/institutions/")
    for box in ("country-RU", "country-KZ", "kind-company"):
        if not tab.locator(f"#{box}").is_visible():
            tab.locator(".filters > summary").click()
        click(f"#{box}")
        if java_script_enabled:
            tab.locator("#results:not([aria-busy])").wait_for(state="attached")
    if not java_script_enabled:
        tab.locator("#facets .show button").click()
    tab.wait_for_url("**kind=company**")
    if not tab.locator(".acts ul").is_visible():
        tab.locator(".acts summary").click()
    with tab.expect_download() as download:
        click(".acts a[href*='.xlsx']")
    assert download.value.suggested_filename.endswith(".xlsx")
    assert len(clicks) <= 4


@everywhere
@with_and_without
def test_what_breaks_if_somebody_leaves(start, java_script_enabled):
    tab, click, clicks = start("/")
    click("nav a[href='/coverage/']")
    tab.locator("#without").select_option("kazan-federal-university")
    clicks.append("choose")
    if not java_script_enabled:
        tab.locator(".leave button").click()
    tab.wait_for_url("**without=kazan-federal-university**")
    assert tab.locator("#losses").inner_text() == "Without Kazan Federal University"
    assert len(clicks) <= 2
