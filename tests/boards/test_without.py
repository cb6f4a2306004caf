"""A board without somebody is that of a directory that never had them, and says what breaks."""

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from partners.boards.coverage import losses
from partners.models import Institution
from tests.support.boards import BOARD_QUESTIONS, RANDOM, ask, make_board, make_gappy_directory, total
from tests.support.factories import make_country, make_former_slug, make_institution, make_participation, make_role

pytestmark = pytest.mark.django_db


def what_it_says(board):
    cells = [
        (cell.role.code, cell.place.code, cell.total, cell.gained, [count.number for count in cell.states])
        for cell in board.cells
    ]
    return board.total, cells, [sentence.text for sentence in board.sentences]


def test_a_board_without_some_is_that_of_a_copy_where_they_are_deleted():
    make_gappy_directory(seed=5)
    slugs = sorted(Institution.objects.filter(participations__isnull=False).published().values_list("slug", flat=True))

    @settings(RANDOM, max_examples=10)
    @given(BOARD_QUESTIONS, st.lists(st.sampled_from(slugs), min_size=1, max_size=3, unique=True))
    def check(question, leaving):
        question["q"] = []  # what is nearest to a text depends on all who are there
        without = make_board(**question, without=leaving)
        with transaction.atomic():
            Institution.objects.filter(slug__in=leaving).delete()
            copy = make_board(**question)
            transaction.set_rollback(True)
        assert what_it_says(without) == what_it_says(copy)
        assert [cell.total for cell in without.cells] == [total(cell.url) for cell in without.cells]
        before = {(cell.role.code, cell.place.code): cell for cell in make_board(**question).cells}
        found = losses(make_board(**question), without)
        for role, of_role in found.gaps:
            assert all(before[role.code, loss.after.place.code].total > 0 == loss.after.total for loss in of_role)
        for role, of_role in found.single_points:
            assert all(before[role.code, loss.after.place.code].operational.number > 1 for loss in of_role)

    check()


@pytest.fixture
def chain():
    """Give a role to two of Kazakhstan and one of China, another to the first alone, who also plans a third."""
    first, second, third = (
        make_institution(slug=slug, name=slug.title(), country=make_country(code, is_target=True))
        for slug, code in [("first", "KZ"), ("second", "KZ"), ("third", "CN")]
    )
    vector, clinic, cold = (make_role(code=code, name=code.title()) for code in ("vector", "clinic", "cold"))
    for institution, role, state in [
        (first, vector, "operational"),
        (second, vector, "operational"),
        (third, vector, "planned"),
        (first, clinic, "operational"),
        (first, cold, "operational"),
        (second, cold, "planned"),
    ]:
        make_participation(institution, role, state=state)
    return first


def test_what_breaks_is_named_by_role_and_country(client, chain):
    page = client.get("/coverage/?without=first")

    def named(found):
        return {role.code: [loss.after.place.code for loss in of_role] for role, of_role in found}

    found = page.context["losses"]
    assert named(found.gaps) == {"clinic": ["KZ", ""]}
    assert named(found.idle) == {"cold": ["KZ", ""]}
    assert named(found.single_points) == {"vector": ["KZ", ""]}
    assert "Becomes a single point" in page.text
    assert page.context["chips"][0].label == "Without First"
    assert client.get("/coverage/").context["losses"] is None
    make_institution(slug="idle")
    assert "No gap opens" in client.get("/coverage/?without=idle").text


def test_whoever_leaves_is_known_by_a_present_or_former_slug(client, chain):
    make_former_slug(chain, slug="once")

    assert ask(without=["once"]).form.cleaned_data["without"] == ["first"]
    for address in ["/coverage/", "/coverage.csv", "/institutions/", "/pipeline/", "/map/"]:
        assert client.get(f"{address}?without=nobody").status_code == 400, address


def test_leaving_is_asked_from_a_page_of_an_entry_and_from_a_comparison(client, chain):
    assert 'href="/coverage/?without=first"' in client.get("/institutions/first/").text
    assert 'href="/coverage/?without=first&amp;without=second"' in client.get("/compare/?i=first&i=second").text
