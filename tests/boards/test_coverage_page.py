"""The coverage board as visitors get it: page and files say what the board says."""

import json

import pytest
from django.utils.http import urlencode

from partners.boards.coverage import COUNTED_STANDINGS, COVERING_STATES
from tests.support.boards import AS_IF_ALL_SIGN, ask, make_board, make_gappy_directory, total

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def directory(rows_of_module):
    make_gappy_directory(seed=5)


def test_the_page_shows_gaps_numbers_and_sentences(client, directory):
    page = client.get("/coverage/").content.decode()

    assert page.count("<h1>") == 1
    assert page.count('<a class="gap" href="/roles/') == sum(cell.is_gap for cell in make_board().cells) > 0
    assert page.count('<span class="gap">gap</span>') == 1  # in the legend
    assert "No vector in Uzbekistan" in page
    assert 'aria-current="page">Chain</a>' in page


def test_the_page_links_only_lists_with_the_number_it_shows(client, directory):
    shown = make_board(**AS_IF_ALL_SIGN)
    page = client.get("/coverage/", AS_IF_ALL_SIGN).content.decode()

    for cell in shown.cells:
        for count in cell.states:
            link = f'href="{count.url}" aria-label="{count.number} '.replace("&", "&amp;")
            assert (link in page) == bool(count.number)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("country=ZZ", "“ZZ” is not a known value."),
        ("group=chains", "Select a valid choice."),
        ("role=none", "it has no row for “no role”."),
        ("role=vector&role=clinic&role_match=all", "A board counts each role in a row of its own"),
    ],
)
@pytest.mark.parametrize("path", ["/coverage/", "/coverage.csv"])
def test_what_a_board_cannot_show_is_refused_in_the_same_words(client, directory, path, query, message):
    response = client.get(f"{path}?{query}")

    assert response.status_code == 400
    assert message in response.content.decode()


def test_a_board_of_one_role_takes_a_further_one(client, directory):
    page = client.get("/coverage/?role=vector&role_match=all").text

    assert 'name="role" value="vector"' in page
    assert 'name="role_match"' not in page


def test_a_group_without_the_roles_asked_for_says_so(client, directory):
    assert "None of the roles asked for" in client.get("/coverage/?role=vector&group=support").content.decode()


def test_the_file_has_the_cells_and_the_sentences_of_the_board(client, directory):
    question = AS_IF_ALL_SIGN | {"country": ["KZ", "RU"]}
    shown = make_board(**question)

    response = client.get("/coverage.json?" + urlencode(question, doseq=True))
    table = json.loads(b"".join(response.streaming_content))

    assert int(response["X-Row-Count"]) == table["count"] == len(shown.cells)
    assert [
        (row["role"], row["country"] or "", row["institutions"], row["planned"], row["gap"], row["expected"])
        for row in table["results"]
    ] == [
        (cell.role.code, cell.place.code, cell.total, cell.states[1].number, cell.is_gap, cell.gained)
        for cell in shown.cells
    ]
    assert {text for row in table["results"] for text in row["sentences"]} == {
        sentence.text for sentence in shown.sentences
    }
    assert [total(row["url"]) for row in table["results"]] == [cell.total for cell in shown.cells]
    assert table["filter"] == "As if all expected sign; " + ask(**question).sentence()


@pytest.mark.parametrize("format_name", ["csv", "xlsx", "json"])
def test_the_file_is_whole_and_its_name_says_the_filter(client, directory, format_name):
    response = client.get(f"/coverage.{format_name}?country=KZ&group=support")

    assert int(response["Content-Length"]) == len(b"".join(response.streaming_content))
    assert 'filename="coverage-support-kz-20' in response["Content-Disposition"]


def test_an_unknown_format_is_not_found(client):
    assert client.get("/coverage.pdf").status_code == 404


def test_what_is_implied_leaves_the_address_short(directory):
    question = {"country": ["KZ"], "standing": [*COUNTED_STANDINGS], "state": [*COVERING_STATES]}

    assert ask(**question).page_url("coverage") == "/coverage/?country=KZ"
    assert ask(**question, group=["support"]).page_url("coverage") == "/coverage/?country=KZ&group=support"
    assert ask(group=["support"], standing=["signed"], state=["planned"]).list_url() == (
        "/institutions/?role=training&state=planned&standing=signed"
    )
    assert ask(**question).sentence() == "Country is Kazakhstan"
