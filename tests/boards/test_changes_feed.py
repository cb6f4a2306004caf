"""The changes as a feed and as files: what the page says, once more."""

import json
from xml.etree import ElementTree

import pytest

from partners.boards.changes import Timeline
from partners.lists.filters import InstitutionFilter
from partners.models import Institution
from partners.views import changes
from tests.support.changes import edit
from tests.support.factories import make_consortium, make_institution, make_lab, make_participation, make_role

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("address", ["/changes/", "/changes.atom", "/changes.csv"])
def test_what_is_not_known_is_refused_in_the_same_words(client, address):
    answer = client.get(address, {"country": "ZZ"})

    assert answer.status_code == 400
    assert "“ZZ” is not a known value." in answer.content.decode()


def test_the_feed_is_atom_with_an_entry_for_each_change(client):
    make_consortium(name="Chain & Co")
    institution = make_institution(name="A <b>center</b>", slug="center", kind="hospital")
    make_participation(institution, make_role(name="Vector"))

    answer = client.get("/changes.atom")
    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert feed.findtext(f"{ATOM}title") == "Changes: Chain & Co"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Chain & Co"
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [
        "Vector, A <b>center</b>: added",
        "A <b>center</b>: added",
    ]
    assert entries[1].findtext(f"{ATOM}summary") == "<p>Kind: hospital</p>"
    assert {entry.find(f"{ATOM}link").get("href") for entry in entries} == {"http://testserver/institutions/center/"}
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
    assert [entry.findtext(f"{ATOM}updated") for entry in entries] == [
        moment.isoformat()
        for model in (type(institution.participations.get()), Institution)
        for moment in model.history.values_list("history_date", flat=True)
    ]


def test_the_file_has_a_row_for_each_field_of_each_change_of_the_page(client):
    lab = make_lab(make_institution(name="Center", slug="center", kind="hospital"), name="Lab", slug="lab")
    make_participation(lab=lab, role=make_role(name="Vector"), since="2026-01-01")
    edit(lab, name="New lab", summary="New text")

    answer = client.get("/changes.json")
    table = json.loads(answer.getvalue())
    assert int(answer["X-Row-Count"]) == table["count"] == 6
    assert [(row["action"], row["entry"], row["field"], row["before"], row["after"]) for row in table["results"]] == [
        ("changed", "New lab", "Name", "Lab", "New lab"),
        ("changed", "New lab", "Summary", None, None),
        ("added", "Vector", "State", None, "operational"),
        ("added", "Vector", "Since", None, "2026-01-01"),
        ("added", "Lab", None, None, None),
        ("added", "Center", "Kind", None, "hospital"),
    ]
    assert [row["lab"] for row in table["results"]] == [None, None, "New lab", "New lab", None, None]
    assert table["results"][0]["url"] == "http://testserver/institutions/center/labs/lab/"
    assert list(Timeline(InstitutionFilter.asking().results)) == Timeline(InstitutionFilter.asking().results)[:9]
    assert client.get("/changes.pdf").status_code == 404


def test_values_cannot_bring_markup_into_the_feed(client):
    lab = make_lab(name="Lab")
    edit(lab, name="<script>x</script>")

    entry = ElementTree.fromstring(client.get("/changes.atom").content).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}summary") == "<p>Name: Lab → &lt;script&gt;x&lt;/script&gt;</p>"


@pytest.mark.parametrize("address", ["/changes.atom", "/institutions.atom"])
def test_what_xml_cannot_hold_is_left_out_of_a_feed(client, address):
    make_institution(name="Cen\x01ter\ufffe")

    feeds = [client.get(f"{address}?q={text}") for text in ("Center", "Cen%01ter%EF%BF%BE")]

    plain, odd = (ElementTree.fromstring(feed.content) for feed in feeds)
    assert odd.findtext(f"{ATOM}title") == plain.findtext(f"{ATOM}title")
    assert odd.findtext(f"{ATOM}subtitle") == plain.findtext(f"{ATOM}subtitle")
    assert "Center" in odd.findtext(f"{ATOM}subtitle")
    assert "Center" in ElementTree.fromstring(client.get(address).content).findtext(f"{ATOM}entry/{ATOM}title")


def test_the_feed_ends_after_its_newest_entries(client, monkeypatch):
    monkeypatch.setattr(changes, "FEED_ENTRIES", 2)
    for name in ("First", "Second", "Third"):
        make_institution(name=name)

    feed = ElementTree.fromstring(client.get("/changes.atom").content)
    assert [title.text for title in feed.findall(f"{ATOM}entry/{ATOM}title")] == ["Third: added", "Second: added"]
