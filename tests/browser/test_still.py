"""Nothing moves under the hand: a tick keeps the scroll, the box's place, the focus and the order of values."""

import pytest

from tests.browser.pages import Page

PLACE = """id => {
    const box = document.getElementById(id);
    const values = [...box.closest("fieldset").querySelectorAll("input[type=checkbox]")];
    return [window.scrollY, box.getBoundingClientRect().top, values.map(value => value.id)];
}"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("address", ["/institutions/", "/labs/", "/coverage/", "/pipeline/", "/map/", "/changes/"])
def test_a_tick_moves_nothing_in_any_facet(visit, demonstration, address, width):
    tab = visit(Page(demonstration.address + address)).tab
    tab.set_viewport_size({"width": width, "height": 900})
    if not tab.locator("#facets").is_visible():
        tab.locator(".filters > summary").click()
    for name in tab.locator("[data-facet]").evaluate_all("facets => facets.map(facet => facet.dataset.facet)"):
        boxes = tab.locator(f'[data-facet="{name}"] input[type=checkbox]:enabled:not(:checked)')
        if not boxes.count():
            continue
        key = boxes.first.get_attribute("id")
        boxes.first.scroll_into_view_if_needed()
        boxes.first.focus()
        before = tab.evaluate(PLACE, key)
        for _turn in ("tick", "untick"):
            with tab.expect_response(lambda response: address in response.url):
                tab.keyboard.press("Space")
            tab.locator("#results:not([aria-busy])").wait_for(state="attached")
            assert tab.evaluate(PLACE, key) == before, key
            assert tab.locator(":focus").get_attribute("id") == key


def test_a_slash_leads_to_the_search_and_the_end_of_the_filter_to_the_results(visit):
    tab = visit(Page("/institutions/")).tab
    tab.set_viewport_size({"width": 390, "height": 700})
    tab.keyboard.press("/")
    assert tab.locator(":focus").get_attribute("name") == "q"

    tab.locator(".filters > summary").click()
    tab.locator("#country-KZ").check()
    tab.locator("#results:not([aria-busy])").wait_for(state="attached")
    button = tab.locator("#facets .show .btn-accent")
    box = button.bounding_box()
    assert 0 <= box["y"] <= 700 - box["height"]
    with tab.expect_response("**/institutions/**"):
        button.click()
    tab.locator("#results:focus").wait_for()
    assert -1 < tab.locator("#status").bounding_box()["y"] < 350  # lines end between pixels, scrolling does not


@pytest.mark.parametrize("link", [".rows thead a >> nth=1", ".chips a >> nth=0"])
def test_whose_link_goes_with_the_former_results_goes_on_from_the_new_ones(visit, link):
    tab = visit(Page("/institutions/?country=KZ")).tab
    tab.locator(link).focus()
    with tab.expect_response("**/institutions/**"):
        tab.keyboard.press("Enter")
    tab.locator("#results:focus").wait_for()


def test_more_values_of_a_facet_are_shown_in_the_open_filter(visit, demonstration):
    tab = visit(Page(demonstration.address + "/institutions/")).tab
    tab.set_viewport_size({"width": 390, "height": 700})
    tab.locator(".filters > summary").click()
    tab.locator('[data-facet="city"] > p > a').click()
    tab.wait_for_url("**show=city#facets")
    assert 0 <= tab.locator("#facets").bounding_box()["y"] < 350
