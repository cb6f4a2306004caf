"""The second factor: adding it, signing in with it, losing it; where it is demanded nobody works without it."""

import io
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command

from tests.support.account import PASSWORD, SIGN_IN, code_of, give_app, lines, make_user, sign_in

pytestmark = pytest.mark.django_db
HERE = "/admin/second-factor/"
SECOND = f"{HERE}sign-in/"
# Every page of it, and whether it changes something, for which one is asked again who one is.
PAGES = {"": False, "codes/": True, "app/add/": True, "app/remove/": True, "passkeys/add/": True, "codes/new/": True}


@pytest.fixture(autouse=True)
def ann(caplog):
    cache.clear()  # counts of earlier tests
    caplog.set_level("INFO")
    return make_user()


def confirm(client):
    """Say the password again, as changes demand it."""
    return client.post(f"{HERE}password/", {"password": PASSWORD})


def test_an_app_is_added_and_asked_for_from_then_on(client, caplog):
    sign_in(client)
    assert client.get(f"{HERE}app/add/")["Location"] == f"{HERE}password/?next=%2Fadmin%2Fsecond-factor%2Fapp%2Fadd%2F"
    assert client.post(f"{HERE}password/", {"password": "wrong"}).status_code == 200
    assert confirm(client).status_code == 302
    secret = client.get(f"{HERE}app/add/").context["form"].secret
    assert client.post(f"{HERE}app/add/", {"code": "000000"}).context["form"].errors == {
        "code": ["This is not the right code."]
    }
    assert client.post(f"{HERE}app/add/", {"code": code_of(secret)}).status_code == 302
    assert len(client.get(f"{HERE}codes/").context["unused_codes"]) == 10
    client.post("/admin/logout/")
    caplog.clear()
    cache.clear()  # this code was used a moment ago

    assert sign_in(client)["Location"] == SECOND
    assert client.get("/admin/")["Location"].startswith(SIGN_IN)
    assert client.post(SECOND, {"code": "000000"}).status_code == 200
    answer = client.post(SECOND, {"code": code_of(secret)})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert lines(caplog) == ["Second factor refused: 'ann' from 127.0.0.1", "Signed in: 'ann' from 127.0.0.1"]


def test_a_recovery_code_lets_in_once(client, ann):
    _secret, codes = give_app(ann)
    for status in (302, 200):
        sign_in(client)
        assert client.post(SECOND, {"code": codes[0]}).status_code == status
        client.logout()


def test_codes_cannot_be_guessed(client, ann):
    secret, _codes = give_app(ann)
    sign_in(client)
    for _ in range(12):
        client.post(SECOND, {"code": "000000"})
    assert "Wait some minutes" in client.post(SECOND, {"code": code_of(secret)}).text
    assert "_auth_user_id" not in client.session


def test_the_password_alone_opens_nothing(client, ann):
    give_app(ann)
    sign_in(client)
    for address in ["/admin/", HERE, f"{HERE}codes/", f"{HERE}app/remove/", "/admin/password_change/"]:
        assert client.get(address).status_code == 302
    assert "_auth_user_id" not in client.session


def test_the_second_step_cannot_be_reached_without_the_first(client):
    assert client.get(SECOND)["Location"] == SIGN_IN
    assert client.post(SECOND, {"code": "123456"})["Location"] == SIGN_IN


def test_foreign_next_and_second_factor_lead_to_the_admin(client, ann):
    _secret, codes = give_app(ann)
    for code, target, led_to in [(codes[0], "//evil.example/", "/admin/"), (codes[1], "/ru/labs/", "/ru/labs/")]:
        client.post(SIGN_IN, {"username": "ann", "password": PASSWORD, "next": target})
        assert client.post(SECOND, {"code": code})["Location"] == led_to
        client.logout()


@pytest.mark.parametrize("path", PAGES)
def test_its_pages_are_for_who_signed_in_and_are_kept_by_nobody(client, ann, path):
    give_app(ann)
    assert client.get(HERE + path)["Location"].startswith((SIGN_IN, f"{HERE}password/"))
    client.force_login(ann)
    if PAGES[path] and path != "codes/":
        assert client.get(HERE + path)["Location"].startswith(f"{HERE}password/")
    confirm(client)
    if path == "app/add/":
        Authenticator.objects.filter(type="totp").delete()
    page = client.get(HERE + path)
    assert page.status_code == 200
    assert {"no-store", "private"} <= set(page["Cache-Control"].split(", "))


@pytest.mark.parametrize(
    ("language", "heading"),
    [("ru", "Второй фактор"), ("kk", "Екінші фактор"), ("be", "Другі фактар"), ("zh-hans", "双重验证")],
)
def test_its_pages_speak_the_language_of_the_address(client, ann, language, heading):
    client.force_login(ann)
    page = client.get(f"/{language}{HERE}").text
    assert f"<h1>{heading}</h1>" in page
    assert f'href="/{language}{HERE}app/add/"' in page


def test_offered_it_stops_nobody_and_is_a_link_on_every_page(client, ann, settings):
    settings.MFA = "offered"
    client.force_login(ann)
    for address in ("/admin/", HERE, f"{HERE}password/"):
        page = client.get(address)
        assert page.status_code == 200
        assert f'<a href="{HERE}">Second factor</a>' in page.text


def test_required_it_comes_before_everything_but_signing_out(client, ann, settings):
    settings.MFA = "required"
    client.force_login(ann)
    for address in (
        "/admin/",
        "/admin/partners/institution/",
        "/admin/password_change/",
        "/admin/autocomplete/",
        "/admin/x/",
    ):
        assert client.get(address)["Location"] == HERE, address
    page = client.get(HERE)
    assert "Here everybody needs a second factor." in page.text
    give_app(ann)
    assert client.get("/admin/").status_code == 200
    Authenticator.objects.filter(type="totp").delete()  # codes alone are none
    assert client.get("/admin/")["Location"] == HERE
    assert client.post("/admin/logout/").status_code == 200


def test_who_lost_it_is_helped_on_the_server(client, ann, caplog):
    give_app(ann)
    bob = make_user("bob")
    give_app(bob)
    out = io.StringIO()
    call_command("drop_second_factor", "ann", stdout=out)
    assert out.getvalue() == "Dropped: 2. ann signs in by the password alone now.\n"
    assert lines(caplog) == ["Second factor dropped on the server: 'ann'"]
    assert sign_in(client)["Location"] == "/admin/"
    assert Authenticator.objects.filter(user=bob).count() == 2
    with pytest.raises(CommandError, match="Nobody signs in as “nobody”"):
        call_command("drop_second_factor", "nobody")


def test_removing_and_new_codes_are_lines_in_the_log(client, ann, caplog, django_capture_on_commit_callbacks):
    give_app(ann)
    client.force_login(ann)
    confirm(client)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{HERE}codes/new/").status_code == 302
    assert client.post(f"{HERE}app/remove/").status_code == 302
    assert not Authenticator.objects.exists()
    assert lines(caplog) == [
        "Second factor, recovery codes generated: 'ann' from 127.0.0.1",
        "Second factor, totp deactivated: 'ann' from 127.0.0.1",
    ]


def test_nobody_removes_the_passkey_of_another(client, ann):
    other = Authenticator.objects.create(user=make_user("bob"), type="webauthn", data={"name": "x"})
    client.force_login(ann)
    confirm(client)
    assert client.post(f"{HERE}passkeys/{other.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{}",
        "[]",
        "null",
        '"x"',
        '{"id": 1}',
        "\0",
        '{"rawId": "AA", "id": "AA", "response": {}, "type": "public-key"}',
    ],
)
def test_an_odd_passkey_is_refused(client, ann, credential):
    client.force_login(ann)
    confirm(client)
    client.get(f"{HERE}passkeys/add/")
    assert client.post(f"{HERE}passkeys/add/", {"credential": credential}).status_code == 200
    client.logout()
    give_app(ann)
    sign_in(client)
    client.get(SECOND)
    assert client.post(SECOND, {"credential": credential}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_qr_code_holds_the_secret(client, ann):
    client.force_login(ann)
    confirm(client)
    page = client.get(f"{HERE}app/add/")
    assert re.search(r'src="data:image/svg\+xml;[^"]+"', page.text)
    assert page.context["form"].secret in page.text
