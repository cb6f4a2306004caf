"""PostgreSQL silent, refusing, resetting or locked: a page of 503 soon, at once after that, and back by itself."""

import json
from contextlib import closing
from types import SimpleNamespace
from urllib.parse import quote

import psycopg2
import pytest
from django.db import OperationalError, connection, transaction
from psycopg2.extensions import set_wait_callback

from partners.entries import twins
from partners.models import Institution, read_snapshot
from partners.models import deadline as deadline_module
from partners.models.deadline import LIMITS_HOLD, deadline, locks_limited, unhurried
from partners.models.deadline import _wait as wait
from tests.faults.proxy import proxy_to
from tests.faults.site import serve
from tests.support.editor import listing
from tests.support.factories import make_consortium, make_institution

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server"),
]

PAGE, STYLE = "/institutions/", "/static/img/favicon.svg"
NEVER_IN_MEMORY = PAGE + "?unknown=parameter"
SOON, AT_ONCE, HEALED = 4, 1, 3  # seconds
SLACK = 3  # times as long on a machine that does other things besides


@pytest.fixture
def road():
    params = connection.get_connection_params()
    with proxy_to(f"{params['host']}/.s.PGSQL.5432") as proxy:
        yield proxy


@pytest.fixture
def site(road, static, tmp_path):
    make_consortium()
    make_institution(name="Kazan")
    params = connection.get_connection_params()
    url = f"postgres://{params['user']}@127.0.0.1:{road.port}/{quote(params['dbname'])}?sslmode=disable&gssencmode=disable"
    with serve(url, static, tmp_path / "log") as site:
        assert site.get_until(PAGE, 200, 60).status == 200
        yield site


def assert_is_away(answer, within):
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) <= SOON
    assert answer.seconds < within * SLACK


def assert_site_is_away_and_static_files_go_on(site):
    assert_is_away(site.get(PAGE + "?q=first"), SOON)
    assert_is_away(site.get(PAGE + "?q=second"), AT_ONCE)
    assert_is_away(site.get("/institutions.csv"), AT_ONCE)
    assert site.get(STYLE).status == 200
    assert site.get("/healthz").status == 200
    ready = site.get("/readyz")
    assert (ready.status, json.loads(ready.body)["database"]) == (503, False)


def assert_site_is_back(site):
    answer = site.get_until(NEVER_IN_MEMORY, 200, HEALED * SLACK)
    assert answer.status == 200
    assert b"Kazan" in answer.body
    assert site.get_until("/readyz", 200, HEALED * SLACK).status == 200


def test_silent_server_is_away_and_comes_back(site, road):
    road.silence()
    assert_site_is_away_and_static_files_go_on(site)  # a connection that stood
    assert_is_away(site.get_until("/labs/?q=none", None, 2), SOON)  # and new ones
    road.speak()
    assert_site_is_back(site)
    assert "503, because OperationalError: The database did not answer" in site.log()


def test_page_in_memory_goes_on_with_its_age_and_files_and_editors_do_not(site, road):
    assert "Age" not in site.get(PAGE).headers
    road.silence()
    for within in (SOON, AT_ONCE):
        answer = site.get(PAGE)
        assert (answer.status, b"Kazan" in answer.body) == (200, True)
        assert 0 <= int(answer.headers["Age"]) < 60
        assert answer.seconds < within * SLACK
    for address in ("/institutions.csv", PAGE + "?q=kazan"):
        assert_is_away(site.get(address), SOON)
    for address in ("/admin/", PAGE):  # of somebody who signed in
        assert_is_away(site.get(address, cookie="sessionid=abcdefghij"), SOON)
    road.speak()
    assert_site_is_back(site)
    assert "Age" not in site.get(PAGE).headers
    assert "Sent from memory" in site.log()


def test_refusing_server_is_away_and_comes_back(site, road):
    road.refuse()
    assert_site_is_away_and_static_files_go_on(site)
    road.listen()
    assert_site_is_back(site)


def test_connection_that_was_reset_is_replaced(site, road):
    for _turn in range(3):
        road.reset()
        assert site.get(PAGE).status == 200


def test_locked_table_is_away_and_comes_back(site):
    params = connection.get_connection_params()
    page_of_one = Institution.objects.get().get_absolute_url()  # lists hold rows in memory
    with (
        closing(psycopg2.connect(host=params["host"], user=params["user"], dbname=params["dbname"])) as other,
        other.cursor() as cursor,
    ):
        cursor.execute("LOCK TABLE partners_institution IN ACCESS EXCLUSIVE MODE")
        assert_is_away(site.get(page_of_one), SOON)
        assert_is_away(site.get(PAGE + "?sort=country"), AT_ONCE)
        with connection.cursor() as ours:
            ours.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            assert ours.fetchone() == (0,)  # nobody waits on for a visitor who is gone
    assert_site_is_back(site)


def test_full_connections_are_away_and_come_back(static, tmp_path):
    make_consortium()
    make_institution(name="Kazan")
    params = connection.get_connection_params()
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE visitor SUPERUSER LOGIN")
    try:
        url = f"postgres://visitor@/{quote(params['dbname'])}?host={params['host']}"
        with serve(url, static, tmp_path / "log") as site:
            assert_site_is_back(site)
            with connection.cursor() as cursor:
                cursor.execute("ALTER ROLE visitor NOSUPERUSER CONNECTION LIMIT 0")
                cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'visitor'")
            assert_site_is_away_and_static_files_go_on(site)
            assert "too many connections" in site.log()
            with connection.cursor() as cursor:
                cursor.execute("ALTER ROLE visitor SUPERUSER CONNECTION LIMIT -1")
            assert_site_is_back(site)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP ROLE visitor")


@pytest.mark.parametrize("seconds", [0, 1, 60])  # 0 is none
def test_a_lock_ends_its_statement_before_the_time_is_up(settings, seconds):
    settings.STATEMENT_TIMEOUT = seconds
    with deadline(60), connection.cursor() as cursor:
        cursor.execute(
            "SELECT setting::int FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout') ORDER BY name"
        )
        lock, statement = (setting for (setting,) in cursor.fetchall())
    assert 900 < lock <= settings.LOCK_TIMEOUT * 1000
    assert lock < statement or statement == seconds == 0


def limit():
    """Return the milliseconds that PostgreSQL gives a statement; 0 is as many as it takes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout'")
        return cursor.fetchone()[0]


def test_statements_of_a_snapshot_go_by_the_limits_of_one_before_them_for_a_while(monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(deadline_module, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    def later(seconds):
        clock[0] += seconds
        return limit()

    with deadline(1.5):
        assert [limit(), later(0.05)] == [1200, 1150]  # each has its own
        with read_snapshot():
            assert [limit(), later(0.05), later(LIMITS_HOLD), later(0.05)] == [1150, 1150, 1000, 1000]
            with unhurried():
                pass
            assert limit() == 950
        assert [limit(), later(0.05)] == [950, 900]


def test_a_connection_in_place_of_a_broken_one_has_limits_too():
    with deadline(3):
        connection.ensure_connection()
        broken = connection.connection.info.backend_pid
        with closing(psycopg2.connect(**connection_of_another())) as other, other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [broken])
        with read_snapshot():
            assert connection.connection.info.backend_pid != broken
            assert limit() > 0


def connection_of_another():
    params = connection.get_connection_params()
    return {name: params[name] for name in ("host", "user", "dbname")}


def test_timeouts_stay_with_the_request():
    """A connection that a pooler hands on has none of ours."""

    def timeouts():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
            return cursor.fetchone()

    before = timeouts()
    with deadline(3):
        assert not {"0", before[0]} & set(timeouts())
        with read_snapshot():
            assert not {"0", before[0]} & set(timeouts())
            with unhurried():
                assert timeouts() == ("0", "0")
    assert timeouts() == before
    with pytest.raises(OperationalError), deadline(0.4), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")


def test_who_waits_to_write_keeps_nobody_from_reading():
    params, entry = connection.get_connection_params(), make_institution()
    other = psycopg2.connect(host=params["host"], user=params["user"], dbname=params["dbname"])
    set_wait_callback(wait)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT FROM partners_institution FOR UPDATE")
        with pytest.raises(OperationalError), deadline(1, writes=True):
            entry.save()
        with deadline(3):
            assert Institution.objects.get() == entry
    finally:
        set_wait_callback(None)
        other.close()


def test_what_takes_long_by_nature_has_no_deadline(admin_client):
    """All names of the directory, and a mark on up to 50,000 rows."""
    sent = []

    def note(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    ticked = {"action": "mark_as_verified", "_selected_action": [make_institution().pk]}
    with deadline(3), connection.execute_wrapper(note):
        twins.like(["A clinic"])
        admin_client.post(listing(Institution), ticked)
    for statement in (
        'FROM "partners_institutionname"',
        'UPDATE "partners_institution"',
        "INSERT INTO partners_historicalinstitution",
    ):
        assert {"SET LOCAL" in sql for sql in sent if statement in sql} == {False}
    assert any("SET LOCAL" in sql for sql in sent)


def test_command_that_limits_its_locks_reads_row_by_row():
    """As a migration of an upgrade does, through a cursor of the server's."""
    first = make_institution()
    with locks_limited(5), transaction.atomic():
        assert list(Institution.objects.iterator()) == [first]
