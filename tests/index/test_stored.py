"""What one process built, others load; a long list is built by a process of its own, and nobody waits for it."""

import subprocess
import sys
import threading
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from partners.host import BusyError
from partners.host import lane as host
from partners.index import current, stored
from partners.lists.filters import InstitutionFilter, LabFilter
from partners.lists.index_results import IndexResults
from partners.lists.sql_results import SqlResults
from partners.models import Institution
from tests.support.factories import make_institution

SERVER_STARTS = """
import os, django
django.setup()
from consortium.gunicorn import when_ready
from partners.index import current
server, build = os.getpid(), current.built
def built(filterset_class, *position):
    print("the server" if os.getpid() == server else "another", "builds", filterset_class.thing, flush=True)
    return build(filterset_class, *position)
current.built = built
when_ready(None)
print("the server holds", *sorted(current.indexes_held()))
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_in_memory(tmp_path, settings, monkeypatch, database_url):
    forget()
    settings.CACHE_DIR = str(tmp_path / "cache")
    monkeypatch.setenv("CACHE_DIR", settings.CACHE_DIR)
    monkeypatch.setenv("DATABASE_URL", database_url)  # for processes that are started
    monkeypatch.setenv("DEBUG", "1")
    yield
    if current._builder is not None:
        current._builder.wait()
    forget()


@pytest.fixture
def built(monkeypatch):
    """Return the lists that this process builds from nothing."""
    lists, build = [], current.built
    monkeypatch.setattr(current, "built", lambda *arguments: lists.append(arguments[0]) or build(*arguments))
    return lists


def forget():
    current._indexes.clear()
    current._bases.clear()
    current._too_far.clear()
    current._builder = None


def answer(**question):
    """Return who answers a question, and the slugs."""
    with current.in_snapshot():
        filterset = InstitutionFilter.asking(**question)
        answer = filterset.results
        return type(answer), list(Institution.objects.filter(pk__in=answer.keys()).values_list("slug", flat=True))


def index_file():
    return Path(settings.CACHE_DIR) / stored.FOLDER / "institution"


def test_what_is_stored_is_loaded_where_it_holds_the_position(built):
    make_institution(slug="kfu", name="Kazan")
    current.prepare(InstitutionFilter, LabFilter)
    assert built == [InstitutionFilter, LabFilter]
    forget()

    current.prepare(InstitutionFilter, LabFilter)

    assert built == [InstitutionFilter, LabFilter]
    assert answer(q=["kazan"]) == (IndexResults, ["kfu"])


def test_a_server_that_starts_loads_what_another_process_built():
    make_institution(name="Kazan")

    for builds in (["another builds institution", "another builds lab"], []):
        start = [sys.executable, "-c", SERVER_STARTS]
        server = subprocess.run(start, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
        assert server.stdout.splitlines() == [*builds, "the server holds institution lab"]


def test_what_changed_since_is_read_and_the_rest_is_loaded(built):
    make_institution(slug="kfu", name="Kazan")
    call_command("build_index")
    make_institution(slug="other", name="Kazan Clinic")
    built.clear()

    current.prepare(InstitutionFilter)

    assert answer(q=["kazan"], sort=["name"]) == (IndexResults, ["kfu", "other"])
    assert built == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-1],
        lambda content: content[:-1] + b"?",
        lambda _content: b"",
        lambda content: b"nothing\n" + content,
        lambda content: b"x" + content,  # other code
        lambda content: content.replace(content.split()[3], b"0" * 64, 1),  # somebody else's
        lambda _content: b"\xff" * 300,
    ],
)
def test_a_broken_or_foreign_file_is_ignored_and_built_anew(built, spoil):
    make_institution(slug="kfu", name="Kazan")
    call_command("build_index")
    file = index_file()
    content = file.read_bytes()
    file.write_bytes(spoil(content))
    built.clear()

    current.prepare(InstitutionFilter)

    assert built == [InstitutionFilter]
    assert answer(q=["kazan"]) == (IndexResults, ["kfu"])
    assert len(file.read_bytes()) == len(content)


def test_a_folder_that_others_may_write_to_is_not_trusted(built):
    make_institution()
    call_command("build_index")
    index_file().parent.chmod(0o777)
    built.clear()

    current.prepare(InstitutionFilter)

    assert built == [InstitutionFilter]


def test_nobody_else_may_read_it_and_older_positions_are_gone():
    kfu = make_institution(name="Withdrawn")
    call_command("build_index")
    kfu.name = "Other"
    kfu.save()
    kfu.names.all().delete()  # the former one
    call_command("build_index")

    (file,) = [path for path in index_file().parent.iterdir() if path.name != "lab"]
    assert file.stat().st_mode & 0o077 == index_file().parent.stat().st_mode & 0o077 == 0
    assert b"withdrawn" not in file.read_bytes().lower()


def test_a_long_list_is_built_by_another_process_while_pages_go_on(built, client, monkeypatch):
    for number in range(3):
        make_institution(slug=f"kazan-{number}", name=f"Kazan {number}")
    monkeypatch.setattr(current, "READ_AT_MOST", 2)
    monkeypatch.setattr(current, "PATIENCE", 0)
    with host._lock_of("index"):  # as while another process of this host builds it
        assert answer()[0] is SqlResults
        with pytest.raises(BusyError):
            answer(q=["kazan"])
        assert client.get("/institutions/").status_code == HTTPStatus.OK
        response = client.get("/institutions/?q=kazan")
    assert (response.status_code, response["Retry-After"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "5")
    assert "Please try again in some seconds" in response.text

    assert answer()[0] is SqlResults
    assert current._builder.wait() == 0
    assert answer(q=["kazan"], sort=["name"]) == (IndexResults, ["kazan-0", "kazan-1", "kazan-2"])
    assert built == []


def test_what_is_too_old_is_read_for_once_while_another_process_builds(monkeypatch):
    for number in range(3):
        make_institution(name=f"Kazan {number}")
    answer()
    make_institution(name="One more")
    call_command("build_index")  # newer than what is held here
    Institution.objects.update(name="Almaty")
    monkeypatch.setattr(current, "READ_AT_MOST", 2)
    loaded, load = [], stored.pickle.loads
    monkeypatch.setattr(stored.pickle, "loads", lambda content: loaded.append(content) or load(content))
    read, changed_since = [], current.changed_since
    monkeypatch.setattr(current, "changed_since", lambda number: read.append(number) or changed_since(number))

    with host._lock_of("index"):  # as while another process of this host builds it
        for _visitor in range(3):
            assert answer()[0] is SqlResults

    assert (len(loaded), len(read)) == (1, 2)  # since what is held here, and since what is stored
    assert answer()[0] is SqlResults
    assert current._builder.wait() == 0
    assert answer()[0] is IndexResults


def test_what_is_too_old_for_others_is_not_for_an_older_snapshot(monkeypatch):
    for number in range(3):
        make_institution(name=f"Kazan {number}")
    answer()
    monkeypatch.setattr(current, "READ_AT_MOST", 2)
    monkeypatch.setattr(current, "PATIENCE", 0)
    newest = make_institution(name="Kazan 3")

    def edit_and_read():
        Institution.objects.update(name="Almaty")
        assert answer()[0] is SqlResults
        edited.append(True)
        connection.close()

    edited = []
    with host._lock_of("index"), current.in_snapshot():
        other = threading.Thread(target=edit_and_read)
        other.start()
        other.join()
        results = InstitutionFilter.asking(q=["3"]).results
        assert (edited, type(results), results.keys()) == ([True], IndexResults, [newest.pk])


def test_where_nothing_can_be_stored_the_index_is_built_here(built, settings, tmp_path, monkeypatch):
    for _number in range(3):
        make_institution(name="Kazan")
    monkeypatch.setattr(current, "READ_AT_MOST", 2)
    (tmp_path / "file").touch()
    settings.CACHE_DIR = str(tmp_path / "file")

    assert answer(q=["kazan"])[0] is IndexResults
    assert built == [InstitutionFilter]


def test_an_older_snapshot_is_answered_and_throws_nothing_away(built):
    make_institution(slug="kfu", name="Kazan")
    answer()
    Institution.objects.update(name="Kazan University")
    answer()

    def edit_and_read():
        Institution.objects.update(name="Almaty")
        answer()
        connection.close()

    with current.in_snapshot():
        other = threading.Thread(target=edit_and_read)
        other.start()
        other.join()
        newest = current._indexes["institution"]
        question = InstitutionFilter.asking(q=["university"])
        assert type(question.results) is IndexResults
        assert question.results.keys() == list(Institution.objects.values_list("pk", flat=True))
        assert type(InstitutionFilter.asking().results) is SqlResults
    assert answer(q=["almaty"]) == (IndexResults, ["kfu"])
    assert current._indexes["institution"].facets is newest.facets
    assert built == [InstitutionFilter]


def test_a_search_in_a_snapshot_before_all_that_is_held_comes_later_where_the_list_is_long(monkeypatch):
    kfu = make_institution(name="Kazan")

    def edit_and_read():
        Institution.objects.filter(pk=kfu.pk).update(name="Almaty")
        answer()
        connection.close()

    with current.in_snapshot():
        other = threading.Thread(target=edit_and_read)
        other.start()
        other.join()
        monkeypatch.setattr(current, "READ_AT_MOST", 0)
        with pytest.raises(BusyError):
            InstitutionFilter.asking(q=["kazan"])
        monkeypatch.setattr(current, "READ_AT_MOST", 2)
        assert InstitutionFilter.asking(q=["kazan"]).results.keys() == [kfu.pk]
