"""Pages for paper: all rows of a question, and the address as a code for a phone."""

import re
from http import HTTPStatus
from urllib.parse import quote

import pytest

from partners.lists import LISTS
from partners.views import lists
from tests.support.factories import make_institution, make_lab

pytestmark = pytest.mark.django_db


def make_both(number):
    for place in range(number):
        make_lab(name=f"Lab {place:02}", institution=make_institution(name=f"Clinic {place:02}"))


@pytest.mark.parametrize("listing", LISTS, ids=lambda listing: listing.thing)
def test_the_page_for_paper_has_every_row_of_the_list_in_its_order(client, listing):
    make_both(30)
    address = f"/print/{listing.plural}/"
    word = "Lab" if listing.thing == "lab" else "Clinic"
    page = client.get(address).content.decode()

    names = re.findall(rf'<a href="/institutions/[^"]+"[^>]*>({word} [^<]+)</a>', page)
    assert list(dict.fromkeys(names)) == [f"{word} {place:02}" for place in range(30)]
    assert f'href="{address}?"' in client.get(f"/{listing.plural}/?size=50").content.decode()


@pytest.mark.parametrize("prefix", ["", "/ru"])
def test_where_rows_have_a_page_for_paper_no_button_prints_the_screen(client, prefix):
    make_both(1)

    pages = {name: client.get(f"{prefix}/{name}/").text for name in ("institutions", "labs", "coverage")}

    assert {name: 'data-act="print"' in page for name, page in pages.items()} == {
        "institutions": False,
        "labs": False,
        "coverage": True,
    }


def test_more_rows_than_fit_on_paper_are_offered_as_files(client, monkeypatch):
    monkeypatch.setattr(lists, "PRINTED_AT_MOST", 2)
    make_both(3)
    page = client.get("/print/institutions/?kind=university").content.decode()

    assert "Clinic 0" not in page
    assert "/institutions.csv?kind=university" in page


def test_a_bad_value_is_refused_as_on_the_list(client):
    answer = client.get("/print/institutions/?country=zz")
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert 'href="/institutions/"' in answer.content.decode()


def test_a_list_page_on_paper_says_which_of_how_many_rows_it_has(client):
    make_both(30)
    page = client.get("/institutions/").content.decode()
    assert re.search(r'<p class="print-only">Rows 1 to 25 of 30 institutions, <time datetime="\d{4}-\d\d-\d\d">', page)


@pytest.mark.parametrize(
    "path", ["", "institutions/", "//other.example/", "/\\other.example/", f"/?q={'a' * 1200}", "/" + 330 * "喀"]
)
def test_the_code_leads_nowhere_but_to_this_site(client, path):
    assert client.get("/qr.svg", {"of": path}).status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("path", ["/\t/other.example/", "/\t/[other.example/"])
def test_what_a_path_hides_is_part_of_the_address_on_this_site(client, path):
    escaped = client.get("/qr.svg", {"of": quote(path, safe="/[")})
    assert client.get("/qr.svg", {"of": path}).content == escaped.content != client.get("/qr.svg?of=/").content


def test_every_page_has_the_code_of_its_own_address_for_paper(client):
    page = client.get("/ru/institutions/?country=KZ&q=клиника").content.decode()
    code = re.search(r'<img src="([^"]+)" alt="" loading="lazy">', page)[1].replace("&amp;", "&")
    assert code.startswith("/qr.svg?of=/ru/institutions/%3Fcountry%3DKZ%26q%3D")
    answer = client.get(code)
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content != client.get("/qr.svg?of=/").content
