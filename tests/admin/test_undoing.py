"""Taking an import back where its entries got or lost something since."""

import sqlite3

import pytest
from django.db import connection
from django.urls import reverse

from partners.models import Institution, Lab, Operation, Participation
from partners.models import undo as undoing
from tests.support.editor import notices_of
from tests.support.factories import make_institution, make_participation, make_role
from tests.support.list_file import load

pytestmark = pytest.mark.django_db


def without_roles():
    """Write three partners with one role, let a file take it from all of them, and return the role."""
    role = make_role(code="vector")
    for slug in ("a", "b", "c"):
        make_participation(make_institution(slug=slug, name=slug.upper()), role)
    load(b"slug,roles\na,\nb,\nc,\n")
    assert not Participation.objects.exists()
    return role


def undo(client):
    done = Operation.objects.get(kind=Operation.Kind.IMPORT)
    url = reverse("admin:partners_institution_undo_one", args=[done.pk])
    return notices_of(client.post(url, follow=True))


def test_an_entry_that_got_the_same_again_stays_and_one_that_is_gone_stops_nothing(admin_client):
    role = without_roles()
    make_participation(Institution.objects.get(slug="a"), role, state="paused")
    Institution.objects.get(slug="b").delete()
    assert "Left as they are, because they were edited since: A" in undo(admin_client)
    assert set(Participation.objects.values_list("institution__slug", "state")) == {
        ("a", "paused"),
        ("c", "operational"),
    }


@pytest.mark.django_db(transaction=True)
def test_what_an_undo_needs_and_is_gone_is_told(admin_client):
    without_roles().delete()
    assert undo(admin_client) == ["Nothing was undone: a role, a city or a lab that it needs is gone by now."]
    assert Operation.objects.get(kind=Operation.Kind.IMPORT).undone_at is None
    assert not Participation.objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no such limit")
def test_an_undo_compares_more_roles_than_a_query_may_have_parameters(db):
    raw = connection.connection
    as_here = raw.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 100)  # its authors' own is 32,766
    try:
        roles = {key: undoing._Row(1, 1, 1, "~") for key in range(101)}
        assert undoing._edited_since({Institution: {}, Lab: {}, Participation: roles}) == set()
    finally:
        raw.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, as_here)
