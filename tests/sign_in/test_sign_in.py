"""Signing in: who gets in, who does not, after how many tries, and what the log says of it."""

import pytest
from django.contrib.auth.models import User

from tests.support.account import PASSWORD, SIGN_IN, lines, make_user, sign_in

pytestmark = pytest.mark.django_db
WRONG = "wrong horse battery"


@pytest.fixture(autouse=True)
def ann(caplog):
    caplog.set_level("INFO")
    return make_user()


def test_a_right_password_lets_in_and_is_one_line(client, caplog):
    answer = sign_in(client, REMOTE_ADDR="192.0.2.7")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200
    assert lines(caplog) == ["Signed in: 'ann' from 192.0.2.7"]


@pytest.mark.parametrize(
    ("name", "password"),
    [("ann", WRONG), ("nobody", WRONG), ("", WRONG), ("ann", ""), ("a\nb", WRONG), ("x" * 9999, WRONG)],
)
def test_a_failure_is_one_line_without_the_password(client, caplog, name, password):
    assert sign_in(client, name, password, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert lines(caplog) == [f"Sign-in refused: {name[:150]!r} from 192.0.2.7"]
    assert WRONG not in caplog.text
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}])
def test_who_may_not_enter_the_admin_is_refused(client, fields):
    make_user("bob", **fields)
    assert sign_in(client, "bob").status_code == 200
    assert "_auth_user_id" not in client.session


def test_after_five_failures_even_the_right_password_is_refused_and_the_form_still_shown(client, caplog):
    assert [sign_in(client, password=WRONG).status_code for _ in range(5)] == [200] * 5
    for password in (PASSWORD, WRONG):
        answer = sign_in(client, password=password)
        assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
        assert "Too many failures." in answer.text
    page = client.get(SIGN_IN)
    assert page.status_code == 200
    assert 'name="password"' in page.text
    assert lines(caplog)[-2:] == ["Sign-in locked: 'ann' from 127.0.0.1"] * 2


def test_only_this_name_from_this_address_is_locked(client):
    make_user("bob")
    for _ in range(5):
        sign_in(client, password=WRONG)
    assert sign_in(client, REMOTE_ADDR="192.0.2.8").status_code == 302
    assert sign_in(client, "bob").status_code == 302
    assert sign_in(client, " ann ").status_code == 429  # as the form reads it


def test_another_browser_or_a_success_between_does_not_help_or_harm(client):
    for number in range(5):
        sign_in(client, password=WRONG, headers={"user-agent": f"browser {number}"})
    assert sign_in(client).status_code == 429
    make_user("bob")
    for _ in range(2):
        assert [sign_in(client, "bob", WRONG).status_code for _ in range(4)] == [200] * 4
        assert sign_in(client, "bob").status_code == 302


@pytest.mark.parametrize(("proxies", "last"), [(1, 302), (0, 429)])
def test_proxies_tell_the_addresses_of_those_behind_them_apart(client, settings, caplog, proxies, last):
    settings.PROXIES = proxies
    for number in range(5):
        sign_in(client, password=WRONG, headers={"x-forwarded-for": f"6.6.6.{number}, 192.0.2.1"})
    assert sign_in(client, headers={"x-forwarded-for": "192.0.2.2"}).status_code == last
    assert lines(caplog)[0] == f"Sign-in refused: 'ann' from {'192.0.2.1' if proxies else '127.0.0.1'}"
    if proxies:  # an invented address in front does not help
        assert sign_in(client, headers={"x-forwarded-for": "7.7.7.7, 192.0.2.1"}).status_code == 429


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\\\evil.example", ""]
)
def test_a_foreign_next_leads_to_the_admin(client, target):
    answer = client.post(f"{SIGN_IN}?next={target}", {"username": "ann", "password": PASSWORD, "next": target})
    assert answer["Location"] == "/admin/"


def test_our_own_next_is_followed_and_the_language_stays(client):
    answer = client.post(SIGN_IN, {"username": "ann", "password": PASSWORD, "next": "/ru/labs/"})
    assert answer["Location"] == "/ru/labs/"
    client.logout()
    assert sign_in(client, address="/ru/admin/login/")["Location"] == "/ru/admin/"


@pytest.mark.parametrize("field", ["username", "password", "next", "other"])
@pytest.mark.parametrize("value", ["\0", "\ud800", "x" * 5000, "' OR 1=1 --"])
def test_hostile_fields_are_refused(client, field, value):
    data = {"username": "ann", "password": WRONG, field: value.encode("utf-8", "replace").decode()}
    assert client.post(f"{SIGN_IN}?x=%00%ED%A0%80", data, headers={"user-agent": "\xff\x80"}).status_code == 200


def test_nobody_can_register(client):
    for address in ["signup/", "accounts/signup/", "admin/signup/", "admin/second-factor/signup/", "accounts/login/"]:
        assert (
            client.get(f"/{address}", follow=True).redirect_chain[-1:] != []
            or client.get(f"/{address}").status_code == 404
        )
    assert User.objects.count() == 1


def test_signing_out_ends_the_session(client, ann):
    client.force_login(ann)
    assert client.post("/admin/logout/").status_code == 200
    assert client.get("/admin/").status_code == 302


def test_sessions_end_after_twelve_hours_and_no_further_cookie_is_set(client):
    answer = sign_in(client)
    assert answer.cookies["sessionid"]["max-age"] == 12 * 60 * 60
    assert set(client.cookies) <= {"sessionid", "csrftoken"}


def test_account_tables_with_secrets_are_no_part_of_the_admin(admin_client):
    page = admin_client.get("/admin/").text
    for table in ["mfa", "authenticator", "axes", "emailaddress"]:
        assert f"/admin/{table}" not in page.lower()
