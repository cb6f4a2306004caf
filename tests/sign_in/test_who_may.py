"""Every address of the editors' side is for who signed in, but for the few by which one comes in."""

import re

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.urls.resolvers import RoutePattern
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from consortium.urls import urlpatterns
from tests.support.account import SIGN_IN, make_user

pytestmark = pytest.mark.django_db

WAYS_IN = {SIGN_IN, "/admin/logout/"}
RESET = {"admin_password_reset", "password_reset_done", "password_reset_confirm", "password_reset_complete"}


def editors_addresses(patterns, start="/"):
    """Return [(name, address)] of a tree of patterns, each parameter filled in."""
    found = []
    for pattern in patterns:
        if isinstance(pattern.pattern, RoutePattern):
            address = start + re.sub("<[^>]+>", "1", str(pattern.pattern))
            inside = getattr(pattern, "url_patterns", None)
            found += editors_addresses(inside, address) if inside is not None else [(pattern.name, address)]
    return found


ADDRESSES = editors_addresses(urlpatterns[-1].url_patterns)


def test_every_page_but_the_ways_in_leads_to_the_sign_in(client):
    assert len(ADDRESSES) > 60
    for name, address in ADDRESSES:
        if name not in RESET and address not in WAYS_IN:
            answer = client.get(address)
            assert (answer.status_code, answer.get("Location", "").partition("?")[0]) == (302, SIGN_IN), address


def test_pages_of_a_forgotten_password_are_for_everybody_and_kept_by_nobody(client):
    for name, address in ADDRESSES:
        if name in RESET:
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))


def test_a_link_that_nobody_was_sent_changes_no_password(client):
    ann, new = make_user(), "another horse battery"
    uid = urlsafe_base64_encode(force_bytes(ann.pk))
    for token in ("1", "set-password", default_token_generator.make_token(make_user("bob"))):
        answer = client.post(f"/admin/password_reset/{uid}/{token}/", {"new_password1": new, "new_password2": new})
        assert answer.context["validlink"] is False
    assert User.objects.get(pk=ann.pk).password == ann.password
