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
