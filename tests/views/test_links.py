"""What arrives in a link: parameters that a mail program spoilt, and names that nobody knows."""

import html
import json
import re
import runpy
import socket

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import LimitRequestLine
from gunicorn.http.parser import RequestParser

from partners.views.public import page_cache
from tests.support.factories import make_country, make_institution, make_participation, make_role
from tests.views.test_questions import asking_pages, path

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries():
    institution = make_institution(slug="first", country=make_country("KZ"))
    make_participation(institution, make_role(code="coordinator"))
    make_institution(slug="second", country=make_country("RU"))


def status(response):
    [text] = re.findall(r'<p id="status" role="status">(.*?)</p>', response.text, re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def test_a_parameter_that_a_mail_program_spoilt_is_read(client, entries):
    for name in asking_pages():
        response = client.get(f"{path(name)}?country=KZ&amp;role=coordinator&amp;amp;country=RU")

        question = response.context["filterset"].form.cleaned_data
        assert (question["country"], question["role"]) == (["KZ", "RU"], ["coordinator"]), name
        assert "Not understood" not in status(response)


def test_a_spoilt_address_of_a_comparison_is_read(client, entries):
    members = client.get("/compare/?i=first&amp;i=second").context["team"].members

    assert [member.slug for member in members] == ["first", "second"]


def test_what_was_not_understood_is_said(client, entries):
    for name in asking_pages():
        response = client.get(f"{path(name)}?country=KZ&countryy=RU&<b>=1")

        assert "Not understood: countryy, <b>" in status(response), name
        assert "<b>" not in response.text


@pytest.mark.parametrize(
    "page", ["/print/institutions/", "/embed/list/", "/embed/board/", "/embed/map/", "/compare/", "/compare/?i=second"]
)
def test_what_was_not_understood_is_said_on_pages_without_a_filter_and_not_held(client, entries, page):
    address = page + ("&" if "?" in page else "?")
    response = client.get(f"{address}i=first&<b>=1" if "compare" in page else f"{address}country=KZ&<b>=1")

    assert "Not understood: <bdi>&lt;b&gt;</bdi>" in response.text
    assert len(page_cache) == 0
    assert "Not understood" not in client.get(page).text


def test_few_names_are_said_and_none_at_full_length(client, entries):
    query = "&".join(f"{letter * 5000}=1" for letter in "abcdefghij")

    text = status(client.get(f"/institutions/?{query}&x%00%E2%80%AE=1"))

    assert text.endswith("Not understood: " + ", ".join(letter * 40 for letter in "abcde"))


def test_invisible_characters_of_a_name_are_not_repeated(client, entries):
    assert status(client.get("/institutions/?x%00%E2%80%AEy=1")).endswith("Not understood: xy")


def test_nothing_is_said_where_everything_was_understood(client, entries):
    for name in asking_pages():
        assert "Not understood" not in client.get(f"{path(name)}?q=a&page=1&size=50&show=country").text


def test_an_address_too_long_for_the_server_gets_a_page_of_ours_or_a_problem():
    config = runpy.run_path("consortium/gunicorn.py")

    def answer(path):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            theirs.sendall(f"GET {path}?{'q' * 9000} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            with pytest.raises(LimitRequestLine) as raised:
                next(RequestParser(Config(), ours, ("127.0.0.1", 1)))
            config["Worker"].handle_error(None, None, ours, ("127.0.0.1", 1), raised.value)
            return theirs.recv(100_000).decode().partition("\r\n\r\n")

    head, _, page = answer("/labs/")
    assert head.startswith("HTTP/1.1 414 ")
    assert f"Content-Length: {len(page.encode())}" in head
    assert "<h1>This address is too long</h1>" in page
    head, _, problem = answer("/api/v1/labs")
    assert "Content-Type: application/problem+json" in head
    assert json.loads(problem)["status"] == 414
    assert config["limit_request_line"] > 4516  # 55 institutions in one address


def test_pages_with_times_name_their_zone_once(client, entries):
    for address in ["/changes/", "/institutions/first/", "/ru/changes/"]:
        text = client.get(address).text
        assert re.search(r'<time datetime="[^"]+T', text), address
        assert text.count("Europe/Moscow (UTC+03:00)") == 1, address
    for address in ["/", "/institutions/"]:  # which have days alone
        text = client.get(address).text
        assert not re.search(r'<time datetime="[^"]+T', text), address
        assert "Europe/Moscow" not in text, address
