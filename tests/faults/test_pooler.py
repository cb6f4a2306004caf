"""Behind PgBouncer in transaction mode: whole files, pages of one moment, deadlines that stay with their request."""

import os
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import psycopg2
import pytest
from django.db import connection

from partners.models import Institution
from tests.faults.pooler import pooled, program
from tests.faults.site import serve
from tests.support.directory import make_directory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no pooler"),
    pytest.mark.skipif(program() is None and "CI" not in os.environ, reason="PgBouncer is not installed"),
]

ADDRESSES = ["/institutions/?size=100", "/institutions.csv", "/labs.json", "/institutions/?q=a", "/coverage/"]


def same(answer):
    """Return of an answer what must not differ from one time to the next."""
    return answer.status, answer.headers.get("X-Row-Count"), len(answer.body)


def test_site_behind_a_pooler_answers_as_without(static, tmp_path):
    make_directory(seed=7, institutions=60)
    params = connection.get_connection_params()
    name = quote(params["dbname"])
    with pooled() as port:
        pool = f"postgres://{params['user']}@127.0.0.1:{port}/{name}?sslmode=disable&gssencmode=disable"
        direct = f"postgres://{params['user']}@/{name}?host={params['host']}"
        # Nothing in memory, so that each request reads anew.
        with (
            serve(direct, static, tmp_path / "direct", KEPT_MB="0") as site,
            ThreadPoolExecutor(len(ADDRESSES)) as clients,
        ):
            assert site.get_until("/", 200, 60).status == 200
            expected = [same(answer) for answer in clients.map(site.get, ADDRESSES)]
        assert {status for status, _rows, _length in expected} == {200}
        with (
            serve(pool, static, tmp_path / "log", KEPT_MB="0") as site,
            ThreadPoolExecutor(len(ADDRESSES)) as clients,
        ):
            assert site.get_until("/", 200, 60).status == 200
            assert [same(answer) for answer in clients.map(site.get, ADDRESSES * 8)] == expected * 8

            other = psycopg2.connect(host="127.0.0.1", port=port, user=params["user"], dbname=params["dbname"])
            other.autocommit = True
            with other.cursor() as cursor:
                for _turn in range(10):
                    cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
                    assert cursor.fetchone() == ("0", "0")
            page_of_one = Institution.objects.published().first().get_absolute_url()  # lists hold rows in memory
            with connection.cursor() as cursor:
                cursor.execute("BEGIN; LOCK TABLE partners_institution IN ACCESS EXCLUSIVE MODE")
                answer = site.get(page_of_one)
                cursor.execute("ROLLBACK")
            assert (answer.status, answer.headers["Retry-After"]) == (503, "3")
            assert site.get_until(page_of_one, 200, 10).status == 200
            with other.cursor() as cursor:
                cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
                assert cursor.fetchone() == ("0", "0")
            other.close()
