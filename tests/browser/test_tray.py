"""The ticks for a comparison, over several pages of a list."""

from urllib.parse import parse_qs, urlsplit

from tests.browser.pages import Page

ROWS = "#results input[name=i]"
PICKED = "#compare .picked input"


def test_ticks_last_from_page_to_page_and_end_where_they_are_taken_back(visit, directory):
    tab = visit(Page("/institutions/?country=RU")).tab
    first = tab.locator(ROWS).first.get_attribute("value")
    tab.locator(ROWS).first.check()

    tab.goto(f"{directory.address}/institutions/?country=KZ")
    tab.locator(ROWS).first.check()
    assert tab.locator(PICKED).evaluate_all("boxes => boxes.map(box => box.value)")[0] == first
    second = tab.locator(ROWS).first.get_attribute("value")
    tab.locator("#compare button").click()
    tab.wait_for_url("**/compare/**")
    assert parse_qs(urlsplit(tab.url).query)["i"] == [first, second]

    tab.goto(f"{directory.address}/institutions/?country=RU")
    assert tab.locator(ROWS).first.is_checked()
    tab.locator(PICKED).first.focus()
    tab.keyboard.press("Space")
    assert tab.locator(":focus").get_attribute("value") == second
    assert not tab.locator(ROWS).first.is_checked()
    tab.reload()
    assert tab.locator(PICKED).evaluate_all("boxes => boxes.map(box => box.value)") == [second]


def test_a_full_tray_says_so_and_takes_no_more(visit):
    tab = visit(Page("/institutions/")).tab
    rows = tab.locator(ROWS)
    assert rows.count() > 6
    for number in range(6):
        rows.nth(number).check()

    assert "untick one" in tab.locator("#compare [role=status]").inner_text()
    assert rows.nth(6).is_disabled()
    rows.nth(0).uncheck()
    assert rows.nth(6).is_enabled()
    assert tab.locator("#compare [role=status]").inner_text() == ""


def test_the_tray_covers_nothing_that_is_focused_and_is_not_printed(visit):
    tab = visit(Page("/institutions/")).tab
    tab.set_viewport_size({"width": 390, "height": 600})
    assert not tab.locator("#compare").is_visible()  # it comes with the first tick
    tab.locator(ROWS).first.check()
    tray_top = tab.locator("#compare").bounding_box()["y"]
    tab.locator(ROWS).first.focus()
    for _ in range(12):
        tab.keyboard.press("Tab")
        box = tab.locator(":focus").bounding_box()
        assert box["y"] + box["height"] <= tray_top

    tab.emulate_media(media="print")
    assert not tab.locator("#compare").is_visible()
