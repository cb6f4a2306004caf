"""A file that is locked, full or read only, and a disk without room: a page of 503, and the log says why."""

import contextlib
import errno
import os
import re
import resource
import sqlite3

import pytest
from django.contrib.auth.hashers import make_password
from django.db import OperationalError, connection
from django.db.utils import ConnectionHandler

from partners.views.errors import is_away
from tests.faults.site import serve
from tests.support.factories import make_consortium, make_institution

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has faults of its own"),
]

ROOM = 40_000  # bytes: SQLite's own -shm file needs 32 kB
MISTAKE = b"The mistake is ours"


@pytest.fixture
def database(tmp_path):
    """Return the path of a copy of the test's database, which a test may spoil."""
    make_consortium()
    for _count in range(300):
        make_institution(name="long " * 30, summary="long " * 100)
    path = tmp_path / "db.sqlite3"
    connection.ensure_connection()
    with contextlib.closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
    return path


def sign_in(site):
    """Post the form of the editors' door, which writes; return the Answer."""
    form = site.get("/admin/login/")
    cookie = form.headers["Set-Cookie"].partition(";")[0]
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', form.body)[1].decode()
    fields = {"csrfmiddlewaretoken": token, "username": "editor", "password": "only-for-tests-42", "next": "/admin/"}
    return site.post("/admin/login/", fields, cookie)


@pytest.fixture
def editor(database):
    with contextlib.closing(sqlite3.connect(database)) as file, file:
        file.execute(
            "INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff,"
            " is_active, date_joined) VALUES (?, 1, 'editor', '', '', '', 1, 1, '2026-01-01')",
            [make_password("only-for-tests-42", hasher="pbkdf2_sha256")],  # the site has no other
        )


def assert_says_why(answer, site, reason):
    assert (answer.status, MISTAKE in answer.body) == (503, False)
    assert int(answer.headers["Retry-After"]) <= 4
    assert re.search(f"503, because .*{reason}", site.log())


def test_locked_file_lets_visitors_read_and_editors_wait_briefly(database, editor, static, tmp_path):
    with serve(f"sqlite:///{database}", static, tmp_path / "log", LOCK_TIMEOUT="1") as site:
        with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert site.get("/institutions/").status == 200
            assert_says_why(sign_in(site), site, "database is locked")
        assert sign_in(site).status == 302


def test_full_file_is_no_mistake_of_ours(database, editor, static, tmp_path):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))

    with serve(f"sqlite:///{database}", static, tmp_path / "log", preexec=limit) as site:
        assert site.get("/institutions/?size=25").status == 200
        assert_says_why(site.get("/institutions.csv"), site, "OSError: .*File too large")
        assert site.get("/institutions/?size=50").status == 200


@pytest.mark.parametrize("code", ["ENOSPC", "EDQUOT", "EROFS", "EFBIG"])
def test_no_room_for_a_file_is_no_mistake_of_ours(code):
    assert is_away(OSError(getattr(errno, code), os.strerror(getattr(errno, code))))
    assert not is_away(OSError(errno.ENOENT, "no such file"))


def test_full_database_and_read_only_one_are_no_mistake_of_ours(tmp_path):
    file = {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "db.sqlite3"}
    handler = ConnectionHandler({"default": file})
    cursor = handler["default"].cursor()
    cursor.execute("CREATE TABLE thing (text)")
    cursor.execute("PRAGMA max_page_count = 3")
    with pytest.raises(OperationalError, match="full") as full:
        cursor.execute("INSERT INTO thing VALUES (zeroblob(100000))")
    cursor.execute("PRAGMA query_only = 1")
    with pytest.raises(OperationalError, match="readonly") as readonly:
        cursor.execute("INSERT INTO thing VALUES (1)")
    handler.close_all()
    assert [is_away(full.value), is_away(readonly.value)] == [True, True]
