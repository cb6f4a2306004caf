"""The directory through the shipped nginx: what a visitor and an editor receive over TLS."""

import contextlib
import http.client
import re
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from tests.faults.site import serve
from tests.support.factories import make_consortium, make_institution
from tools.cluster.nginx import NGINX, configuration_test, front

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not NGINX, reason="nginx is not installed"),
]

POLICIES = [
    "Content-Security-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
]
BURST = 200  # requests at once from one address


@pytest.fixture(params=["30r/s"])
def running(request, database_url, static, tmp_path):
    """Return a Site and the Front before it, which lets through so many requests."""
    make_consortium()
    make_institution(name="Kazan", slug="kazan")
    password = make_password("only-for-tests-42", hasher="pbkdf2_sha256")  # the site has no other
    User.objects.create(username="editor", password=password, is_staff=True, is_superuser=True)
    protected = {"HTTPS": "1", "PROXIES": "1", "ALLOWED_HOSTS": "localhost"}
    protected["GUNICORN_CMD_ARGS"] = "--graceful-timeout 1"  # no test waits for connections that nginx holds
    with (
        serve(database_url, static, tmp_path / "log", **protected) as site,
        front(tmp_path, site.port, rate=request.param) as ahead,
    ):
        assert ahead.get("/healthz")[0] == 200
        yield site, ahead


def cookies(headers):
    return [cookie.partition(";")[0] for cookie in headers.get_all("Set-Cookie", [])]


def test_configuration_is_valid_and_carries_everything(running, tmp_path):
    """One start of all parts for what does not change the directory."""
    _site, ahead = running
    code, words = configuration_test(tmp_path / "nginx.conf")
    assert (code, "warn" in words) == (0, False)

    status, headers, _body = ahead.ask("GET", "/ru/labs/?q=a", tls=False)
    assert (status, headers["Location"]) == (301, f"https://localhost:{ahead.tls}/ru/labs/?q=a")

    status, page, body = ahead.get("/institutions/?q=kazan", **{"Accept-Encoding": "gzip"})
    assert (status, page["Content-Encoding"], page["Server"]) == (200, "gzip", "nginx")
    assert len(page["X-Request-ID"]) == 32
    assert ahead.get("/institutions/?q=kazan", **{"If-None-Match": page["ETag"]})[0] == 304

    status, file, body = ahead.get("/institutions.csv")
    assert (status, int(file["Content-Length"])) == (200, len(body))
    assert body.decode("utf-8-sig").splitlines()[1].startswith("Kazan,")

    style = re.search(r'href="(/static/css/site\.[0-9a-f]{12}\.css)"', ahead.get("/")[2].decode())[1]
    status, static, _body = ahead.get(style)
    assert (status, "immutable" in static["Cache-Control"]) == (200, True)
    for name in POLICIES:
        assert static[name], name
        assert page[name], name

    status, _headers, body = ahead.get("/" + "x" * 8300)
    assert (status, b"This address is too long" in body) == (414, True)
    assert ahead.get("/?" + "institution=x&" * 400)[0] == 200  # 5.6 kB


def test_editor_signs_in_through_it_and_invented_addresses_do_not_count(running):
    site, ahead = running
    invented = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "X-Request-ID": "invented-by-me"}
    status, headers, body = ahead.get("/admin/login/", **invented)
    assert status == 200
    assert headers["X-Request-ID"] != "invented-by-me"
    [token_cookie] = cookies(headers)
    assert token_cookie.startswith("__Host-csrftoken=")
    assert all("Secure" in cookie and "Path=/" in cookie for cookie in headers.get_all("Set-Cookie"))
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', body)[1].decode()
    fields = {"csrfmiddlewaretoken": token, "username": "editor", "password": "only-for-tests-42", "next": "/admin/"}
    headers = {
        "Cookie": token_cookie,
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": f"https://localhost:{ahead.tls}/admin/login/",
        **invented,
    }
    status, headers, _body = ahead.ask("POST", "/admin/login/", urlencode(fields), headers)
    assert (status, headers["Location"]) == (302, "/admin/")
    assert any(cookie.startswith("__Host-sessionid=") for cookie in cookies(headers))
    assert "Signed in: 'editor' from 127.0.0.1" in site.log()


@pytest.mark.parametrize("running", ["1r/s"], indirect=True)  # on a busy machine nobody reaches more
def test_who_asks_too_much_is_told_so_and_who_is_away_is_named(running, tmp_path):
    site, ahead = running
    style = "/static/css/site.css"
    assert ahead.get(style)[0] == 200
    with contextlib.closing(http.client.HTTPSConnection("localhost", ahead.tls, context=ahead.context)) as connection:
        for _turn in range(BURST * 3):
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                break
    assert (answer.status, answer.headers["Retry-After"], answer.headers["Cache-Control"]) == (429, "3", "no-store")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"Too many requests" in body
    while (answer := ahead.get("/api/v1/institutions"))[0] != 429:
        pass  # one a second is let through
    status, headers, body = answer
    assert (status, headers["Content-Type"]) == (429, "application/problem+json; charset=utf-8")
    assert b'"status": 429' in body

    site.server.kill()
    site.server.wait()
    site._listener.close()
    assert ahead.get(style)[0] == 200  # held by nginx
    while (answer := ahead.get("/"))[0] in (200, 429):
        pass  # its worker lives on for a second
    status, headers, body = answer
    assert (status, headers["Retry-After"]) == (503, "3")
    assert "Каталог сейчас не отвечает".encode() in body
    assert "203.0.113" not in (tmp_path / "access.log").read_text()
    assert "127.0.0.1" not in (tmp_path / "access.log").read_text()
