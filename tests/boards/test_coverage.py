"""Promises of the coverage board: every number is true, every gap is named."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from partners.boards.coverage import COUNTED_STANDINGS, COVERING_STATES, board
from partners.models import Participation, Standing, State
from tests.support.boards import (
    AS_IF_ALL_SIGN,
    BOARD_QUESTIONS,
    RANDOM,
    SIGNED,
    ask,
    make_board,
    make_gappy_directory,
    total,
)
from tests.support.directory import make_directory
from tests.support.factories import make_country, make_institution, make_lab, make_participation, make_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory(one_index):
    make_gappy_directory(seed=5)


def test_every_number_is_the_total_of_the_list_it_leads_to(directory):
    @RANDOM
    @example({})
    @example(AS_IF_ALL_SIGN)
    @given(BOARD_QUESTIONS)
    def check(question):
        shown = make_board(**question)
        if shown.rows:
            assert shown.total == total(shown.url)
        for cell in shown.cells:
            assert cell.total == total(cell.url)
            assert [count.number for count in cell.states] == [total(count.url) for count in cell.states]
            assert cell.gained == (total(cell.gained_url) if cell.gained_url else 0)

    check()


def test_every_count_of_a_facet_is_the_total_of_the_list_it_leads_to(directory):
    @RANDOM
    @given(BOARD_QUESTIONS)
    def check(question):
        for facet in ask(**question).facets():
            assert [value.count for value in facet.values] == [total(value.url) for value in facet.values]

    check()


def test_a_count_beside_a_value_is_what_the_board_counts_once_it_alone_is_ticked(directory):
    @settings(RANDOM, max_examples=4, phases=[Phase.generate])  # to look for a smaller fault takes five minutes
    @given(BOARD_QUESTIONS, st.data())
    def check(question, data):
        for facet in [facet for facet in ask(**question).facets() if facet.values]:
            value = data.draw(st.sampled_from(facet.values), facet.name)
            shown = make_board(**question | {facet.name: [value.code]})
            # A ticked role of another group has no row; the page says so, and counts nothing.
            assert shown.total == value.count if shown.rows else value.is_selected, facet.name

    check()


def test_a_board_counts_institutions_once_by_their_own_country_in_the_states_that_count(directory):
    parts = list(Participation.objects.select_related("institution"))

    @RANDOM
    @given(st.sampled_from([{}, SIGNED, AS_IF_ALL_SIGN]), st.lists(st.sampled_from(State.values), unique=True))
    def check(switch, states):
        standings = switch.get("standing", COUNTED_STANDINGS)
        counted = [
            part
            for part in parts
            if part.institution.is_listed
            and (part.institution.standing or "none") in standings
            and part.state in (states or COVERING_STATES)
        ]

        def taking_part(cell, **fields):
            return {
                part.institution_id
                for part in counted
                if part.role_id == cell.role.code
                and cell.place.code in ("", part.institution.country_id)
                and all(getattr(part, name) == value for name, value in fields.items())
            }

        shown = make_board(**switch, state=states)
        assert [row.role.code for row in shown.rows] == ["vector", "clinic", "funder"]
        assert [place.code for place in shown.places] == ["BY", "KZ", "RU", "UZ"]
        for cell in shown.cells:
            assert cell.total == len(taking_part(cell))
            assert {count.state: count.number for count in cell.states} == {
                state: len(taking_part(cell, state=state)) for state in states or COVERING_STATES
            }

    check()


def test_the_implied_signatures_are_what_the_board_has_more_than_the_signed_one(directory):
    @RANDOM
    @given(BOARD_QUESTIONS)
    def check(question):
        implied, signed = (make_board(**question | switch) for switch in (AS_IF_ALL_SIGN, SIGNED))
        for more, now in zip(implied.cells, signed.cells, strict=True):
            assert more.gained == more.total - now.total
            assert more.is_closed_gap == (now.is_gap and not more.is_gap)

    check()


def test_a_target_country_without_any_partner_keeps_its_column_of_gaps():
    make_country("BY", is_target=True)
    make_participation(make_institution(country=make_country("KZ", is_target=True)), make_role())

    shown = make_board()

    assert [place.label for place in shown.places] == ["Belarus", "Kazakhstan"]
    assert [cell.is_gap for cell in shown.cells] == [True, False, False]


def test_any_country_also_counts_other_countries_and_those_not_stated():
    role = make_role()
    make_country("BY", is_target=True)
    for country in [make_country("DE"), None]:
        make_participation(make_institution(country=country), role)

    shown = make_board()

    assert [(cell.place.label, cell.total) for cell in shown.cells] == [("Belarus", 0), ("any country", 2)]


def test_ticked_countries_are_the_columns():
    make_country("BY", is_target=True)
    make_participation(make_institution(country=make_country("DE")), make_role(name="Clinic"))

    shown = make_board(country=["none", "DE"])

    assert [(cell.place.label, cell.total) for cell in shown.cells] == [
        ("Germany", 1),
        ("country not stated", 0),
        ("any of these countries", 1),
    ]


def test_two_labs_in_one_role_are_one_institution_and_stand_in_both_states():
    role, institution = make_role(), make_institution()
    for state in [State.OPERATIONAL, State.PLANNED]:
        make_participation(lab=make_lab(institution), role=role, state=state)

    [cell] = make_board().cells

    assert cell.total == 1
    assert [(count.state, count.number) for count in cell.states] == [
        ("operational", 1),
        ("planned", 1),
        ("not_stated", 0),
    ]


@pytest.mark.parametrize("standing", ["", *Standing.values])
def test_suspended_and_former_partners_cover_nothing(standing):
    make_participation(make_institution(standing=standing))

    [cell] = make_board().cells

    assert cell.is_gap == (standing in {Standing.SUSPENDED, Standing.FORMER})


@pytest.mark.parametrize("state", State.values)
def test_paused_and_ended_work_covers_nothing_unless_it_is_asked_for(state):
    make_participation(state=state)

    [implied], [chosen] = make_board().cells, make_board(state=[state]).cells

    assert implied.is_gap == (state in {State.PAUSED, State.ENDED})
    assert not chosen.is_gap


@pytest.mark.parametrize(("operational", "is_single"), [(0, False), (1, True), (2, False)])
def test_one_operational_institution_is_a_single_point(operational, is_single):
    role = make_role()
    make_participation(role=role, state=State.PLANNED)
    for _number in range(operational):
        make_participation(role=role)

    [cell] = make_board().cells

    assert cell.is_single_point == is_single


@pytest.mark.parametrize("switch", [{}, SIGNED, AS_IF_ALL_SIGN])
def test_a_board_costs_a_fixed_number_of_queries(switch):
    def count_queries():
        filterset = ask(**switch)
        with CaptureQueriesContext(connection) as queries:
            board(filterset)
        return len(queries)

    make_participation(make_institution(standing=Standing.SIGNED))
    expected = 6 if switch == AS_IF_ALL_SIGN else 4
    assert count_queries() == expected
    make_directory(seed=2, institutions=20)
    assert count_queries() == expected
