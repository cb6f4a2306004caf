"""Pages as Chromium prints them."""

import re

import pytest

from tests.browser.pages import Page

A4 = 595, 842  # points


def sheets(tab):
    """Return (width, height) in points of each sheet."""
    pdf = tab.pdf(prefer_css_page_size=True)
    return [(round(float(w)), round(float(h))) for w, h in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)]


@pytest.mark.parametrize(
    "address",
    [
        "/countries/RU/",
        "/kk/countries/KZ/",
        "/roles/clinic/",
        "/ru/roles/partner/",
    ],
)
def test_a_country_and_a_role_are_one_sheet_each(visit, address):
    assert sheets(visit(Page(address)).tab) == [A4]


def test_a_board_lies_across_its_sheets(visit):
    assert set(sheets(visit(Page("/coverage/")).tab)) == {A4[::-1]}


def test_the_code_of_the_address_is_printed(visit):
    visit_ = visit(Page("/print/institutions/?country=RU"))
    assert not [response for response in visit_.responses if "/qr.svg" in response.url]  # no screen shows it
    with visit_.tab.expect_response(lambda response: "/qr.svg" in response.url) as code:
        visit_.tab.pdf()
    assert code.value.ok
