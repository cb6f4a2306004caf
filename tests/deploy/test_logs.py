"""What the log says of a request, and what it never says."""

import json
import logging
import socket

import pytest
from django.db import IntegrityError

from consortium.logs import JsonFormatter, request_id
from tests.faults.site import serve
from tests.support.factories import make_consortium, make_institution

WORD = "zzsecretword"


def lines_of(site):
    return [json.loads(line) for line in site.log().splitlines()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_asked", [False, True])
def test_each_request_is_one_line_of_json_without_what_was_searched_for(database_url, static, tmp_path, is_asked):
    make_consortium()
    make_institution(name="Kazan")
    more = {"LOG_FORMAT": "json", "PROXIES": "1", "BEHIND_PROXY": "0", "LOG_QUERIES": "1" if is_asked else "0"}
    with serve(database_url, static, tmp_path / "log", **more) as site:
        assert site.get_until("/healthz", 200, 60).status == 200
        answer = site.get(
            f"/institutions/?q={WORD}", **{"X-Request-ID": "from-the-proxy", "X-Forwarded-For": "203.0.113.9"}
        )
        site.get(f"/nowhere/?q={WORD}")
        site.get("/admin/password_reset/MQ/token-of-a-mail/")
        with socket.create_connection(("127.0.0.1", site.port)) as raw:
            raw.sendall(f"GET /?q={WORD} HTTP/9\r\n\r\n".encode())
            assert raw.recv(100)
    lines = lines_of(site)
    [line] = [line for line in lines if line.get("view") == "partners:institution-list"]
    query = f"?q={WORD}" if is_asked else ""
    assert answer.headers["X-Request-ID"] == line["request_id"] == "from-the-proxy"
    assert (line["logger"], line["level"]) == ("consortium.requests", "INFO")
    assert (line["method"], line["path"], line["status"]) == ("GET", f"/institutions/{query}", 200)
    assert line["seconds"] > 0
    missing = [line for line in lines if line.get("path") == f"/nowhere/{query}" or "Not Found" in line["message"]]
    assert len(missing) == 2  # Django's own line and ours are of one request
    assert len({line["request_id"] for line in missing}) == 1
    assert any(line["logger"] == "gunicorn.error" and "HTTP/9" in line["message"] for line in lines)
    assert (WORD in site.log()) == is_asked
    for hidden in ("203.0.113.9", "127.0.0.1", "token-of-a-mail"):
        assert hidden not in site.log() or is_asked


def test_a_traceback_has_a_field_of_its_own_and_no_row():
    formatter = JsonFormatter()
    token = request_id.set("abc")
    try:
        raise IntegrityError("duplicate key\nDETAIL: Key (email)=(a@private.example)")
    except IntegrityError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "It failed", (), (IntegrityError, error, error.__traceback__)
        )
        line = json.loads(formatter.format(record))
    finally:
        request_id.reset(token)
    assert (line["message"], line["request_id"]) == ("It failed", "abc")
    assert line["trace"].endswith("IntegrityError: duplicate key")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxies", "sent", "is_taken"),
    [
        (0, "from-somebody", False),
        (1, "from-a-proxy", True),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, "a b", False),
    ],
)
def test_an_id_is_taken_from_a_proxy_that_is_counted(client, settings, proxies, sent, is_taken):
    settings.PROXIES = proxies
    answer = client.get("/healthz", headers={"x-request-id": sent})
    assert (answer["X-Request-ID"] == sent) == is_taken
    assert len(answer["X-Request-ID"]) >= 8
