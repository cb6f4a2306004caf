"""A feed of a list tells who entered it, who changed in it and who left it, whatever it asks for."""

import datetime
import re
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings

from partners.boards import following
from partners.lists.filters import InstitutionFilter
from tests.support.changes import edit
from tests.support.directory import SPARSE_QUESTIONS, make_directory
from tests.support.factories import make_consortium, make_institution, make_participation, make_role

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def titles(client, **question):
    feed = ElementTree.fromstring(client.get("/institutions.atom", question).content)
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


def test_who_enters_changes_and_leaves_is_told_newest_first(client):
    home = make_institution(name="Home", slug="home", country_id="KZ", kind="hospital")
    edit(home, kind="company")
    edit(home, founded=1999)
    edit(home, kind="hospital")
    role = make_role(code="vector", name="Vector")
    part = make_participation(home, role, state="planned")
    edit(part, state="operational")

    assert titles(client, kind="company") == ["Home: left this list", "Home: changed", "Home: entered this list"]
    assert titles(client, role="vector", state="operational") == ["Home: entered this list"]
    assert titles(client, role="vector")[0] == "Vector, Home: changed"
    assert titles(client, country="RU") == []
    edit(home, is_published=False)
    assert titles(client, kind="hospital")[0] == "an entry that is not public: left this list"
    assert "Home" not in client.get("/institutions.atom").text


def test_what_was_never_public_and_what_is_long_ago_is_not_told(client):
    edit(make_institution(name="Draft", is_published=False), kind="company")
    old = make_institution(name="Old")
    old.history.update(history_date=timezone.now() - datetime.timedelta(days=40))

    assert titles(client) == []
    edit(old, kind="company")
    assert titles(client) == ["Old: changed"]  # and not as new


def test_after_very_many_changes_the_newest_are_told_and_since_when(client, monkeypatch):
    monkeypatch.setattr(following, "RECORDS_AT_MOST", 2)
    for name in ("First", "Second"):
        make_institution(name=name)
    assert len(titles(client)) == 2
    assert "too much changed" not in client.get("/institutions.atom").text

    make_institution(name="Third")
    assert titles(client) == ["Third: entered this list", "Second: entered this list"]
    assert re.search(
        "<subtitle>Kind is university or school. This feed begins on .+ because too much changed at once before.<",
        client.get("/institutions.atom?kind=university").text,
    )


def test_who_followed_from_the_beginning_has_the_list(monkeypatch):
    """Entered less left is what the list holds: an index of states and the list's own answer judge alike."""
    monkeypatch.setattr(following, "ENTRIES", 10_000)
    make_directory(8, institutions=30)
    since, _is_late = following.followed_since()

    @settings(max_examples=10, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(SPARSE_QUESTIONS)
    def check(question):
        asked = InstitutionFilter.asking(**question | {"q": [], "sort": ["name"]})
        held = {}
        for one in reversed(following.followed(asked, since)):
            slug = one.change.institution.slug if one.change else None
            held[slug] = one.deed != "left"
        assert {slug for slug, is_in in held.items() if is_in} == {row.slug for row in asked.results.rows()}

    check()


def test_ids_of_feeds_and_calendars_are_those_of_the_directory_at_every_address(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    make_consortium()
    make_institution(standing="signed", valid_until="2030-01-31")

    for address in ("/institutions.atom", "/changes.atom", "/pipeline.ics"):
        ids = [
            re.findall(r"urn:uuid:[0-9a-f-]{36}", client.get(address, secure=secure, headers={"host": host}).text)
            for secure, host in [(False, "a.example"), (True, "b.example:8443")]
        ]
        assert ids[0] == ids[1], address
        assert len(ids[0]) == len(set(ids[0])) >= 1
    feeds = [client.get(address).text for address in ("/institutions.atom", "/institutions.atom?kind=university")]
    assert feeds[0].count("<entry>") == feeds[1].count("<entry>") == 1
    assert not set(re.findall(r"<id>(.*?)</id>", feeds[0])) & set(re.findall(r"<id>(.*?)</id>", feeds[1]))


def test_list_and_board_offer_their_feed_and_their_dates(client):
    make_institution(country_id="KZ")

    for page in ("/institutions/?country=KZ", "/institutions/?country=KZ&kind=company", "/coverage/?country=KZ"):
        text = client.get(page).text.replace("&amp;", "&")
        for file in ("/institutions.atom", "/pipeline.ics"):
            [link] = re.findall(rf'href="({re.escape(file)}\?[^"]*)"', text)
            assert "country=KZ" in link
            assert client.get(link).status_code == 200
