"""What the coverage says in words: gaps, single points, what only one partner covers."""

import pytest
from hypothesis import example, given

from partners.boards.coverage import only_one_with
from partners.models import Institution, Participation
from tests.support.boards import BOARD_QUESTIONS, RANDOM, make_board, make_gappy_directory
from tests.support.factories import make_country, make_institution, make_participation, make_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory(one_index):
    make_gappy_directory(seed=5)


def test_gap_sentences_name_exactly_the_empty_cells(directory):
    @RANDOM
    @example({})
    @given(BOARD_QUESTIONS)
    def check(question):
        shown = make_board(**question)
        named = [cell for sentence in shown.sentences if sentence.is_gap for cell in sentence.cells]
        assert sorted(map(where, named)) == sorted(where(cell) for cell in shown.cells if not cell.total)

    check()


def where(cell):
    return cell.role.code, cell.place.code


def test_sentences_say_what_is_missing_the_gravest_first():
    russia, kazakhstan = (make_country(code, is_target=True) for code in ("RU", "KZ"))
    make_country("BY", is_target=True)
    takers = {
        "Clinical application": [(russia, "operational"), (kazakhstan, "operational")],
        "Vector production": [(russia, "operational"), (russia, "operational"), (kazakhstan, "planned")],
        "Cryostorage": [(kazakhstan, "operational"), (russia, "planned")],
        "QC and release": [(russia, "planned"), (None, "not_stated")],
        "Apheresis": [(russia, "ended")],
    }
    for name, states in takers.items():
        role = make_role(name=name)
        for country, state in states:
            make_participation(make_institution(country=country), role, state=state)

    assert [sentence.text for sentence in make_board().sentences] == [
        "No apheresis in any country",
        "No operational QC and release in any country",
        "Cryostorage: one partner operational (Kazakhstan)",
        "No operational vector production outside Russia",
        "No QC and release in Belarus or Kazakhstan",
        "No clinical application in Belarus",
        "No vector production in Belarus",
        "No cryostorage in Belarus",
    ]


def test_nothing_is_said_of_countries_that_are_not_asked_for():
    russia = make_country("RU", is_target=True)
    make_country("KZ", is_target=True)
    role = make_role(name="Clinical application")
    for _number in range(2):
        make_participation(make_institution(country=russia), role)

    def texts(**question):
        return [sentence.text for sentence in make_board(**question).sentences]

    assert texts() == ["No operational clinical application outside Russia", "No clinical application in Kazakhstan"]
    assert texts(country=["RU"]) == []
    assert texts(country=["KZ"]) == ["No clinical application in any of these countries"]


def sole(institution):
    """Return {(role, country or None)} of what only this institution does."""
    found = only_one_with(institution, institution.participations.all())
    return {(role.code, country and country.code) for role, country in found}


def test_only_one_with_says_where_nobody_else_works_already(directory):
    counted = Institution.objects.published().exclude(standing__in=["suspended", "former"])
    works = set(
        Participation.objects.filter(role__group="chain", state="operational", institution__in=counted).values_list(
            "role", "institution", "institution__country"
        )
    )
    found = set()
    for institution in Institution.objects.all():
        mine = {role for role, pk, _country in works if pk == institution.pk}
        elsewhere = {(role, country) for role, pk, country in works if pk != institution.pk}
        expected = {(role, None) for role in mine if role not in {role for role, _country in elsewhere}} | {
            (role, institution.country_id)
            for role in mine
            if role in {role for role, _country in elsewhere}
            and institution.country_id
            and (role, institution.country_id) not in elsewhere
        }
        assert sole(institution) == expected
        found |= expected
    assert found  # or the random directory shows nothing


def test_only_one_with_means_any_country_where_nobody_else_works_already():
    first = make_institution(country=make_country("KZ"))
    role = make_participation(first).role

    assert sole(first) == {(role.code, None)}

    make_participation(make_institution(country=make_country("RU")), role)

    assert sole(first) == {(role.code, "KZ")}
