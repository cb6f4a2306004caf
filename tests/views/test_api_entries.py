"""One entry for programs: everything public of it but the people, and where a former address leads."""

from http import HTTPStatus

import pytest

from tests.support.changes import edit
from tests.support.factories import (
    make_contact,
    make_former_slug,
    make_institution,
    make_lab,
    make_name,
    make_participation,
    make_role,
    make_role_text,
)

pytestmark = pytest.mark.django_db
API = "/api/v1/institutions"


def test_an_institution_has_its_row_and_all_that_a_row_has_no_room_for(client):
    home = make_institution(name="Home", slug="home", ror_id="https://ror.org/05256ym39", founded=1804)
    make_name(home, value="Дом", language="ru", source="itself")
    lab = make_lab(home, name="Lab", slug="lab")
    role = make_role_text(make_role(code="vector", name="Vector"), name="Вектор").role
    make_participation(home, role, lab, since="2026-01-31", note="by the lab")
    home.parents.add(make_institution(name="Parent", slug="parent"))
    make_contact(
        home, person="Person Shown", visibility="public", basis="consent", basis_on="2026-01-01", basis_source="x"
    )

    entry = client.get(f"{API}/home", {"lang": "ru"}).json()
    [row] = client.get(API, {"lang": "ru", "sort": "newest", "size": "2"}).json()["results"][1:]
    assert {name: entry[name] for name in row if name != "labs"} == {name: row[name] for name in row if name != "labs"}
    assert entry["identifiers"] == [{"scheme": "ror", "value": "https://ror.org/05256ym39"}]
    assert entry["names"] == [{"value": "Дом", "kind": "native", "language": "ru", "source": "itself"}]
    assert entry["participations"] == [
        {
            "role": "vector",
            "role_name": "Вектор",
            "lab": "lab",
            "state": "operational",
            "since": "2026-01-31",
            "until": None,
            "note": "by the lab",
        }
    ]
    address = "http://testserver/ru/institutions"
    assert entry["labs"] == [{"name": "Lab", "slug": "lab", "url": f"{address}/home/labs/lab/"}]
    assert entry["parents"] == [{"name": "Parent", "slug": "parent", "url": f"{address}/parent/"}]
    assert "Person Shown" not in client.get(f"{API}/home").text

    entry = client.get(f"{API}/home/labs/lab").json()
    [row] = client.get("/api/v1/labs").json()["results"]
    assert {name: entry[name] for name in row} == row
    assert [part["role"] for part in entry["participations"]] == ["vector"]


def test_a_former_address_leads_on_for_good(client):
    heir = make_institution(slug="heir")
    make_institution(slug="before", replaced_by=heir)
    make_former_slug(heir, slug="former")
    lab = make_lab(heir, slug="lab")
    edit(lab, slug="new-lab")

    for slug in ("before", "former"):
        answer = client.get(f"{API}/{slug}?lang=ru")
        assert (answer.status_code, answer["Location"]) == (HTTPStatus.PERMANENT_REDIRECT, f"{API}/heir?lang=ru")
    by_slug = ("/api/v1/labs/new-lab", "/api/v1/labs/lab")
    for address in (f"{API}/heir/labs/lab", f"{API}/former/labs/new-lab", *by_slug):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (308, f"{API}/heir/labs/new-lab"), address


def test_a_closed_entry_is_gone_and_names_who_took_its_place(client):
    closed = make_institution(slug="closed", status="withdrawn")
    make_lab(closed, slug="lab")
    closed.successors.add(make_institution(name="Next", slug="next"), make_institution(is_published=False))

    assert client.get("/api/v1/labs/lab")["Location"] == f"{API}/closed/labs/lab"
    for address in (f"{API}/closed", f"{API}/closed/labs/lab"):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (HTTPStatus.GONE, "application/problem+json")
        assert [one["slug"] for one in answer.json()["successors"]] == ["next"]
        assert answer.json()["registry_status"] == "withdrawn"


def test_what_is_not_public_is_answered_like_what_never_was(client):
    draft = make_institution(slug="draft", is_published=False)
    make_lab(draft, slug="lab")
    paths = [f"{API}/draft", f"{API}/zzz", f"{API}/draft/labs/lab", "/api/v1/labs/lab", "/api/v1/labs/zzz"]

    assert len({(answer.status_code, answer.text) for answer in map(client.get, paths)}) == 1


def test_an_address_of_two_labs_names_both(client):
    for slug in ("first", "second"):
        make_lab(make_institution(slug=slug), slug="lab")

    answer = client.get("/api/v1/labs/lab")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer.json()["choices"] == [f"http://testserver{API}/{slug}/labs/lab" for slug in ("first", "second")]


def test_a_lab_that_a_closed_institution_called_otherwise_is_gone_and_one_of_a_replaced_is_unknown(client):
    edit(make_lab(make_institution(slug="closed", status="withdrawn"), slug="lab"), slug="renamed")
    make_lab(make_institution(slug="before", replaced_by=make_institution(slug="heir")), slug="left")

    assert client.get("/api/v1/labs/lab")["Location"] == f"{API}/closed/labs/renamed"
    assert client.get("/api/v1/labs/lab", follow=True).status_code == HTTPStatus.GONE
    assert client.get("/api/v1/labs/left").status_code == HTTPStatus.NOT_FOUND


def test_an_address_that_a_lab_has_wins_over_one_that_another_had(client):
    edit(make_lab(make_institution(slug="first"), slug="lab"), slug="renamed")
    make_lab(make_institution(slug="second"), slug="lab")

    make_lab(make_institution(slug="third", status="withdrawn"), slug="lab")

    assert client.get("/api/v1/labs/lab")["Location"] == f"{API}/second/labs/lab"
