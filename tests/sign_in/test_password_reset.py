"""A forgotten password: a mail with a link, through a real server, or the word that there is no mail."""

import re
import socket

import pytest
from aiosmtpd.controller import Controller
from django.core.cache import cache

from tests.support.account import lines, make_user, sign_in

pytestmark = pytest.mark.django_db
RESET = "/admin/password_reset/"
NEW = "another horse battery"


class Inbox:
    """A handler of the mail server that remembers each message."""

    def __init__(self):
        self.messages = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - named by aiosmtpd
        self.messages.append(envelope)
        return "250 OK"


@pytest.fixture
def inbox(settings):
    """Send this test's mail to a server of its own."""
    cache.clear()  # counts of earlier tests
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    settings.MAIL = {"EMAIL_HOST": server.hostname}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield inbox
    server.stop()


def test_a_mail_leads_to_a_new_password(client, inbox, caplog):
    caplog.set_level("INFO")
    make_user()
    assert client.post(RESET, {"email": "ann@directory.example"})["Location"] == "/admin/password_reset/done/"
    [mail] = inbox.messages
    assert mail.rcpt_tos == ["ann@directory.example"]
    link = re.search(r"http://testserver(/admin/password_reset/\S+)", mail.content.decode())[1]
    page = client.get(link, follow=True)
    where = page.redirect_chain[-1][0]
    assert client.post(where, {"new_password1": "short", "new_password2": "short"}).status_code == 200
    assert client.post(where, {"new_password1": NEW, "new_password2": NEW}).status_code == 302
    assert sign_in(client, password=NEW).status_code == 302
    assert client.get(link, follow=True).context["validlink"] is False
    logged = lines(caplog)
    assert logged[:2] == ["Password reset asked for: '' from 127.0.0.1", "Password reset: 'ann' from 127.0.0.1"]
    assert NEW not in caplog.text


def test_who_is_not_known_hears_the_same_and_gets_nothing(client, inbox):
    assert client.post(RESET, {"email": "nobody@directory.example"})["Location"] == "/admin/password_reset/done/"
    assert inbox.messages == []


def test_nobody_is_flooded_with_mail(client, inbox):
    make_user()
    statuses = [client.post(RESET, {"email": "ann@directory.example"}).status_code for _ in range(7)]
    assert statuses == [302] * 5 + [429] * 2
    assert len(inbox.messages) == 5


def test_without_a_mail_server_the_page_says_so(client, settings):
    settings.MAIL = {}
    make_user()
    for answer in (client.get(RESET), client.post(RESET, {"email": "ann@directory.example"})):
        assert "This directory sends no mail." in answer.text
        assert 'name="email"' not in answer.text
