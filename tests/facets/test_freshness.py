"""What was verified within 12 months is judged by today's day here: the same by index, SQL and in the admin."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from partners.index import current
from partners.lists.filters import InstitutionFilter
from partners.lists.index_results import IndexResults
from partners.lists.sql_results import SqlResults
from partners.models import Institution
from tests.support.editor import listing
from tests.support.factories import make_institution

pytestmark = pytest.mark.django_db
CODES = ["recent", "older", "never"]


@pytest.fixture
def set_clock(monkeypatch):
    """Return the function that sets the clock to a time in Kazan."""

    def set_to(text):
        moment = datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Moscow"))
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


def build():
    return current.built(InstitutionFilter, epoch=1, number=1)


def verified(index):
    """Return {code: slugs} as the index and SQL alike say, after a look at the counts of both."""
    found = {}
    for code in CODES:
        filterset = InstitutionFilter.asking(verified=[code])
        by_index, by_sql = IndexResults(filterset, index), SqlResults(filterset)
        assert by_index.keys() == by_sql.keys()
        assert by_index.counts("verified") == by_sql.counts("verified")
        found[code] = [institution.slug for institution in filterset.in_order()]
        assert by_sql.counts("verified")[code] == len(found[code])
    return found


def make_four():
    for slug, day in [("a", "2025-11-25"), ("b", "2025-11-26"), ("c", "2025-11-27"), ("d", None)]:
        make_institution(name=slug, slug=slug, verified_on=day)


def test_what_is_recent_changes_at_midnight_in_an_index_that_stays(set_clock):
    make_four()
    set_clock("2026-11-26T23:59")
    index = build()
    assert verified(index) == {"recent": ["b", "c"], "older": ["a"], "never": ["d"]}

    set_clock("2026-11-27T00:01")
    assert verified(index) == {"recent": ["c"], "older": ["a", "b"], "never": ["d"]}
    set_clock("2026-11-27T03:01")  # midnight in UTC is none here
    assert verified(index) == {"recent": ["c"], "older": ["a", "b"], "never": ["d"]}


def test_an_edit_after_midnight_is_judged_by_the_new_day(set_clock):
    make_four()
    set_clock("2026-11-26T23:59")
    index = build()
    verified(index)

    set_clock("2026-11-27T00:01")
    edited = Institution.objects.get(slug="d")
    Institution.objects.filter(pk=edited.pk).update(verified_on="2025-11-26")
    index = current.refreshed(InstitutionFilter, index, 2, {edited.pk})
    assert verified(index) == {"recent": ["c"], "older": ["a", "b", "d"], "never": []}


def test_editors_and_visitors_are_told_the_same_on_the_last_day(set_clock, admin_client):
    make_four()
    set_clock("2026-11-26T12:00")
    in_admin = {
        code: sorted(
            row.slug for row in admin_client.get(listing(Institution, verified=code)).context["cl"].result_list
        )
        for code in CODES
    }
    assert in_admin == verified(build()) == {"recent": ["b", "c"], "older": ["a"], "never": ["d"]}
