"""The overviews: every number on them is the length of the list it leads to."""

import datetime
from http import HTTPStatus

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from partners.facets import Figure
from partners.models import RoleGroup, State
from partners.views.figures import (
    current_partners_in_words,
    expected_in_words,
    institutions_in_words,
    labs_in_words,
    signed_in_words,
)
from tests.support.directory import make_directory
from tests.support.factories import (
    make_consortium,
    make_country,
    make_institution,
    make_lab,
    make_participation,
    make_role,
)

pytestmark = pytest.mark.django_db

OVERVIEWS = ["/", "/countries/", "/countries/RU/", "/countries/BY/", "/roles/", "/roles/vector/"]


def figures_in(value):
    """Yield every Figure in a context value, however deep."""
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from figures_in(item)
    elif isinstance(value, list | tuple) or type(value).__name__ == "dict_values":
        for item in value:
            yield from figures_in(item)


@pytest.mark.parametrize("address", OVERVIEWS)
def test_every_figure_is_the_length_of_its_list(client, address):
    make_directory(seed=7)

    figures = list(figures_in(client.get(address).context))
    assert len(figures) >= 3
    for figure in figures:
        assert client.get(figure.url).context["page"].paginator.count == figure.count, figure


@pytest.mark.parametrize("address", [*OVERVIEWS, "/about/"])
def test_an_overview_costs_the_same_queries_for_1_and_for_20_rows(client, address):
    make_role(code="vector")
    role = make_role(code="clinic")

    def add():
        institution = make_institution(country=make_country("RU"))
        make_participation(institution, role, make_lab(institution))

    def count_queries():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == HTTPStatus.OK
        return len(queries)

    add()
    before = count_queries()
    for _number in range(19):
        add()
    assert count_queries() == before


def test_roles_are_counted_by_state(client):
    role = make_role(code="vector", group=RoleGroup.CHAIN)
    for state, number in [("operational", 2), ("planned", 1)]:
        for _number in range(number):
            make_participation(role=role, state=state)

    [(_group, [(_role, takers, by_state)])] = [group for group in client.get("/roles/").context["groups"] if group[1]]
    assert takers.count == 3
    assert [(figure.code, figure.label) for figure in by_state] == State.choices
    assert {figure.code: figure.count for figure in by_state if figure.count} == {"operational": 2, "planned": 1}
    for figure in by_state:
        assert figure.url == f"/institutions/?role=vector&state={figure.code}"


def test_targets_without_anybody_are_shown_as_gaps(client):
    make_country("BY", is_target=True)
    make_role(code="vector", group=RoleGroup.CHAIN)
    make_institution(country=make_country("KZ"))

    rows = client.get("/countries/").context["countries"]
    role = client.get("/countries/BY/").context["roles"][0]
    country = client.get("/roles/vector/").context["countries"][0]

    assert [(country.code, partners.count, everybody.count) for country, partners, everybody, _labs in rows] == [
        ("BY", 0, 0),
        ("KZ", 0, 1),
    ]
    assert (role[0].code, role[1].count) == ("vector", 0)
    assert (country[0].code, country[1].count) == ("BY", 0)


def test_who_only_pauses_or_is_suspended_leaves_a_gap_wherever_gaps_are_told(client):
    kazakhstan = make_country("KZ", is_target=True)
    vector = make_role(code="vector", group=RoleGroup.CHAIN)
    make_participation(make_institution(country=kazakhstan), vector, state="paused")
    make_participation(make_institution(country=kazakhstan, standing="suspended"), vector, state="operational")

    roles = client.get("/roles/")
    [(_label, listed)] = [group for group in roles.context["groups"] if group[1]]
    role = client.get("/roles/vector/").context

    assert client.get("/coverage/").context["board"].rows[0].cells[0].total == 0
    assert client.get("/countries/KZ/").context["roles"][0][1].count == 0
    assert role["countries"][0][1].count == 0
    assert [figure.code for figure in role["figures"] if figure.count] == ["operational", "paused"]
    assert listed[0][1].count == 0
    assert "1 paused" in roles.content.decode()


@pytest.mark.parametrize("address", ["/countries/ZZ/", "/countries/zz/", "/roles/nobody/", "/institutions/nobody/"])
def test_what_does_not_exist_is_not_found(client, address):
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND


def test_an_empty_directory_has_a_home_page(client):
    assert client.get("/").status_code == HTTPStatus.OK


def test_home_says_whose_directory_it_is(client):
    make_consortium(name="The <b>Consortium</b>", story="First.\n\nSecond.")

    page = client.get("/").content.decode()

    assert "The &lt;b&gt;Consortium&lt;/b&gt;" in page
    assert "<p>Second.</p>" in page


def test_about_explains_every_column_of_the_files(client):
    page = client.get("/about/")

    header = b"".join(client.get("/institutions.csv")).decode("utf-8-sig").strip().split(",")
    [(_title, columns), _labs] = page.context["tables"]
    assert [column.name for column in columns] == header
    assert all(str(column.help) in page.content.decode().replace("&#39;", "'") for column in columns)


def test_home_shows_the_gravest_gaps_and_what_is_due_first(client):
    make_country("BY", is_target=True)
    make_role(code="vector", name="Vector production")
    today = timezone.localdate()
    make_institution(name="Later", standing="expected", expected_on=today + datetime.timedelta(30))
    make_institution(name="Overdue", standing="expected", expected_on=today - datetime.timedelta(1))
    make_institution(name="Draft", standing="expected", expected_on=today, is_published=False)

    context = client.get("/").context

    assert [(due.institution.name, due.badge) for due in context["due"]] == [("Overdue", "overdue")]
    assert "vector production" in context["gaps"][0].text.lower()


@pytest.mark.parametrize("code", [code for code, _name in settings.LANGUAGES])
def test_words_beside_a_number_agree_with_it_in_every_language(code):
    words = [current_partners_in_words, institutions_in_words, labs_in_words, signed_in_words, expected_in_words]
    with override(code):
        forms = [[of(number) for number in (1, 2, 5, 11, 21, 22)] for of in words]

    for one, two, five, eleven, twenty_one, twenty_two in forms:
        if code in ("ru", "be"):
            assert len({one, two, five}) == 3
            assert (one, two, five) == (twenty_one, twenty_two, eleven)
        elif code == "en":
            assert one != two == five == eleven == twenty_one


def test_current_partners_of_a_country_are_as_many_wherever_they_are_counted(client):
    country, role = make_country("KZ", is_target=True), make_role(code="vector")
    for standing in ("", "expected", "signed", "prospect", "suspended", "former"):
        make_participation(make_institution(country=country, standing=standing), role)

    [_row] = rows = client.get("/countries/").context["countries"]
    assert [[figure.count for figure in figures] for _country, *figures in rows] == [[3, 6, 0]]
    figures = [(figure.label, figure.count) for figure in client.get("/countries/KZ/").context["figures"]]
    assert figures[:2] == [("current partners", 3), ("prospect", 1)]
    assert "a country with 3 current partners" in client.get("/suggest/?q=Kazakhstan").text
    assert client.get("/").context["figures"][0].count == 3


def test_whoever_states_no_country_is_counted_below_the_countries(client):
    make_institution(country=make_country("KZ"), standing="signed")
    assert "country not stated" not in client.get("/countries/").text
    make_institution(country=None, standing="signed")
    page = client.get("/countries/")
    assert [[figure.count for figure in figures] for _country, *figures in page.context["countries"]] == [[1, 1, 0]] * 2
    assert "country not stated" in page.text
    assert 'href="/countries//"' not in page.text


def test_home_says_one_partner_in_the_singular(client):
    make_institution(standing="expected")

    for prefix, word in [("", "current partner"), ("ru/", "нынешний партнёр")]:
        figures = client.get(f"/{prefix}").context["figures"]
        assert (figures[0].count, figures[0].label) == (1, word)
