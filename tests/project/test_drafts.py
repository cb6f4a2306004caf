"""What is not public shows nowhere, whatever public entry it belongs to, replaced or is replaced by."""

from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from partners import urls
from partners.models import Institution
from tests.support.changes import edit
from tests.support.factories import (
    make_city,
    make_city_name,
    make_former_slug,
    make_institution,
    make_lab,
    make_participation,
    make_role,
)
from tests.support.public_addresses import ADDRESSES, words_of

pytestmark = pytest.mark.django_db

RELATIONS = {
    "parent": lambda home, draft: home.parents.add(draft),
    "child": lambda home, draft: draft.parents.add(home),
    "replaced entry": lambda home, draft: edit(draft, replaced_by=home),
    "predecessor": lambda home, draft: draft.successors.add(home),
    "heir before": lambda home, draft: [edit(home, replaced_by=heir) for heir in (draft, None)],
    "heir": lambda home, draft: edit(home, replaced_by=draft),
    "successor": lambda home, draft: [edit(home, status="inactive"), home.successors.add(draft)],
    "heir of a closed one": lambda home, draft: edit(home, status="withdrawn", replaced_by=draft),
}


def make_draft():
    """Write a draft that would be on every page, in every file and in the feed, were it public."""
    city = make_city(name="Unseen city", slug="kz-unseen", latitude=43.25, longitude=76.95)
    draft = make_institution(
        name="Unseen", slug="unseen-draft", city=city, standing="signed", signed_on="2026-01-01", is_published=False
    )
    make_participation(role=make_role(code="vector"), lab=make_lab(draft, name="Unseen lab", slug="unseen-lab"))
    make_former_slug(draft, slug="unseen-before")
    edit(draft, name="Unseen draft")
    return draft


def test_every_public_address_is_looked_at():
    public = {pattern.name for pattern in [*urls.pages, *urls.files, *urls.api]}
    pictures = {"card", "logo"}  # which say nothing that could be looked for

    looked_at = {resolve(urlsplit(address).path).url_name for address in ADDRESSES}
    assert public - pictures - looked_at == set(), "add it to tests/support/public_addresses.py"
    assert looked_at <= public - pictures


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_draft_shows_nowhere(client, relation):
    home = make_institution(name="Home", slug="home", country_id="KZ", standing="signed")
    make_lab(home, slug="lab")
    make_institution(slug="other")
    RELATIONS[relation](home, make_draft())

    for address in ADDRESSES:
        shown = words_of(client.get(address))
        assert [word for word in ("Unseen", "unseen-") if word in shown] == [], address


def test_a_draft_between_two_public_entries_is_passed_by(client):
    draft = make_draft()
    edit(draft, replaced_by=make_institution(slug="heir"))
    make_institution(slug="first", replaced_by=draft)

    assert client.get("/institutions/first/")["Location"] == "/institutions/heir/"
    assert "nseen" not in client.get("/institutions/heir/").text


def test_what_is_not_public_is_answered_like_what_never_was(client):
    make_draft()
    withdrawn = make_institution(slug="unseen-gone")
    make_lab(withdrawn, slug="lab")
    edit(withdrawn, is_published=False)
    make_institution(slug="unseen-deleted").delete()

    def shown(*slugs):
        pages = [(slug, client.get(f"/institutions/{slug}/")) for slug in slugs]
        return {(page.status_code, page.text.replace(slug, "")) for slug, page in pages}

    [(status, nothing)] = shown("zzz", "unseen-draft", "unseen-before", "unseen-gone", "unseen-deleted")
    assert status == 404
    assert "never" not in nothing
    labs = ["zzz/labs/lab", "unseen-draft/labs/unseen-lab", "unseen-before/labs/unseen-lab", "unseen-gone/labs/lab"]
    assert len(shown(*labs)) == 1


@pytest.mark.parametrize(
    ("status", "shown"), [("active", None), ("inactive", "no longer active"), ("withdrawn", "withdrawn")]
)
def test_a_replaced_entry_whose_heir_is_a_draft_says_nothing_false(client, status, shown):
    make_institution(slug="first", status=status, replaced_by=make_draft())

    page = client.get("/institutions/first/").text
    assert ("The registry says" in page) == bool(shown)
    assert shown is None or shown in page
    assert "No successor is known" not in page  # editors know one
    assert "No successor is listed here." in page


@pytest.mark.parametrize("address", ["/institutions/closed/", "/ru/institutions/closed/"])
def test_successors_cost_no_query_each(client, address):
    closed = make_institution(slug="closed", status="inactive")

    def add_successor():
        closed.successors.add(make_institution(city=make_city_name().city))

    def count_queries():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    add_successor()
    before = count_queries()
    for _number in range(5):
        add_successor()
    assert count_queries() == before
    assert Institution.objects.get(slug="closed").successors.count() == 6
