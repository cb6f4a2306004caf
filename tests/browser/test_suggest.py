"""The suggestions of a search box, by keyboard alone."""

import pytest

from tests.browser.pages import Page

BOXES = {"/about/": "#site-search", "/": ".ask input[name=q]", "/institutions/": "#id_q"}


@pytest.mark.parametrize("address", BOXES)
def test_a_suggestion_is_chosen_by_keyboard(visit, address):
    tab = visit(Page(address)).tab
    box = tab.locator(BOXES[address])
    box.press_sequentially("казань")
    options = tab.locator("[role=option]")
    options.first.wait_for()
    assert (box.get_attribute("role"), box.get_attribute("aria-expanded")) == ("combobox", "true")

    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert options.first.get_attribute("aria-selected") == "true"
    box.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    box.press("Escape")
    assert (box.get_attribute("aria-expanded"), box.input_value()) == ("false", "казань")

    box.press("ArrowDown")
    options.first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    tab.wait_for_url("**/institutions/kazan-federal-university/")


def test_what_is_offered_is_announced_and_nothing_too(visit):
    tab = visit(Page("/institutions/")).tab
    box, live = tab.locator("#id_q"), tab.locator(".suggest [aria-live=polite]")
    box.press_sequentially("vector")
    live.filter(has_text="Roles and countries: 1").wait_for(state="attached")
    box.fill("zzzqq")
    live.filter(has_text="No suggestions").wait_for(state="attached")
    assert tab.locator("[role=option]").count() == 0
