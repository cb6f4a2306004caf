"""Who follows `next` while others edit meets no row twice, and misses none that stood all along."""

import json
import random
from urllib.parse import urlencode

import pytest

from partners.lists.filters import InstitutionFilter
from partners.models import Institution, Standing
from tests.support.changes import edit
from tests.support.directory import make_directory
from tests.support.factories import make_institution
from tests.views.test_api import API

pytestmark = pytest.mark.django_db(transaction=True)
# What an order goes by: an edit of it moves the row, as the page on the API says. Nothing moves a row by its newness.
# Rows of one day, and those without, go by name.
MOVES = {"name": "name", "country": "country_id", "verified": "verified_on"}
MOVES |= dict.fromkeys(["valid_until", "expected_on", "due"], "name")
SORTS = [code for code, _label in InstitutionFilter._meta.form.base_fields["sort"].choices]


def edit_something(choose, fields):
    """Let an entry come, go, or change in one of some fields."""
    row = choose.choice(Institution.objects.published().order_by("pk"))
    what = choose.choice(["come", "go", *fields])
    if what == "come":
        make_institution(name=choose.choice(["Aaa", "Mmm", "Zzz"]), verified_on="2026-01-01", country_id="KZ")
    elif what == "go":
        row.delete()
    elif what == "name":
        edit(row, name=choose.choice(["Aaa Center", "Zzz Center"]))
    else:
        values = {"country_id": "BY", "verified_on": "2026-06-01", "kind": "company"}
        edit(row, **{what: values[what], **({"city": None} if what == "country_id" else {})})


@pytest.mark.parametrize("sort", SORTS)
def test_no_row_comes_twice_and_none_that_stood_all_along_is_missed(client, sort):
    make_directory(5, institutions=70)
    Institution.objects.filter(standing=Standing.SIGNED).update(valid_until="2027-01-31", expected_on="2026-12-31")
    Institution.objects.filter(standing=Standing.SUSPENDED).update(valid_until="2026-12-31", expected_on="2027-01-31")
    choose = random.Random(sort)
    fields = [field for field in ("name", "country_id", "verified_on", "kind") if field != MOVES.get(sort)]
    asked = {"sort": sort} | ({"q": "university"} if sort == "relevance" else {})
    if sort == "relevance":
        fields.remove("name")  # it decides what the text finds

    def listed():
        file = client.get("/institutions.json", asked)
        return {row["slug"] for row in json.loads(file.getvalue())["results"]}

    stood, seen, address = listed(), [], f"{API}?{urlencode(asked | {'size': '4'})}"
    while address:
        answer = client.get(address).json()
        seen += [row["slug"] for row in answer["results"]]
        for _time in range(3):
            edit_something(choose, fields)
        stood &= listed()
        address = answer["next"]

    assert len(seen) == len(set(seen)) > 4
    assert stood - set(seen) == set()
