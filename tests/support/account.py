"""Accounts of tests, and what signs them in."""

import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import Group, User

PASSWORD = "correct horse battery"
SIGN_IN = "/admin/login/"


def make_user(name="ann", group=None, **fields):
    """Write an account that may enter the admin, and may do what its group may."""
    user = User.objects.create_user(name, f"{name}@directory.example", PASSWORD, **{"is_staff": True} | fields)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def sign_in(client, name="ann", password=PASSWORD, address=SIGN_IN, **options):
    return client.post(address, {"username": name, "password": password}, **options)


def give_app(user):
    """Give somebody an app for codes and recovery codes; return the app's secret and the codes."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret, RecoveryCodes.activate(user).get_unused_codes()


def code_of(secret):
    """Return the code that the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def lines(caplog):
    """Return what was logged of signing in."""
    return [record.getMessage() for record in caplog.records if record.name.startswith("consortium")]
