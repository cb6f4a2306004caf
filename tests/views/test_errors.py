"""Each failure has a page of its own, with the content policy and without a trace of the code."""

import logging
import sys

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError
from django.db.utils import ConnectionHandler
from django.test import Client, RequestFactory
from django.urls import path

from consortium import urls
from consortium.logs import Formatter, who
from partners.views.errors import is_away

# This module stands in for the project's addresses and adds some that fail.
pytestmark = pytest.mark.urls(__name__)
handler400 = urls.handler400
handler500 = urls.handler500

POLICY = {
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
}
ABSENT = {
    "sqlite": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/no/such/folder/db.sqlite3"},
    "postgresql": {"ENGINE": "django.db.backends.postgresql", "NAME": "x", "HOST": "127.0.0.1", "PORT": 1},
}


def make_a_mistake(request):
    raise ValueError("words for the log only")


def deny(request):
    raise PermissionDenied("words for the log only")


def read_an_absent_database(request, name):
    ConnectionHandler({"default": ABSENT[name]})["default"].ensure_connection()


urlpatterns = [
    path("mistake/", make_a_mistake),
    path("denied/", deny),
    path("away/<name>/", read_an_absent_database),
    *urls.urlpatterns,
]


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def assert_is_a_page_without_trace(response):
    text = response.content.decode()
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert text.count("<h1") == 1
    for leak in ("words for the log only", "Traceback", "Error", "partners.", ".py"):
        assert leak not in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/no-such-page/", 404),
        ("/%00/", 404),
        ("/%ff%fe/", 404),
        ("/no-such-page/?q=%00&q=%ff", 404),
        ("/denied/", 403),
        ("/no-such-page/?" + "&".join(f"p{number}=1" for number in range(1001)), 404),
    ],
)
def test_wrong_address_gets_its_page(visitor, address, status):
    response = visitor.get(address)
    assert response.status_code == status
    assert_is_a_page_without_trace(response)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/no-such-page/", "/admin/"])
def test_unknown_host_gets_the_400_page(visitor, address):
    response = visitor.get(address, headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert_is_a_page_without_trace(response)


@pytest.mark.django_db
def test_too_many_fields_get_the_400_page(visitor):
    response = visitor.post("/admin/login/", {f"field{number}": "" for number in range(1001)})
    assert response.status_code == 400
    assert_is_a_page_without_trace(response)


def test_mistake_gets_the_500_page_without_the_database(visitor):
    response = visitor.get("/mistake/")
    assert response.status_code == 500
    assert_is_a_page_without_trace(response)


@pytest.mark.parametrize("name", ABSENT)
def test_absent_database_gets_the_503_page(visitor, name, django_db_blocker):
    with django_db_blocker.unblock():
        response = visitor.get(f"/away/{name}/")
    assert (response.status_code, response["Retry-After"]) == (503, "3")
    assert_is_a_page_without_trace(response)


def test_locked_database_is_away_and_a_missing_table_is_not(tmp_path, django_db_blocker):
    file = {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "db.sqlite3", "OPTIONS": {"timeout": 0}}
    handler = ConnectionHandler({"default": file, "other": file})
    with django_db_blocker.unblock():
        writer, other = handler["default"].cursor(), handler["other"].cursor()
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked") as locked:
            other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="no such table") as missing:
            writer.execute("SELECT * FROM nowhere")
        handler.close_all()
    assert (is_away(locked.value), is_away(missing.value)) == (True, False)


def test_log_line_leaves_out_what_a_database_error_quotes():
    detail = 'violates "contact_basis"\nDETAIL:  Failing row contains (7, Ann Example,\n+7 000).\n'
    try:
        try:
            raise IntegrityError(detail)
        except IntegrityError as error:
            raise ValueError("saving failed") from error
    except ValueError:
        record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "%s", ("/admin/",), sys.exc_info())
    text = Formatter("{message}", style="{").format(record)
    assert 'violates "contact_basis"' in text
    assert "saving failed" in text
    assert "Ann Example" not in text
    assert "+7 000" not in text


@pytest.mark.django_db
def test_what_an_editor_may_not_do_is_one_line_that_says_who(client, caplog):
    user = User.objects.create(username="ann", is_staff=True)
    client.force_login(user)
    assert client.get("/admin/partners/institution/", REMOTE_ADDR="192.0.2.7").status_code == 403
    lines = [Formatter("{message}", style="{").format(record) for record in caplog.records]
    assert lines == ["Forbidden (Permission denied): /admin/partners/institution/ ('ann' from 192.0.2.7)"]


def test_a_name_in_the_log_stays_in_its_line():
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")
    assert (
        who(request, "x\n2026 signed in: root\u202e" + "y" * 999)
        == f"'x\\n2026 signed in: root\\u202e{'y' * 127}' from 192.0.2.7"
    )
