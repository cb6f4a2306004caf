"""A server that forgot edits which somebody saw never comes to their numbers again; one that lags is no new past."""

import random
import sqlite3
from contextlib import closing, contextmanager

import pytest
from django.contrib.auth.models import User
from django.db import connection

from partners.index import current, lag
from partners.index.current import in_snapshot, index_of
from partners.lists.filters import InstitutionFilter
from partners.models import Institution, RegistryStatus, begin_epoch, position
from tests.support.directory import make_directory
from tests.support.index_process import FILES, LISTS, PAGES, compared
from tests.support.servers import standby

pytestmark = pytest.mark.django_db(transaction=True)

EDITS = 39
only_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no second server")


@pytest.fixture
def directory():
    make_directory(seed=random.getrandbits(32), institutions=40)
    Institution.objects.update(is_published=True, status=RegistryStatus.ACTIVE)  # so that a list shows each name


@contextmanager
def forgetting_server():
    """Yield a context manager inside which the edits since then are forgotten, without any word to this process."""
    if connection.vendor == "postgresql":
        with standby() as server:
            server.follow()
            server.cut_off()

            @contextmanager
            def forget():
                server.promote()
                with server.in_use():
                    yield

            yield forget
    else:

        @contextmanager
        def forget():
            connection.close()
            with closing(sqlite3.connect(connection.settings_dict["NAME"])) as live:
                backup.backup(live)
            yield

        with closing(sqlite3.connect(":memory:")) as backup:
            with closing(sqlite3.connect(connection.settings_dict["NAME"])) as live:
                live.backup(backup)
            yield forget


def edit(name):
    Institution.objects.filter(pk=Institution.objects.earliest("pk").pk).update(name=name)


def look_at_pages(client, seen):
    """Compare every list with SQL, and note what each tag stands for: never for two things."""
    name = Institution.objects.earliest("pk").name
    with in_snapshot():
        results = {compared(filterset_class.asking()) for filterset_class in LISTS}
    for address in PAGES:
        response = client.get(address, headers={"host": "localhost"})
        assert seen.setdefault((address, response["ETag"]), response.content) == response.content
    assert name in client.get(PAGES[0], headers={"host": "localhost"}).content.decode()
    return results


def test_server_that_took_over_with_a_loss_never_shows_what_it_forgot(directory, client):
    seen = {}
    with forgetting_server() as forget:
        look_at_pages(client, seen)
        for turn in range(3):
            edit(f"Forgotten {turn}")
            assert look_at_pages(client, seen) == {"IndexResults"}
        forgotten = position()
        with forget():
            assert position() < forgotten
            look_at_pages(client, seen)
            for turn in range(EDITS):
                edit(f"True {turn}")
                assert position() != forgotten
                results = look_at_pages(client, seen)
            assert position() > forgotten
            assert results == {"IndexResults"}


def test_past_that_does_not_come_back_is_given_up(directory, monkeypatch):
    with forgetting_server() as forget:
        edit("Forgotten")
        with in_snapshot():
            index_of(InstitutionFilter)
        with forget():
            with in_snapshot():
                assert index_of(InstitutionFilter) is None
            monkeypatch.setattr(lag, "GIVEN_UP_AFTER", 0)
            with in_snapshot():
                assert index_of(InstitutionFilter).number == position()[1]


@only_postgresql
def test_process_between_two_servers_of_different_lag_builds_nothing(directory, client, monkeypatch):
    builds, build = [], current.built
    monkeypatch.setattr(current, "built", lambda *arguments: builds.append(arguments) or build(*arguments))
    seen = {}
    with standby() as server:
        server.follow()
        look_at_pages(client, seen)
        assert len(builds) == len(LISTS)
        server.pause()
        edit("First")
        look_at_pages(client, seen)
        with server.in_use():
            look_at_pages(client, seen)
        assert len(builds) == len(LISTS)
        for turn in range(5):
            if turn == 2:
                server.resume()
                server.follow()
                server.pause()
            edit(f"New {turn}")
            assert look_at_pages(client, seen) == {"IndexResults"}
            with server.in_use():
                assert look_at_pages(client, seen) == {"SqlResults"}
        server.resume()
        server.follow()
        with server.in_use():
            assert look_at_pages(client, seen) == {"IndexResults"}
    assert len(builds) == len(LISTS)


@only_postgresql
def test_server_that_has_not_heard_of_a_new_epoch_lags_too(directory):
    with standby() as server:
        server.follow()
        server.pause()
        before = position()
        begin_epoch()
        assert position() > before
        with in_snapshot():
            index = index_of(InstitutionFilter)
        with server.in_use(), in_snapshot():
            assert index_of(InstitutionFilter) is None
        with in_snapshot():
            assert index_of(InstitutionFilter) is index
        server.resume()


@only_postgresql
def test_behind_a_standby_everything_public_answers_and_editors_are_sent_on(directory, client, settings):
    User.objects.create_superuser("editor", password="only-for-tests-42")
    settings.EDITORS_AT = "https://directory.example/admin/"
    client.raise_request_exception = False
    with standby() as server:
        server.follow()
        with server.in_use():
            for address in [*PAGES, *FILES, "/", "/coverage/", "/map/", "/changes/", "/pipeline/", "/countries/"]:
                response = client.get(address, headers={"host": "localhost"})
                response.close()
                assert response.status_code == 200
            password = {"username": "editor", "password": "only-for-tests-42"}
            answer = client.post("/admin/login/", password, headers={"host": "localhost"})
    assert (answer.status_code, b"https://directory.example/admin/" in answer.content) == (503, True)
