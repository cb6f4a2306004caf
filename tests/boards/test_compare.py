"""The comparison: what is missing is exactly what nobody in the team covers."""

import csv
import io
import json
import re
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode
from hypothesis import given
from hypothesis import strategies as st

from partners.boards.compare import NAMED, find_members, team
from partners.boards.coverage import COUNTED_STANDINGS, COVERING_STATES
from partners.lists.filters import InstitutionFilter
from partners.models import Institution, RegistryStatus, Role, RoleGroup
from partners.views.compare import OFFERED_AT_MOST
from tests.support.boards import RANDOM, make_gappy_directory, total
from tests.support.factories import (
    make_consortium,
    make_former_slug,
    make_institution,
    make_lab,
    make_name,
    make_participation,
    make_role,
)

pytestmark = pytest.mark.django_db


def address(*slugs, path="/compare/"):
    return f"{path}?{urlencode({'i': slugs}, doseq=True)}"


def takers(role):
    """Return the institutions of the list that the coverage board counts for a role."""
    question = {"role": [role], "state": COVERING_STATES, "standing": COUNTED_STANDINGS}
    return set(InstitutionFilter.asking(**question).qs)


def test_missing_is_the_difference_of_the_chain_and_what_the_members_cover():
    make_gappy_directory(seed=3)
    published, _unknown = find_members(Institution.objects.published().values_list("slug", flat=True))
    chain = set(Role.objects.filter(group=RoleGroup.CHAIN).values_list("code", flat=True))
    by_role = {role: takers(role) for role in chain}

    @RANDOM
    @given(st.lists(st.sampled_from(published), min_size=2, max_size=6, unique=True))
    def check(members):
        found = team(members)

        covered = {role for role in chain if by_role[role] & set(members)}
        assert found.covered == covered
        assert [missing.role.code for missing in found.missing] == [
            role.code for role in found.chain if role.code not in covered
        ]
        for missing in found.missing:
            able = by_role[missing.role.code]
            assert missing.total == len(able) == total(missing.url)
            first = sorted(able, key=lambda one: (one.sort_key, one.pk))[:NAMED]
            assert [row.key for row in missing.institutions] == [one.pk for one in first]

    check()


@pytest.fixture
def chain():
    return [make_role(code=code, name=code.title()) for code in ["vector", "clinic", "cold"]]


@pytest.fixture
def pair(chain):
    vector, clinic, _cold = chain
    first = make_institution(name="First", slug="first", standing="signed")
    second = make_institution(name="Second", slug="second", standing="expected")
    make_name(first, value="Первый")
    make_participation(first, vector, state="planned")
    make_participation(lab=make_lab(second, name="Ward"), role=clinic)
    return first, second


def test_the_page_shows_the_partners_in_the_order_asked_for(client, pair):
    response = client.get(address("second", "first"))
    page = response.content.decode()

    assert [member.slug for member, *_rest in response.context["columns"]] == ["second", "first"]
    assert "This team covers 2 of 3 links of the chain; missing: cold" in page
    assert page.index(">Second<") < page.index(">First<")
    assert all(text in page for text in ["Первый", "Ward", "agreement expected", "planned", "not stated"])
    assert page.count("<h1>") == 1


def test_each_partner_can_be_removed_and_those_who_fill_a_link_added(client, pair, chain):
    third = make_institution(slug="third", standing="signed")
    make_participation(third, chain[2])

    context = client.get(address("first", "second")).context

    assert [url for _member, _others, url in context["columns"]] == [address("second"), address("first")]
    [(missing, offers)] = context["missing"]
    assert missing.total == 1
    assert [(row.key, url) for row, url in offers] == [(third.pk, address("first", "second", "third"))]


def test_those_who_fill_a_link_are_named_once_however_many_of_their_labs_do_it(client, pair, chain):
    able = [make_institution(name=f"Able {number}", standing="signed") for number in range(NAMED + 1)]
    for institution in able:
        for _ in range(2):
            make_participation(lab=make_lab(institution), role=chain[2])

    [(missing, _offers)] = client.get(address("first", "second")).context["missing"]

    assert [row.key for row in missing.institutions] == [one.pk for one in able[:NAMED]]
    assert missing.total == NAMED + 1


def test_a_full_team_offers_nobody_to_add(client, pair, chain):
    make_participation(make_institution(standing="signed"), chain[2])
    others = [make_institution().slug for _ in range(4)]

    [(_missing, offers)] = client.get(address("first", "second", *others)).context["missing"]

    assert [url for _institution, url in offers] == [""]


def test_a_suspended_partner_covers_nothing(client, pair):
    Institution.objects.filter(slug="first").update(standing="suspended")

    assert client.get(address("first", "second")).context["team"].covered == {"clinic"}


@pytest.mark.parametrize("slugs", [[], ["first"], ["first", "first"], [""]])
def test_fewer_than_two_get_told_how_to_pick(client, pair, slugs):
    response = client.get(address(*slugs))

    assert response.status_code == HTTPStatus.OK
    assert "How to pick partners" in response.content.decode()


@pytest.mark.parametrize(
    ("slugs", "message"),
    [
        (["first", "nobody"], "“nobody” is no institution of the lists."),
        (["first", "hidden"], "“hidden” is no institution of the lists."),
        (["first", "closed"], "“closed” is no institution of the lists."),
        (["first", "a b\0"], "is no institution of the lists."),
        (list("abcdefg"), "Choose at most 6 partners: the address names 7."),
    ],
)
@pytest.mark.parametrize("path", ["/compare/", "/compare.csv"])
def test_what_cannot_be_compared_is_refused_in_the_same_words(client, pair, slugs, message, path):
    make_institution(slug="hidden", name="Secret", is_published=False)
    make_institution(slug="closed", status=RegistryStatus.INACTIVE)

    response = client.get(address(*slugs, path=path))

    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert message in response.content.decode()
    assert "Secret" not in response.content.decode()


def test_who_named_too_many_or_a_wrong_one_chooses_among_the_rest(client, pair):
    others = [make_institution().slug for _ in range(25)]

    page = client.get(address("nobody", "second", "first", *others)).content.decode()

    offered = re.findall(r'<input type="checkbox" name="i" value="([^"]+)" checked>', page)
    assert offered == ["second", "first", *others[: OFFERED_AT_MOST - 3]]


def test_former_addresses_and_replaced_entries_lead_to_their_heirs_once(client, pair):
    first, second = pair
    make_former_slug(first, slug="once")
    make_institution(slug="merged", replaced_by=second)
    make_institution(slug="gone", is_published=False, replaced_by=second)

    response = client.get(address("merged", "once", "second"))

    assert [member.slug for member in response.context["team"].members] == ["second", "first"]
    assert client.get(address("gone", "first")).status_code == HTTPStatus.BAD_REQUEST


def test_an_heir_that_is_not_published_is_never_shown(client, pair):
    hidden = make_institution(name="Secret", is_published=False)
    make_institution(slug="merged", replaced_by=hidden)

    response = client.get(address("first", "merged"))

    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert "Secret" not in response.content.decode()


def test_the_files_have_the_partners_of_the_page_and_what_each_covers(client, pair):
    make_consortium(licence="CC0 1.0")

    answer = client.get(address("second", "first", path="/compare.csv"))
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    table = json.loads(b"".join(client.get(address("second", "first", path="/compare.json"))))

    assert [(row["slug"], row["native_name"], row["covers"]) for row in rows] == [
        ("second", "", "clinic"),
        ("first", "Первый", "vector"),
    ]
    assert [row["covers"] for row in table["results"]] == [["clinic"], ["vector"]]
    assert table["filter"] == "This team covers 2 of 3 links of the chain; missing: cold"
    assert urlsplit(table["url"]).query == "i=second&i=first"
    assert int(answer["X-Row-Count"]) == 2
    assert "compare-second-first-" in answer["Content-Disposition"]


def test_a_file_needs_two_partners_and_a_known_format(client, pair):
    refused = client.get("/compare.json?i=first")
    assert (refused.status_code, refused.json()) == (
        HTTPStatus.BAD_REQUEST,
        {"errors": {"i": ["A comparison needs two partners at least."]}},
    )
    assert client.get("/compare.csv?i=first").status_code == HTTPStatus.BAD_REQUEST
    assert client.get(address("first", "second", path="/compare.pdf")).status_code == HTTPStatus.NOT_FOUND


def test_every_row_of_the_list_can_be_ticked(client, pair):
    page = client.get("/institutions/").content.decode()

    assert '<form id="compare"' in page
    for slug in ["first", "second"]:
        assert f'form="compare" name="i" value="{slug}"' in page


def count_queries(ask):
    with CaptureQueriesContext(connection) as queries:
        ask()
    return len(queries)


def test_the_number_of_queries_is_fixed(client, chain):
    slugs = [f"member-{index}" for index in range(6)]
    for slug in slugs:
        make_participation(lab=make_lab(make_institution(slug=slug, standing="signed")), role=chain[0])
        make_participation(role=chain[1])
    members, _unknown = find_members(slugs)

    # The chain, the rows of all links, the names of countries that a server caches, who could fill a link, how many
    # each one, and the first for each of two missing ones.
    assert count_queries(lambda: team(members)) == 3 + 2 + 2
    page_of = [lambda number=number: client.get(address(*slugs[:number])) for number in (2, 6)]
    assert count_queries(page_of[0]) == count_queries(page_of[1])
