"""Settings as a process reads them: what is not said, or misspelt, protects."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEY = "k" * 50
PROTECTED = {
    "DEBUG": False,
    "SECRET_KEY_FALLBACKS": [],
    "ALLOWED_HOSTS": [],
    "CSRF_TRUSTED_ORIGINS": [],
    "SECURE_SSL_REDIRECT": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": False,
    "SECURE_HSTS_PRELOAD": False,
    "SECURE_PROXY_SSL_HEADER": None,
    "PROXIES": 0,
    "SESSION_COOKIE_NAME": "__Host-sessionid",
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
    "SESSION_COOKIE_AGE": 43_200,
    "SECURITY_CONTACT": "",
}
WITHOUT_HTTPS = {
    "SECURE_SSL_REDIRECT": False,
    "SESSION_COOKIE_SECURE": False,
    "CSRF_COOKIE_SECURE": False,
    "SECURE_HSTS_SECONDS": 0,
    "SESSION_COOKIE_NAME": "sessionid",
    "CSRF_COOKIE_NAME": "csrftoken",
}
SWITCHES = ["HTTPS", "DEBUG", "BEHIND_PROXY", "HSTS_SUBDOMAINS", "HSTS_PRELOAD"]
OTHERS = ["ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "PROXIES", "SECURITY_CONTACT"]
TELL = f"""
import json
from django.conf import settings
print(json.dumps({{name: getattr(settings, name, None) for name in {list(PROTECTED)}}}))
"""
ASK = """
import json, sys, django
django.setup()
from django.test import Client
answers = [Client().get("/admin/", headers=headers) for headers in json.loads(sys.argv[1])]
print(json.dumps([[answer.status_code, answer.headers.get("Location")] for answer in answers]))
"""


def run(*arguments, folder=ROOT, **variables):
    """Run Python with these variables and no others."""
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "consortium.settings"} | variables
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(tmp_path):
    """Return a folder with the settings alone, without the `.env` that a checkout may have."""
    (tmp_path / "consortium").mkdir()
    for name in ("settings.py", "environment.py"):
        shutil.copy(ROOT / "consortium" / name, tmp_path / "consortium")
    return tmp_path


def settings_in(folder, **variables):
    """Return what is set, by name."""
    done = run("-c", TELL, folder=folder, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def answers(*headers, **variables):
    """Return (status, where it leads) of an address that needs no database, asked with each of some headers."""
    unsaid = {"SECRET_KEY": KEY, "DEBUG": "", "ALLOWED_HOSTS": "", "HTTPS": "", "BEHIND_PROXY": ""}
    done = run("-c", ASK, json.dumps(headers), **unsaid | variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("empty", [(), SWITCHES + OTHERS])
def test_what_is_not_said_protects(folder, empty):
    assert settings_in(folder, SECRET_KEY=KEY, **dict.fromkeys(empty, "")) == PROTECTED


def test_https_is_left_out_where_one_says_so_and_while_one_develops(folder):
    (folder / ".env").write_text(f"SECRET_KEY={KEY}\nHTTPS=0\n")
    assert settings_in(folder) == PROTECTED | WITHOUT_HTTPS
    assert settings_in(folder, HTTPS="1") == PROTECTED  # the environment wins
    developing = PROTECTED | WITHOUT_HTTPS | {"DEBUG": True, "ALLOWED_HOSTS": ["127.0.0.1", "localhost"]}
    (folder / ".env").unlink()
    assert settings_in(folder, DEBUG="1") == developing


@pytest.mark.parametrize("variable", SWITCHES)
def test_a_misspelt_switch_is_refused(folder, variable):
    done = run("-c", TELL, folder=folder, **{"SECRET_KEY": KEY, variable: "ture"})
    assert done.returncode == 1
    assert done.stderr.endswith(f"ImproperlyConfigured: {variable} is 1 or 0, not “ture”.\n")


@pytest.mark.parametrize(
    ("variable", "word", "wanted"),
    [
        ("PROXIES", "one", "a whole number"),
        ("PROXIES", "-1", "a whole number"),
        ("SECURITY_CONTACT", "somebody", "a mailbox or an https address"),
        ("SECURITY_CONTACT", "http://a.example", "a mailbox or an https address"),
        ("MFA", "require", "offered or required"),
        ("LOG_FORMAT", "jason", "plain or json"),
        ("WEB_DEADLINE", "3s", "a number of seconds"),
        ("TIME_ZONE", "Europe/Kasan", "a time zone such as Europe/Moscow"),
    ],
)
def test_a_misspelt_value_is_refused_by_its_name(folder, variable, word, wanted):
    done = run("-c", TELL, folder=folder, **{"SECRET_KEY": KEY, variable: word})
    assert done.returncode == 1
    assert done.stderr.endswith(f"ImproperlyConfigured: {variable} is {wanted}, not “{word}”.\n")


@pytest.mark.parametrize(
    "word", ["mail.example:587", "stmp://mail.example", "smtp+tls:mail.example", "smtp://m.example:x"]
)
def test_a_misspelt_mail_server_is_refused_without_its_password(folder, word):
    done = run("-c", TELL, folder=folder, SECRET_KEY=KEY, EMAIL_URL=word)
    assert done.returncode == 1
    message = "EMAIL_URL is no address of a mail server, such as smtp+tls://host:587."
    assert done.stderr.endswith(f"ImproperlyConfigured: {message}\n")
    assert word not in done.stderr


@pytest.mark.parametrize("word", ["postgre://me:s3cret@host/name", "postgres://me:s3cret@host:port/name"])
def test_a_misspelt_database_is_refused_without_its_password(folder, word):
    done = run("-c", TELL, folder=folder, SECRET_KEY=KEY, DATABASE_URL=word)
    assert done.returncode == 1
    message = "DATABASE_URL is sqlite:///FILE or postgres://user:password@host/name."
    assert done.stderr.endswith(f"ImproperlyConfigured: {message}\n")
    assert "s3cret" not in done.stderr


def test_names_below_ours_are_bound_only_where_one_asks_for_it(folder):
    assert settings_in(folder, SECRET_KEY=KEY, HSTS_SUBDOMAINS="1", HSTS_PRELOAD="1") == PROTECTED | {
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_HSTS_PRELOAD": True,
    }


@pytest.mark.parametrize(
    ("variables", "trusted"),
    [
        ({"PROXIES": "2"}, True),
        ({"PROXIES": "2", "BEHIND_PROXY": "0"}, False),
        ({"BEHIND_PROXY": "1"}, True),
        ({"PROXIES": "0"}, False),
    ],
)
def test_a_counted_proxy_says_who_spoke_https_unless_told_otherwise(folder, variables, trusted):
    header = settings_in(folder, SECRET_KEY=KEY, **variables)["SECURE_PROXY_SSL_HEADER"]
    assert header == (["HTTP_X_FORWARDED_PROTO", "https"] if trusted else None)


@pytest.mark.parametrize("variables", [{}, {"SECRET_KEY": ""}, {"DEBUG": "0"}, {"DEBUG": ""}])
def test_nothing_starts_without_a_key(folder, variables):
    done = run("-c", TELL, folder=folder, **variables)
    assert done.returncode == 1
    assert done.stderr.endswith("ImproperlyConfigured: Set SECRET_KEY, or DEBUG=1 for development.\n")


def test_spaces_between_names_are_no_part_of_them(folder):
    lists = settings_in(
        folder,
        SECRET_KEY=KEY,
        ALLOWED_HOSTS=" a.example, b.example ,",
        CSRF_TRUSTED_ORIGINS="https://a.example, https://b.example, ",
        SECRET_KEY_FALLBACKS="older, oldest,",
    )
    assert lists["SECRET_KEY_FALLBACKS"] == ["older", "oldest"]
    assert lists["ALLOWED_HOSTS"] == ["a.example", "b.example"]
    assert lists["CSRF_TRUSTED_ORIGINS"] == ["https://a.example", "https://b.example"]


def test_every_named_host_is_led_to_https():
    hosts = [{"host": host} for host in ("a.example", "b.example")]
    assert answers(*hosts, ALLOWED_HOSTS="a.example, b.example") == [
        [301, "https://a.example/admin/"],
        [301, "https://b.example/admin/"],
    ]


@pytest.mark.parametrize(("behind", "led_to"), [("", "https://a.example/admin/"), ("1", "/admin/login/?next=/admin/")])
def test_a_visitor_cannot_say_that_a_proxy_took_https_off(behind, led_to):
    through_proxy = {"host": "a.example", "x-forwarded-proto": "https"}
    [(_status, location)] = answers(through_proxy, ALLOWED_HOSTS="a.example", BEHIND_PROXY=behind)
    assert location == led_to


def test_production_settings_raise_no_warning():
    done = run(
        *("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        SECRET_KEY=os.urandom(40).hex(),
        DEBUG="0",
        ALLOWED_HOSTS="directory.example",
        HTTPS="1",
        DATABASE_URL="sqlite://:memory:",
    )
    assert (done.returncode, done.stderr) == (0, "")
