"""Days of agreements: both ends count, index and database agree, and in the order by them the unknown come last."""

import datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.index import current
from partners.lists.filters import InstitutionFilter
from partners.models import Institution
from tests.support.boards import RANDOM
from tests.support.factories import make_institution

pytestmark = pytest.mark.django_db

DAYS = [datetime.date(2026, 1, number) for number in (1, 2, 3)]
BOUNDS = ["expected_on_from", "expected_on_to", "valid_until_from", "valid_until_to"]


@pytest.fixture(autouse=True)
def agreements():
    for number, (expected_on, valid_until) in enumerate(product([None, *DAYS], repeat=2)):
        make_institution(name=f"{number:02}", standing="signed", expected_on=expected_on, valid_until=valid_until)


def test_both_ends_are_included_for_index_and_database():
    rows = list(Institution.objects.values_list("pk", "expected_on", "valid_until"))

    def lies(day, first, last):
        if day is None:
            return first is last is None
        return (first or day) <= day <= (last or day)

    @RANDOM
    @given(st.tuples(*[st.none() | st.sampled_from(DAYS)] * 4))
    def check(bounds):
        question = {name: [day.isoformat()] for name, day in zip(BOUNDS, bounds, strict=True) if day}
        expected = {pk for pk, day, last in rows if lies(day, *bounds[:2]) and lies(last, *bounds[2:])}
        assert {*InstitutionFilter.asking(**question).qs.values_list("pk", flat=True)} == expected
        with current.in_snapshot():
            assert {*InstitutionFilter.asking(**question).results.keys()} == expected

    check()


@pytest.mark.parametrize("order", ["expected_on", "valid_until"])
def test_the_order_by_a_day_has_the_unknown_last(order):
    rows = Institution.objects.values_list("pk", "name", order)
    expected = [pk for pk, _name, _day in sorted(rows, key=lambda row: (row[2] is None, row[2] or DAYS[0], row[1]))]

    assert InstitutionFilter.asking(sort=[order]).results.keys() == expected
    with current.in_snapshot():
        assert InstitutionFilter.asking(sort=[order]).results.keys() == expected


def test_pages_and_files_keep_the_days_and_say_them(client):
    query = "valid_until_from=2026-01-02&valid_until_to=2026-01-03"
    words = "Agreement ends on 2 Jan 2026 or later, and agreement ends on 3 Jan 2026 or earlier"

    page = client.get(f"/institutions/?{query}")

    assert f"<title>Institutions: {words} ·" in page.text
    assert [chip.label for chip in page.context["chips"]] == [
        "Agreement ends on 2 Jan 2026 or later",
        "Agreement ends on 3 Jan 2026 or earlier",
    ]
    assert page.context["total"] == client.get(f"/pipeline/?{query}").context["total"] == 8
    file = client.get(f"/institutions.csv?{query}")
    assert file["X-Row-Count"] == "8"
    assert len(b"".join(file).splitlines()) == 1 + 8
    assert client.get("/institutions/?valid_until_from=tomorrow").status_code == 400
    assert client.get("/labs/?sort=valid_until").status_code == 400
