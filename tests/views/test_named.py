"""What the words of a text name: roles, gaps, countries; and which words were left out or nobody has."""

import html
import json
import re

import pytest

from tests.support.factories import make_city, make_country, make_institution, make_participation, make_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory():
    """Write a gap, a role that somebody has, and a country with one partner."""
    make_role(code="vector", name="Vector production", definition="Makes the viral carrier.")
    kazan = make_city(slug="ru-kazan", name="Kazan", country=make_country("RU"))
    kfu = make_institution(slug="kfu", name="Kazan Federal University", city=kazan, standing="signed")
    make_participation(kfu, make_role(code="quality", name="Quality control"))


def said(page):
    """Return what the page says the words are, as one text each."""
    found = re.search(r'<ul class="named".*?</ul>', page.text, re.DOTALL)
    lines = re.findall(r"<li>(.*?)</li>", found[0], re.DOTALL) if found else []
    return [html.unescape(re.sub(r"<[^>]*>", "", line)) for line in lines]


BOARD = " · where the coverage shows it"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vector", [f"Vector production: a link of the chain, nobody yet{BOARD}"]),
        ("vectr", [f"Vector production: a link of the chain, nobody yet{BOARD}"]),
        ("quality", [f"Quality control: a link of the chain, covered by 1 institution{BOARD}"]),
        ("KZ", ["Kazakhstan: a country without a current partner"]),
        ("россия", ["Russia: a country with 1 current partner"]),
        (
            "quality russia",
            [
                f"Quality control: a link of the chain, covered by 1 institution{BOARD}",
                "Russia: a country with 1 current partner",
            ],
        ),
        ("viral", []),
        ("kazan", []),
    ],
)
def test_the_page_says_what_the_words_are(client, directory, text, expected):
    assert said(client.get("/institutions/", {"q": text})) == expected


def test_a_named_role_leads_to_its_page_and_its_gap_on_the_board(client, directory):
    page = client.get("/institutions/?q=vector").text
    assert '<a href="/roles/vector/">Vector production</a>: <strong class="gap">' in page
    assert '<a href="/coverage/?role=vector">' in page
    assert "Nobody here has this yet." in page
    assert "Vector production" in client.get("/coverage/?role=vector").text


def test_words_left_out_and_words_that_nobody_has_are_said_on_page_and_file(client, directory):
    make_institution(slug="other", name="Department of Oncology")
    text = "department, Kazan Federal University, xyzzq"
    page = re.sub(r"<[^>]*>", "", client.get("/institutions/", {"q": text}).text)
    file = json.loads(b"".join(client.get("/institutions.json", {"q": text})))

    assert [row["slug"] for row in file["results"]] == ["kfu"]
    assert "No exact match, nearest:" in page
    assert "Without: department" in page
    assert "Nobody has: xyzzq" in page
    assert (file["match"], file["left_out"], file["unknown"]) == ("nearest", ["department"], ["xyzzq"])
    assert "read_as" not in file


def test_a_text_read_otherwise_is_said_where_the_nearest_are_shown_too(client, directory):
    page = client.get("/institutions/", {"q": "rfpfy atltefkmysq eybdthcbntn"})
    make_institution(name="Казанский федеральный университет")
    page = client.get("/institutions/", {"q": "rfpfycrbq atlthfkmysq eybdthcbttn"})
    assert page.context["found"].match == "nearest"
    assert "Read as: казанский федеральный универсиеет" in page.text


def test_what_is_named_alike_comes_in_the_order_of_its_codes_in_every_process(client):
    """Sets of words have another order in each process, and a page has one tag for all of them."""
    for letter in "hcebgadf":
        city = make_city(slug=f"ru-{letter}", name=f"Kazan{letter}org", country=make_country("RU"))
        make_institution(slug=letter, name=f"Institute {letter}", city=city)

    page = client.get("/suggest/?q=kazan").text
    assert re.findall(r"city=ru-(.)\b", html.unescape(page)) == [*"abcde"]
