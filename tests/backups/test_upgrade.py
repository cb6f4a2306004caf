"""A directory of an earlier release comes to this one by one command, with everything that was in it."""

import contextlib
import gzip
import io
import sqlite3
import subprocess
from pathlib import Path

import psycopg2
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from partners.backups.archive import counts
from partners.management.commands import upgrade
from partners.models import Institution, missing_triggers, position

pytestmark = pytest.mark.django_db(transaction=True)

DATA = Path(__file__).parents[1] / "data"
SUFFIXES = {"sqlite": "sqlite3", "postgresql": "sql"}
PAGES = ["/", "/institutions/", "/labs/", "/coverage/", "/map/", "/changes/", "/institutions.csv"]


@contextlib.contextmanager
def earlier_release(folder):
    """Let everything inside ask a directory as an earlier release left it: the demo, one edit, one editor."""
    packed = gzip.decompress((DATA / f"demo-before-upgrade.{SUFFIXES[connection.vendor]}.gz").read_bytes())
    if connection.vendor == "sqlite":
        name = str(folder / "db.sqlite3")
        Path(name).write_bytes(packed)
    else:
        name = f"earlier_{connection.settings_dict['NAME']}"  # of this process alone
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        params = connection.get_connection_params()
        command = ["psql", "-q", "-h", params["host"], "-U", params["user"], "-v", "ON_ERROR_STOP=1", name]
        subprocess.run(command, input=packed, check=True, stdout=subprocess.DEVNULL)
    outside = connection.settings_dict
    connection.close()
    connection.settings_dict = outside | {"NAME": name}
    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"] = outside["OPTIONS"] | {"timeout": 0.2}  # seconds
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = outside
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_upgrade_says_each_step_and_keeps_everything(tmp_path, client, settings):
    settings.STATIC_ROOT = tmp_path / "static"
    with earlier_release(tmp_path):
        before = counts()
        output = io.StringIO()
        call_command("upgrade", "--backup", str(tmp_path / "backups"), stdout=output)
        after = counts()

        lines = output.getvalue().splitlines()
        steps = [line for line in lines if line.endswith("…")]
        assert [step.partition(" ")[0] for step in steps] == ["Check", "Back", "Migrate", "Collect", "Check"]
        assert lines[-1] == "Done. Restart the application server."
        assert len(list((tmp_path / "backups").iterdir())) == 1
        grows = {"django_migrations", "auth_permission", "auth_group_permissions", "django_content_type"}
        changed = {table for table in before if after[table] != before[table]} - grows
        assert changed <= {"partners_loggedchange"}
        assert User.objects.get(username="editor").groups.count() > 0
        assert Institution.objects.earliest("pk").history.count() >= 1
        assert (missing_triggers(), position() is None) == ([], False)
        for address in PAGES:
            response = client.get(address, headers={"host": "localhost"})
            response.close()
            assert response.status_code == 200
        assert (tmp_path / "static").is_dir()


@contextlib.contextmanager
def editor_who_saves():
    """Hold what somebody holds who writes to a table; yield the connection."""
    params = connection.get_connection_params()
    if connection.vendor == "sqlite":
        editor = sqlite3.connect(params["database"], isolation_level=None)
        editor.execute("BEGIN IMMEDIATE")
    else:
        editor = psycopg2.connect(host=params["host"], user=params["user"], dbname=params["dbname"])
        with editor.cursor() as cursor:
            cursor.execute("LOCK TABLE partners_institution IN ROW EXCLUSIVE MODE")
    with contextlib.closing(editor):
        yield editor


def test_upgrade_tries_again_while_somebody_saves(tmp_path, settings, monkeypatch):
    settings.STATIC_ROOT = tmp_path / "static"
    monkeypatch.setattr(upgrade, "PAUSE", 0)
    monkeypatch.setattr(upgrade, "LOCK_TIMEOUT", 0.2)
    with earlier_release(tmp_path), editor_who_saves() as editor:

        class Output(io.StringIO):
            def write(self, text):
                if text.startswith("Not yet"):
                    editor.rollback()
                return super().write(text)

        call_command("upgrade", "--backup", str(tmp_path / "backups"), stdout=(output := Output()))
        lines = output.getvalue().splitlines()
        assert len([line for line in lines if line.startswith("Not yet: ")]) == 1
        assert lines[-1] == "Done. Restart the application server."
        assert missing_triggers() == []
