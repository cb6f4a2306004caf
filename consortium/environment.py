"""How settings are read: from the environment, else from `.env` beside `manage.py`; a misspelt one stops the start.

Each function takes the variable's name first, and returns a default where the variable is missing or empty. Each raises
ImproperlyConfigured, which names the variable, for a value that it cannot be: a typing mistake must not take a
protection off. What may be a secret is not repeated.
"""

import re
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()
_env.read_env(Path(__file__).resolve().parent.parent / ".env")

ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")


def text(variable, default=""):
    """Return a word or a line, without spaces around it."""
    return _env.str(variable, default="").strip() or default


def switch(variable, *, default):
    """Return whether something is on."""
    word = text(variable).lower()
    if word in _env.BOOLEAN_TRUE_STRINGS:
        return True
    if word not in ("", "0", "false", "off", "no", "n"):
        raise ImproperlyConfigured(f"{variable} is 1 or 0, not “{word}”.")
    return default if word == "" else False


def choice(variable, *words):
    """Return one of some words; the first is the default."""
    word = text(variable, words[0]).lower()
    if word not in words:
        raise ImproperlyConfigured(f"{variable} is {' or '.join(words)}, not “{word}”.")
    return word


def number(variable, default):
    """Return a whole number."""
    word = text(variable)
    if word and not (word.isascii() and word.isdecimal()):
        raise ImproperlyConfigured(f"{variable} is a whole number, not “{word}”.")
    return int(word or default)


def seconds(variable, default):
    """Return a number of seconds, maybe with a fraction."""
    word = text(variable)
    if word and not re.fullmatch(r"[0-9]+(\.[0-9]+)?", word):
        raise ImproperlyConfigured(f"{variable} is a number of seconds, not “{word}”.")
    return float(word or default)


def words(variable, default=()):
    """Return the values between commas, without spaces around them."""
    return [word.strip() for word in text(variable).split(",") if word.strip()] or list(default)


def matching(variable, pattern, wanted):
    """Return a text of a form that `wanted` describes."""
    found = text(variable)
    if found and not re.fullmatch(pattern, found):
        raise ImproperlyConfigured(f"{variable} is {wanted}, not “{found}”.")
    return found


def zone(variable, default):
    """Return the name of a time zone."""
    name = text(variable, default)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ImproperlyConfigured(f"{variable} is a time zone such as Europe/Moscow, not “{name}”.") from None
    return name


def database(variable, default):
    """Return the settings of a database."""
    address = text(variable, default)
    try:
        if _env.DB_SCHEMES.get(address.partition("://")[0]) in ENGINES:
            return _env.db_url_config(address)
    except ValueError:
        pass  # a port that is no number
    raise ImproperlyConfigured(f"{variable} is sqlite:///FILE or postgres://user:password@host/name.")


def mail(variable):
    """Return the settings of a mail server, none without one."""
    try:
        found = _env.email_url_config(text(variable)) if text(variable) else {}
        if "smtp" in found.get("EMAIL_BACKEND", "") and not found["EMAIL_HOST"]:  # as in smtp:host
            raise ValueError
    except (KeyError, ValueError, ImproperlyConfigured):
        raise ImproperlyConfigured(f"{variable} is no address of a mail server, such as smtp+tls://host:587.") from None
    return found
