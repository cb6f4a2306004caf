"""The API says of a list what its page and its file say, and what is wrong in one form."""

import json
from contextlib import nullcontext
from http import HTTPStatus

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings

from partners.host import BusyError
from partners.lists import LISTS
from partners.views.api import lists
from tests.support.directory import SPARSE_QUESTIONS, make_directory
from tests.support.factories import make_city, make_city_name, make_consortium, make_country, make_institution

pytestmark = pytest.mark.django_db(transaction=True)
SOME = settings(max_examples=10, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
API = "/api/v1/institutions"


def walk(client, address, question):
    """Yield the answers to a question, one after the other as `next` leads."""
    answer = client.get(address, question)
    while True:
        assert answer.status_code == HTTPStatus.OK, answer.text
        yield answer.json()
        if not (following := answer.json()["next"]):
            return
        assert f'<{following}>; rel="next"' in answer["Link"]
        answer = client.get(following)


@pytest.mark.parametrize("source", ["index", "sql"])
def test_rows_are_those_of_the_file_in_its_order(client, source):
    make_directory(1)

    @SOME
    @given(SPARSE_QUESTIONS)
    def check(question):
        for listing in LISTS:
            asked = {name: codes for name, codes in question.items() if name in listing.filterset.parameters()}
            if source == "sql" or asked.get("q") == [""]:
                asked["q"] = []  # the database finds no text, and programs that want none leave it out
            with transaction.atomic() if source == "sql" else nullcontext():
                file = json.loads(client.get(f"/{listing.plural}.json", asked).getvalue())
                answers = list(walk(client, f"/api/v1/{listing.plural}", asked | {"size": "7"}))
            assert [row for answer in answers for row in answer["results"]] == file["results"]
            assert {(answer["count"], answer["filter"]) for answer in answers} == {(file["count"], file["filter"])}

    check()


def test_counts_and_fields_are_given_where_they_are_asked_for(client):
    make_directory(2)

    answer = client.get(API, {"facets": "1", "fields": "slug,kind", "country": "KZ"}).json()
    assert {tuple(row) for row in answer["results"]} == {("slug", "kind")}
    assert answer["count"] == len(answer["results"]) > 0
    [here] = [one for one in answer["facets"]["country"]["values"] if one["selected"]]
    assert (here["value"], here["count"]) == ("KZ", answer["count"])
    for kind in answer["facets"]["kind"]["values"]:
        alone = client.get(API, {"country": "KZ", "kind": kind["value"]}).json()
        assert alone["count"] == kind["count"]


def test_lang_chooses_the_language_of_names_and_of_nothing_else(client):
    make_country("KZ")
    city = make_city_name(make_city(name="Almaty"), value="Алматы", language="ru").city
    make_institution(name="Home", city=city)

    [row] = client.get(API, {"lang": "ru"}).json()["results"]
    assert (row["name"], row["city"], row["country_name"]) == ("Home", "Алматы", "Казахстан")
    answer = client.get(API, {"lang": "ru"})
    assert answer["Content-Language"] == "ru"
    again = client.get(API, {"lang": "ru"}, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again["Content-Language"]) == (HTTPStatus.NOT_MODIFIED, "ru")
    assert client.get(API, headers={"accept-language": "ru"}).json()["results"][0]["city"] == "Almaty"


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        (f"{API}?countryy=KZ", "countryy"),
        (f"{API}?page=2", "page"),
        (f"{API}?country=ZZ", "country"),
        (f"{API}?size=0", "size"),
        (f"{API}?size=201", "size"),
        (f"{API}?sort=zzz", "sort"),
        (f"{API}?fields=name,phone", "fields"),
        (f"{API}?facets=yes", "facets"),
        (f"{API}?lang=de", "lang"),
        (f"{API}?cursor=WzFd", "cursor"),
        (f"{API}?cursor=%F0%9F%98%80", "cursor"),
        (f"{API}?country=", "country"),
        (f"{API}?country=KZ&country=+", "country"),
        (f"{API}?q=%20", "q"),
        (f"{API}?{'&'.join(['kind=company'] * 101)}", "kind"),
        ("/api/v1/roles?q=x", "q"),
        ("/api/v1/coverage?size=5", "size"),
        ("/api/v1/coverage?country=ZZ", "country"),
        ("/api/v1/changes", "since"),
        ("/api/v1/changes?since=2026-13-01", "since"),
    ],
)
def test_what_is_not_known_is_a_problem_that_names_its_parameter(client, address, parameter):
    answer = client.get(address)

    assert (answer.status_code, answer["Content-Type"]) == (HTTPStatus.BAD_REQUEST, "application/problem+json")
    said = answer.json()
    assert (said["status"], said["parameter"]) == (400, parameter)
    assert said["title"] == "Bad Request"
    assert said["detail"]
    assert said["type"] == "/about/api/#status-400"
    assert not answer.has_header("ETag")


def test_a_cursor_that_was_changed_or_belongs_elsewhere_is_refused(client):
    make_institution(name="A")
    make_institution(name="B")
    cursor = client.get(API, {"size": "1"}).json()["next"].partition("cursor=")[2]

    assert client.get(API, {"cursor": cursor}).json()["results"][0]["name"] == "B"
    for question in [{"cursor": "x" + cursor}, {"cursor": cursor[:-1]}, {"cursor": cursor, "sort": "newest"}]:
        assert client.get(API, question).json()["parameter"] == "cursor"
    assert client.get("/api/v1/changes", {"since": "2026-01-01", "cursor": cursor}).json()["parameter"] == "cursor"


@pytest.mark.parametrize(
    "address", ["/api/", "/api/v1", "/api/v2/institutions", f"{API}/nobody", f"{API}/", f"{API}/a%0Ab"]
)
def test_nothing_below_api_is_a_problem_too(client, address):
    answer = client.get(address)

    assert (answer.status_code, answer["Content-Type"]) == (HTTPStatus.NOT_FOUND, "application/problem+json")


def test_nobody_writes_and_any_site_may_read_without_cookies():
    client = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(client, method)(API)
        assert (answer.status_code, answer["Allow"]) == (HTTPStatus.METHOD_NOT_ALLOWED, "GET, HEAD, OPTIONS")
        assert answer["Content-Type"] == "application/problem+json"
    asked = client.options(API, headers={"origin": "https://a.example", "access-control-request-method": "GET"})
    assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    for answer in [asked, client.get(API), client.head(API), client.get(f"{API}?x=1"), client.post(API)]:
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert not answer.has_header("Access-Control-Allow-Credentials")
        assert answer.cookies == {}


def test_a_failure_of_ours_is_a_problem_too(client, monkeypatch):
    def fail(error):
        def failing(*_arguments):
            raise error

        monkeypatch.setattr(lists, "page_after", failing)

    client.raise_request_exception = False
    fail(BusyError("Others come first."))
    busy = client.get(API)
    assert (busy.status_code, busy["Retry-After"], busy["Content-Type"]) == (503, "5", "application/problem+json")
    fail(ValueError("words for the log only"))
    broken = client.get(API)
    assert (broken.status_code, broken["Content-Type"]) == (500, "application/problem+json")
    assert "words for the log" not in broken.text
    assert client.get(API, headers={"host": "evil.example"})["Content-Type"] == "application/problem+json"


def test_vocabularies_count_what_their_lists_hold(client):
    make_consortium()
    make_directory(3)

    for name, parameter in [("roles", "role"), ("countries", "country"), ("cities", "city")]:
        answer = client.get(f"/api/v1/{name}").json()
        assert answer["count"] == len(answer["results"]) > 0
        for row in answer["results"]:
            for plural in ("institutions", "labs"):
                asked = client.get(f"/api/v1/{plural}", {parameter: row["code"]})
                assert asked.json()["count"] == row[plural], (name, row)


def test_coverage_has_the_cells_of_its_file(client):
    make_directory(4)

    for question in ({}, {"country": ["KZ", "CN"], "state": ["planned"]}, {"group": ["governance"]}):
        file = json.loads(client.get("/coverage.json", question).getvalue())
        answer = client.get("/api/v1/coverage", question).json()
        assert (answer["results"], answer["count"]) == (file["results"], file["count"])
