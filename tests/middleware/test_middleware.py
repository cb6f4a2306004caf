"""What may be kept of an answer, and by whom."""

import pytest

from tests.support.factories import make_former_slug, make_institution, make_lab

pytestmark = pytest.mark.django_db

ADDRESSES = [
    *("/", "/institutions/", "/institutions/home/", "/institutions/home/labs/lab/", "/roles/", "/changes/", "/about/"),
    *("/institutions.csv", "/labs.xlsx", "/changes.json", "/changes.atom", "/pipeline.ics", "/suggest/?q=home"),
    *("/institutions/before/", "/institutions/?page=9", "/institutions/?sort=zzz", "/labs.json?sort=zzz", "/nothing/"),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_is_asked_for_again_and_with_a_session_for_nobody_else(client, admin_client, address):
    home = make_institution(slug="home")
    make_lab(home, slug="lab")
    make_former_slug(home, slug="before")

    for visitor, directive in [(client, "public, no-cache"), (admin_client, "private, no-cache")]:
        answer = visitor.get(address)
        answer.getvalue()  # reads a file to its end, which closes it
        assert answer["Cache-Control"] == directive


def test_the_pages_of_editors_are_kept_by_nobody(client, admin_client):
    for visitor in (client, admin_client):
        assert {"private", "no-store"} <= set(visitor.get("/admin/")["Cache-Control"].split(", "))
