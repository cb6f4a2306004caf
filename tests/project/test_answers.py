"""What holds for every answer: whose address counts, what a browser may do with it, where to report a weakness."""

import datetime

import pytest
from django.test import RequestFactory
from django.utils import timezone

from consortium.middleware import ClientAddress

pytestmark = pytest.mark.django_db
ADDRESSES = ["/", "/ru/labs/", "/institutions.csv", "/nowhere/", "/admin/login/", "/static/css/site.css"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "client"),
    [
        (0, "1.1.1.1", "9.9.9.9"),  # anybody can write this header
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),  # the first one was invented
        (2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (2, "1.1.1.1", "9.9.9.9"),  # did not come through both
        (1, None, "9.9.9.9"),
        (1, "1.1.1.1:4711", "1.1.1.1"),
        (1, "[2001:db8::1]:443", "2001:db8::1"),
        (1, "2001:DB8:0::1", "2001:db8::1"),
        (1, "unknown", "9.9.9.9"),
        (1, "1.1.1.1\n6.6.6.6", "9.9.9.9"),
    ],
)
def test_the_client_is_whom_the_first_proxy_of_ours_spoke_with(settings, proxies, forwarded, client):
    settings.PROXIES = proxies
    request = RequestFactory().get(
        "/", REMOTE_ADDR="9.9.9.9", headers={"x-forwarded-for": forwarded} if forwarded else {}
    )
    assert ClientAddress(lambda request: request.META["REMOTE_ADDR"])(request) == client


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_says_what_a_browser_may_do_with_it(client, address):
    answer = client.get(address)
    answer.getvalue()
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert {"camera=()", "geolocation=()", "publickey-credentials-get=(self)"} <= set(
        answer["Permissions-Policy"].split(", ")
    )


@pytest.mark.parametrize(
    ("stated", "contact"),
    [
        ("security@a.example", "mailto:security@a.example"),
        ("mailto:security@a.example", "mailto:security@a.example"),
        ("https://a.example/report", "https://a.example/report"),
    ],
)
def test_security_txt_tells_where_to_report(client, settings, stated, contact):
    settings.SECURITY_CONTACT = stated
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == contact
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"
    expires = datetime.datetime.fromisoformat(fields["Expires"])
    assert 90 < (expires - timezone.now()).days < 365  # RFC 9116: in less than a year
    assert not answer.cookies


def test_security_txt_is_not_there_without_a_contact(client, settings):
    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "security@a.example"
    assert client.post("/.well-known/security.txt").status_code == 405


@pytest.mark.parametrize("password", ["short-one12", "123456789012345", "password1234"])
def test_weak_passwords_are_refused(password):
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        validate_password(password)
    validate_password("correct horse battery")
