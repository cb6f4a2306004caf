"""Large files are written by another process: once, whole or not at all, and nobody's page waits for them."""

import fcntl
import json
import os
import resource
import socket
from dataclasses import replace
from http import HTTPStatus
from importlib.util import cache_from_source
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from partners.exports import FORMATS, xlsx_file
from partners.host import lane as host
from partners.management.commands import write_file
from partners.middleware.compression import ENCODINGS
from partners.models import Institution
from partners.views import lane
from tests.support.factories import make_contact, make_institution

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/institutions.csv?sort=newest"


@pytest.fixture(autouse=True)
def all_files_are_large(tmp_path, settings, monkeypatch, database_url):
    settings.CACHE_DIR = str(tmp_path / "cache")
    settings.ALLOWED_HOSTS = ["testserver"]
    variables = {"CACHE_DIR": settings.CACHE_DIR, "DATABASE_URL": database_url, "DEBUG": "1", "HTTPS": "0"}
    for name, value in (variables | {"ALLOWED_HOSTS": "testserver"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(lane, "AT_ONCE", 0)
    monkeypatch.setattr(lane, "PATIENCE", 600)  # on a busy machine
    make_institution(slug="kfu", name="Kazan Federal University")
    yield
    for process in host._started:
        process.wait()


@pytest.fixture
def processes(monkeypatch):
    """Return the processes that are started."""
    processes, start = [], lane.started

    def started(*command):
        if process := start(*command):
            processes.append(process)
        return process

    monkeypatch.setattr(lane, "started", started)
    return processes


def parts_of(address):
    """Return an address as a process that writes its file takes it."""
    return json.dumps(lane.requested(RequestFactory().get(address)))


def waiting_files():
    return sorted(Path(django_settings.CACHE_DIR, "files").glob("*~*"))


def assert_is_away(response):
    assert (response.status_code, response["Retry-After"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "5")
    assert "Please try again in some seconds" in response.text


def test_a_large_file_is_written_once_and_is_the_one_written_at_once(
    client, processes, monkeypatch, django_assert_num_queries
):
    first = client.get(ADDRESS)
    with django_assert_num_queries(1):  # of the position: nobody reads its question again
        second = client.get(ADDRESS)
    (path,) = waiting_files()
    assert path.stat().st_mode & 0o077 == path.parent.stat().st_mode & 0o077 == 0
    assert [process.wait() for process in processes] == [0]
    path.unlink()
    monkeypatch.setattr(lane, "AT_ONCE", 500)
    at_once = client.get(ADDRESS)

    assert first.getvalue() == second.getvalue() == at_once.getvalue()
    for name in ("Content-Length", "Content-Type", "Content-Disposition", "X-Row-Count", "ETag"):
        assert first[name] == second[name] == at_once[name]


def test_a_file_of_an_older_position_is_deleted(client):
    client.get(ADDRESS).close()
    Institution.objects.update(name="Renamed")

    assert "Renamed" in client.get(ADDRESS).getvalue().decode()
    (path,) = waiting_files()
    assert b"Kazan Federal" not in path.read_bytes()


def test_a_file_that_is_deleted_while_it_is_found_does_not_come_back_empty(client, monkeypatch):
    client.get(ADDRESS).close()
    (path,) = waiting_files()
    opened = Path.open

    def deleted_meanwhile(self, *how):
        file = opened(self, *how)
        self.unlink()
        return file

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Path, "open", deleted_meanwhile)
        export, _position = lane.found(path.name.partition("~")[0], (0, 0))
    assert b"Kazan" in export.file.read()
    export.file.close()
    assert waiting_files() == []


def test_letters_that_a_program_did_not_escape_ask_their_own_question(client):
    Institution.objects.update(name="Казанский университет")
    raw = {"QUERY_STRING": "q=Казанский".encode().decode("latin-1")}  # as a server gives them
    escaped = client.get("/institutions.csv", {"q": raw["QUERY_STRING"][2:]})  # what the same looks like in Latin-1

    answer = client.get("/institutions.csv", **raw)
    escaped.close()
    assert (escaped["X-Row-Count"], answer["X-Row-Count"]) == ("0", "1")
    assert "Казанский университет" in answer.getvalue().decode()


def test_a_large_file_is_compressed_once_for_everybody(client, processes):
    plain = client.get(ADDRESS).getvalue()

    for coding in ("br", "gzip"):
        answer = client.get(ADDRESS, headers={"accept-encoding": coding})
        assert (answer["Content-Encoding"], answer["Vary"]) == (coding, "Accept-Encoding")
        assert ENCODINGS[coding].decompress(answer.getvalue()) == plain
    assert len(processes) == 1
    client.cookies[django_settings.SESSION_COOKIE_NAME] = "somebody"
    own = client.get(ADDRESS, headers={"accept-encoding": "br"})
    assert not own.has_header("Content-Encoding")
    assert own.getvalue() == plain
    del client.cookies[django_settings.SESSION_COOKIE_NAME]

    Institution.objects.update(name="Renamed")
    client.get(ADDRESS).close()
    assert len(waiting_files()) == len([*Path(django_settings.CACHE_DIR, "files").glob("*.br")]) == 1


def test_who_comes_when_too_many_wait_is_sent_away(client):
    for _number in range(lane.WAITING_AT_MOST):
        lane._waiting.acquire()
    try:
        assert_is_away(client.get(ADDRESS))
    finally:
        lane._waiting.release(lane.WAITING_AT_MOST)
    assert b"Kazan" in client.get(ADDRESS).getvalue()


def test_who_waits_behind_another_file_for_too_long_is_sent_away(client, processes, monkeypatch):
    monkeypatch.setattr(lane, "PATIENCE", 0.2)
    with host._lock_of(lane.LANE):
        assert_is_away(client.get(ADDRESS))
    assert processes == []


def test_a_writer_that_is_killed_leaves_nothing_and_no_short_file(client, monkeypatch):
    start = lane.started

    def killed(*command):
        process = start(*command)
        process.kill()
        return process

    with monkeypatch.context() as patch:
        patch.setattr(lane, "started", killed)
        assert_is_away(client.get(ADDRESS))
    assert waiting_files() == []
    assert b"Kazan" in client.get(ADDRESS).getvalue()


def test_without_room_files_are_away_and_pages_go_on_and_with_room_again_nothing_is_broken(client, monkeypatch):
    start = lane.started
    Path(cache_from_source(write_file.__file__)).unlink(missing_ok=True)

    def without_room(*command):
        process = start(*command)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (100, 100))
        return process

    with monkeypatch.context() as patch:
        patch.setattr(lane, "started", without_room)
        assert_is_away(client.get(ADDRESS))
    assert waiting_files() == []
    assert client.get("/institutions/").status_code == HTTPStatus.OK
    assert b"Kazan" in client.get(ADDRESS).getvalue()


def test_nobody_writes_what_nobody_waits_for():
    with pytest.raises(CommandError, match="has left"):
        call_command("write_file", parts_of(ADDRESS))
    assert waiting_files() == []

    request = RequestFactory().get(ADDRESS)
    with lane._wanted(lane.key_of(request)):
        call_command("write_file", parts_of(ADDRESS))
    assert len(waiting_files()) == 1


def test_who_waited_in_vain_leaves_nothing_behind(client, processes):
    for key in ("left", "waits", "came-just-now"):
        with lane._wanted(key):
            pass
    locks = Path(django_settings.CACHE_DIR, "wanted")
    for key in ("left", "waits"):
        os.utime(locks / key, (0, 0))
    assert lane.figures()[2] == 0

    with (locks / "waits").open("r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        client.get(ADDRESS).close()
        assert [process.wait() for process in processes] == [0]
        assert {path.name for path in locks.iterdir()} == {"waits", "came-just-now"}


def test_a_visitor_who_left_waits_no_more(client, processes):
    ours, visitors = socket.socketpair()
    with ours, host._lock_of(lane.LANE):
        visitors.close()
        assert_is_away(client.get(ADDRESS, **{"gunicorn.socket": ours}))
    assert processes == []


def test_private_contacts_are_in_no_file_that_waits():
    private = ["Person Hidden", "hidden@example.org", "+7 000 111"]
    home = Institution.objects.get()
    make_contact(home, person=private[0], mail=private[1], phone=private[2], function="head")
    addresses = [f"/{name}.{ending}" for name in ("institutions", "labs", "changes") for ending in FORMATS]
    for address in [*addresses, "/dump.zip"]:
        with lane._wanted(lane.key_of(RequestFactory().get(address))):
            call_command("write_file", parts_of(address))

    waiting = waiting_files()
    assert len(waiting) == len(addresses) + 1
    everything = b"".join(content for path in waiting for content in unpacked(path))
    assert b"Kazan Federal University" in everything
    assert [text for text in private if text.encode() in everything] == []


def unpacked(path):
    """Return what a file holds, or what the parts of an archive hold."""
    if not is_zipfile(path):
        return [path.read_bytes()]
    with ZipFile(path) as archive:
        return [archive.read(name) for name in archive.namelist()]


def test_who_was_asked_for_least_recently_goes_where_room_ends(monkeypatch):
    for address in (ADDRESS, "/institutions.csv"):
        monkeypatch.setattr(lane, "ROOM", lane.figures()[1] * 3 // 2 or lane.ROOM)
        with lane._wanted(lane.key_of(RequestFactory().get(address))):
            call_command("write_file", parts_of(address))
    (path,) = waiting_files()
    assert path.name.startswith(lane.key_of(RequestFactory().get("/institutions.csv")))


def test_a_file_of_too_many_cells_is_refused_with_words(client, monkeypatch):
    monkeypatch.setattr(lane, "CELLS_AT_MOST", 19)
    page, of_program = client.get(ADDRESS), client.get("/institutions.json")
    assert page.status_code == of_program.status_code == HTTPStatus.BAD_REQUEST
    assert "A file has at most 19 cells. Choose fewer rows." in page.text
    assert of_program.json() == {"errors": {"format": ["A file has at most 19 cells. Choose fewer rows."]}}


def test_what_no_sheet_holds_is_refused_at_once(client, processes, monkeypatch):
    monkeypatch.setitem(FORMATS, "xlsx", replace(FORMATS["xlsx"], rows_at_most=0))
    answer = client.get("/institutions.xlsx")
    assert (answer.status_code, processes) == (HTTPStatus.BAD_REQUEST, [])
    assert "An XLSX sheet holds at most 1,048,575 rows. Choose fewer, or take them as CSV or JSON." in answer.text


def test_what_turns_out_to_fit_no_sheet_is_refused_to_everybody_who_asks(client, processes, monkeypatch):
    monkeypatch.setattr(xlsx_file, "XLSX_MAX_ROWS", 1)
    make_institution()
    with (
        lane._wanted(lane.key_of(RequestFactory().get("/changes.xlsx"))),
        pytest.raises(CommandError, match="400"),
    ):
        call_command("write_file", parts_of("/changes.xlsx"))

    answer = client.get("/changes.xlsx")
    assert (answer.status_code, processes) == (HTTPStatus.BAD_REQUEST, [])
    assert "at most 1 rows" in answer.text
