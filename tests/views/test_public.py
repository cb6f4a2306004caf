"""A page that a browser holds is not sent again, and never called unchanged when it is not."""

import datetime
import os
import subprocess
import sys
from http import HTTPStatus

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from partners.host.release import release
from partners.models.log.change_log import POSITION
from partners.views import public
from tests.support.factories import make_consortium, make_institution, make_lab

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("address", ["/institutions/", "/labs/?q=kazan"])
def test_an_unchanged_page_is_not_sent_again(client, address):
    make_consortium(short_name="First")
    page = client.get(address)
    assert page["Cache-Control"] == "public, no-cache"

    with CaptureQueriesContext(connection) as queries:
        again = client.get(address, headers={"if-none-match": page["ETag"]})
    assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")
    assert [again[name] for name in ("ETag", "Cache-Control")] == [page["ETag"], "public, no-cache"]
    assert [query["sql"] for query in queries] == [POSITION]  # no transaction


def test_a_page_made_over_midnight_is_sent_again(rf, monkeypatch):
    days = [datetime.date(2026, 12, 31)]
    monkeypatch.setattr(public.timezone, "localdate", lambda: days[-1])

    @public.public()
    def slow(_request):
        days.append(datetime.date(2027, 1, 1))
        return HttpResponse("of the old year")

    tag = slow(rf.get("/"))["ETag"]
    assert slow(rf.get("/", headers={"if-none-match": tag})).status_code == HTTPStatus.OK


def test_any_edit_makes_a_page_new(client, admin_client):
    make_consortium(short_name="First")
    page = client.get("/institutions/")

    assert client.get("/institutions/?size=50", headers={"if-none-match": page["ETag"]}).status_code == HTTPStatus.OK
    make_institution()
    second = client.get("/institutions/", headers={"if-none-match": page["ETag"]})
    assert second.status_code == HTTPStatus.OK
    type(make_lab()).objects.all().delete()
    assert client.get("/institutions/", headers={"if-none-match": second["ETag"]}).status_code == HTTPStatus.OK
    assert not admin_client.get("/institutions/").has_header("ETag")


@pytest.mark.parametrize("address", ["/institutions/?page=999", "/institutions/?sort=zzz"])
def test_what_is_refused_is_never_called_unchanged(client, address):
    make_institution()

    assert not client.get(address).has_header("ETag")
    assert client.get(address, headers={"if-none-match": "*"}).status_code in {400, 404}


def test_every_process_has_the_release_before_it_is_asked(database_url):
    """Made of the code alone: or a browser that holds the page of one host gets it again from another.

    And workers have the name under which they write for each other.
    """
    code = """
import runpy, sys
import consortium.wsgi
runpy.run_path("consortium/gunicorn.py")["when_ready"](None)
assert "partners.host.answers" in sys.modules
from partners.host.release import release
print(release(), release.cache_info().misses)
"""
    environment = os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "consortium.settings"}
    masters = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env=environment | {"SECRET_KEY": key, "PYTHONHASHSEED": key},
        ).stdout
        for key in ("1", "2")
    ]
    assert masters[0] == masters[1]
    assert masters[0].split() == [release(), "1"]


def test_a_server_that_starts_holds_the_words_of_each_language_and_the_templates_for_all_its_workers(database_url):
    """Each worker would read them for itself, and have its own."""
    code = """
import sys
import consortium.wsgi
from consortium.gunicorn import when_ready
when_ready(None)
opened = []
sys.addaudithook(lambda event, details: event == "open" and opened.append(str(details[0])))
from django.conf import settings
from django.db import connection
from django.test import Client
for language, _name in settings.LANGUAGES:
    client = Client(SERVER_NAME="localhost")
    prefix = "" if language == "en" else f"/{language}"
    for page in ("/", "/countries/", "/institutions/"):
        assert client.get(prefix + page).status_code == 200
print([path for path in opened if path.endswith((".mo", ".dat")) or "/templates/" in path])
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA cache_size").fetchone() == (-500,)
"""
    environment = {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "consortium.settings", "DEBUG": "1"}
    start = [sys.executable, "-c", code]
    server = subprocess.run(start, capture_output=True, text=True, check=True, env=os.environ | environment)
    assert server.stdout == "[]\n"
