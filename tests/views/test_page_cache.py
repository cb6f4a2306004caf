"""Finished pages are sent again from memory: as long as they are true, to everybody alike, in bounded room."""

from http import HTTPStatus

import pytest
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test.utils import CaptureQueriesContext
from django.urls import path

from consortium import urls
from partners.models import Consortium, Contact
from partners.models.log.change_log import POSITION
from partners.urls import api, files, pages
from partners.views import public as public_module
from partners.views.page_cache import MB, Answer, PageCache
from partners.views.public import page_cache, public
from tests.support.answer_files import forget_answers, written
from tests.support.changes import edit
from tests.support.factories import (
    make_city,
    make_city_name,
    make_consortium,
    make_contact,
    make_country,
    make_former_slug,
    make_institution,
    make_lab,
    make_name,
    make_participation,
    make_role,
    make_role_text,
)

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ["/", "/institutions/", "/institutions/home/", "/institutions/home/labs/lab/", "/labs/", "/countries/"]
PAGES += [
    "/countries/KZ/",
    "/roles/",
    "/roles/vector/",
    "/coverage/",
    "/pipeline/",
    "/compare/?i=home&i=other",
    "/map/",
]
PAGES += ["/map/labs/", "/changes/", "/suggest/?q=home", "/about/", "/changes.atom", "/pipeline.ics"]
PAGES += ["/about/api/", *(f"/api/v1/{name}" for name in ("institutions?facets=1", "institutions/home", "labs"))]
PAGES += [f"/api/v1/{name}" for name in ("institutions/home/labs/lab", "roles", "countries", "cities", "coverage")]
PAGES += ["/api/v1/changes?since=2020-01-01", "/api/v1/openapi.json", "/institutions.atom"]
PAGES += ["/embed/board/", "/embed/map/", "/embed/list/", "/robots.txt", "/sitemap.xml", "/sitemap-pages-1.xml"]
PAGES += [
    "/opensearch.xml",
    "/site.webmanifest",
    "/card.png",
    "/institutions/home.json",
    "/institutions/home/labs/lab.jsonld",
]
FILES = ["/institutions.csv", "/labs.json", "/coverage.json", "/compare.csv?i=home&i=other", "/changes.csv"]


def a_token(request):
    """Show a form that posts, as a view that should not be called public."""
    return HttpResponse(get_token(request))


urlpatterns = [path("token/", public()(a_token)), path("mine/", a_token), *urls.urlpatterns]


@pytest.fixture(autouse=True)
def _empty():
    forget_answers()


@pytest.fixture
def home():
    """Write an institution in Kazakhstan with a lab and a role, and one to compare it with."""
    make_consortium()
    city = make_city(name="Almaty", slug="kz-almaty", country=make_country("KZ"))
    home = make_institution(slug="home", name="Home", city=city)
    make_participation(home, make_role(code="vector"), make_lab(home, slug="lab"))
    make_institution(slug="other")
    return home


def shared(answer):
    """Return the headers that all who ask get alike; each request has an id of its own."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}


def body_in(file):
    """Return the body of an answer for other workers."""
    return Answer.packed(file.read_bytes()).plain()


def test_every_public_page_is_made_once(client, home):
    for address in PAGES:
        made = client.get(address)
        with CaptureQueriesContext(connection) as queries:
            again = client.get(address)
        assert [query["sql"] for query in queries] == [POSITION], address
        assert (again.content, shared(again)) == (made.content, shared(made)), address
        assert again["Cache-Control"] == "public, no-cache"
        head = client.head(address)
        assert (head.content, shared(head)) == (b"", shared(made)), address


def test_what_one_worker_made_another_sends(client, home, settings, monkeypatch):
    made = {address: client.get(address, headers={"accept-encoding": "br"}) for address in PAGES}
    assert len(written(settings)) == len(PAGES)

    monkeypatch.setattr(public_module, "page_cache", other := PageCache(MB))
    for address in PAGES:
        for accepted in ("br", "gzip"):
            with CaptureQueriesContext(connection) as queries:
                again = client.get(address, headers={"accept-encoding": accepted})
            assert len(queries) <= 3, address  # it begins, asks where the data stands, and ends
            if accepted == "br":
                assert (again.content, shared(again)) == (made[address].content, shared(made[address])), address
    assert other.hits == 2 * len(PAGES)

    edit(home, name="New")
    assert "New" in client.get("/institutions/").content.decode()
    assert len(written(settings)) == 1


def test_workers_make_their_own_where_nothing_can_be_written(client, home, settings, tmp_path):
    (tmp_path / "file").touch()
    settings.CACHE_DIR = tmp_path / "file"

    made = client.get("/labs/")
    assert (made.status_code, client.get("/labs/").content) == (HTTPStatus.OK, made.content)
    assert len(page_cache) == 1


@pytest.mark.parametrize("address", PAGES + FILES)
def test_every_page_and_file_is_called_unchanged_by_one_query(client, home, address):
    made = client.get(address)
    made.getvalue()  # reads a file to its end, which closes it
    tag = made["ETag"]

    with CaptureQueriesContext(connection) as queries:
        again = client.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (HTTPStatus.NOT_MODIFIED, b"", tag)
    assert [query["sql"] for query in queries] == [POSITION]


def test_every_address_of_the_directory_is_public():
    """A view without the decorator is never held: the test tells who adds one, so that it is a decision."""
    assert [pattern.name for pattern in pages + files + api if not getattr(pattern.callback, "is_public", False)] == []


EDITS = {
    "contact": lambda home: make_contact(home, mailbox="new@example.org", visibility="public"),
    "basis": lambda _home: Contact.objects.update(visibility="staff"),
    "former address": lambda home: make_former_slug(home),
    "parent": lambda home: home.parents.add(make_institution(name="New")),
    "successor": lambda home: home.successors.add(make_institution(name="New")),
    "record of a change": lambda home: home.history.all().delete(),
    "record of a lab": lambda home: home.labs.get().history.all().delete(),
    "record of a role": lambda home: home.participations.get().history.all().delete(),
    "consortium": lambda _home: Consortium.objects.update(short_name="New"),
    "role in words": lambda home: make_role_text(home.participations.get().role),
    "city in words": lambda home: make_city_name(home.city),
    "name": lambda home: make_name(home),
    "institution": lambda home: edit(home, name="New"),
}


@pytest.mark.parametrize("kind", EDITS)
def test_nobody_gets_an_old_answer_after_an_edit(client, home, kind):
    make_contact(home, mailbox="old@example.org", visibility="public")
    addresses = [
        "/institutions/home/",
        "/ru/institutions/home/",
        "/institutions/home/labs/lab/",
        "/changes/",
        "/roles/",
    ]
    before = {address: client.get(address) for address in addresses}

    EDITS[kind](home)
    after = {address: client.get(address) for address in addresses}
    assert {address for address in addresses if before[address]["ETag"] == after[address]["ETag"]} == set()
    forget_answers()
    assert {address: client.get(address).content for address in addresses} == {
        address: answer.content for address, answer in after.items()
    }


def test_who_has_a_session_meets_no_answer_of_others_and_leaves_none(client, admin_client, home):
    admin_client.get("/labs/")
    assert len(page_cache) == 0
    shown = client.get("/institutions/home/")
    assert len(page_cache) == 1

    with CaptureQueriesContext(connection) as queries:
        own = admin_client.get("/institutions/home/")
    assert len(queries) > 2
    assert (own["Cache-Control"], own.has_header("ETag")) == ("private, no-cache", False)
    assert len(page_cache) == 1
    assert client.get("/institutions/home/").content == shown.content


def test_an_answer_to_somebody_with_a_cookie_is_not_held(client, home):
    client.cookies["csrftoken"] = "k" * 32

    assert client.get("/institutions/")["ETag"]
    assert len(page_cache) == 0


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("address", ["/token/", "/mine/"])
def test_a_form_that_posts_is_held_by_nobody(client, home, address):
    for _time in range(2):  # with the cookie, too
        answer = client.get(address, headers={"accept-encoding": "gzip, br"})
        assert answer["Cache-Control"] == "no-store"
        assert not answer.has_header("Content-Encoding")
        assert len(page_cache) == 0


@pytest.mark.parametrize(
    "address", ["/institutions/?sort=zzz", "/institutions/?page=99", "/nothing/", "/institutions", "/changes/?since=x"]
)
def test_what_is_refused_or_leads_on_is_not_held(client, home, address):
    assert client.get(address).status_code != HTTPStatus.OK
    assert len(page_cache) == 0


@pytest.mark.parametrize("address", ["/?x=1", "/institutions/?countryy=KZ", "/about/?country=KZ", "/compare/?x=home"])
def test_an_address_that_was_not_understood_is_answered_and_not_held(client, home, address):
    answer = client.get(address)

    assert (answer.status_code, answer.has_header("ETag")) == (HTTPStatus.OK, True)
    assert len(page_cache) == 0


def test_addresses_that_look_alike_are_two(client, home):
    """Bytes that nobody escaped are read as UTF-8, and look as if somebody had escaped their Latin-1."""
    raw = client.get("/suggest/", QUERY_STRING="q=H\xc3\xb4me")
    escaped = client.get("/suggest/", QUERY_STRING="q=H%C3%83%C2%B4me")

    assert raw.wsgi_request.get_full_path() == escaped.wsgi_request.get_full_path()
    assert raw.wsgi_request.GET != escaped.wsgi_request.GET
    assert raw["ETag"] != escaped["ETag"]
    assert len(page_cache) == 2


def test_private_contacts_are_in_no_answer_that_is_held(client, home, settings):
    private = ["Person Hidden", "hidden@example.org", "+7 000 111"]
    make_contact(home, person=private[0], mail=private[1], phone=private[2], function="head")
    shown = make_contact(home, mailbox="shown@example.org", visibility="public")
    made = [client.get(address).content for address in PAGES]
    assert len(page_cache) == len(PAGES)
    assert sorted(map(body_in, written(settings))) == sorted(made)
    everything = b"".join(made).decode(errors="replace")  # a picture is no text
    assert "shown@example.org" in everything
    assert [text for text in private if text in everything] == []

    edit(shown, visibility="staff")
    client.get("/about/")
    assert len(page_cache) == 1
    [file] = written(settings)
    assert b"shown@example.org" not in body_in(file)


def test_no_room_is_no_cache(client, home, settings, monkeypatch):
    monkeypatch.setattr(page_cache, "most", 0)

    assert client.get("/institutions/").content == client.get("/institutions/").content
    assert (len(page_cache), written(settings)) == (0, [])
