"""A backup brings everything back, beside a site that runs, and loses no save without a word."""

import contextlib
import gzip
import io
import sqlite3
import threading

import psycopg2
import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from partners.backups import BackupError, restore, write_backup
from partners.backups.archive import counts
from partners.index.current import in_snapshot, index_of
from partners.lists.filters import InstitutionFilter
from partners.models import Institution, LoggedChange, missing_triggers, position
from tests.support.factories import make_consortium, make_institution

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def institution():
    make_consortium()
    institution = make_institution(name="Before")
    institution.founded = 1804
    institution.save()
    group, _is_new = Group.objects.get_or_create(name="Editors")
    User.objects.create_user("editor").groups.add(group)
    return institution


def run(command, *arguments, typed=""):
    """Return what a command writes, with a line on its standard input."""
    output = io.StringIO()
    with contextlib.ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr("sys.stdin", io.StringIO(typed))
        call_command(command, *map(str, arguments), stdout=output)
    return output.getvalue()


def shown(client):
    return client.get("/institutions/", headers={"host": "localhost"}).content.decode()


def other_connection():
    """Return a connection of somebody else, in a transaction."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        return other
    params = connection.get_connection_params()
    return psycopg2.connect(host=params["host"], user=params["user"], dbname=params["dbname"])


def test_drill_brings_back_rows_history_groups_and_log(institution, client, tmp_path):
    before = counts() | {"log": list(LoggedChange.objects.values_list("number", flat=True))[:3]}
    run("backup", tmp_path / "to")
    (file,) = (tmp_path / "to").iterdir()
    assert f"{file} restores" in run("check_backup", file)

    institution.name = "Afterwards"
    institution.save()
    User.objects.all().delete()
    make_institution(name="Later")
    assert "Later" in shown(client)
    lost = position()
    written = run("restore", file, typed="yes\n")

    assert "partners_institution: 1, before 2" in written
    assert "partners_institution: 2 now, 1 in the backup" in written
    after = counts() | {"log": list(LoggedChange.objects.values_list("number", flat=True))[:3]}
    for name in ["partners_loggedchange", "django_session"]:
        del before[name], after[name]
    assert after == before
    assert Institution.objects.get().history.count() == 2
    assert User.objects.get(username="editor").groups.get().name == "Editors"
    assert missing_triggers() == []
    assert position() > lost
    assert "Before" in shown(client)
    assert not {"Later", "Afterwards"} & set(shown(client).split())
    with in_snapshot():
        assert index_of(InstitutionFilter).number == position()[1]
    make_institution(name="Next")
    assert "Next" in shown(client)


def test_nothing_is_restored_without_a_yes(institution, tmp_path):
    file = write_backup(tmp_path)
    make_institution(name="Later")
    for typed in ["no\n", "", "y\n"]:
        with pytest.raises(CommandError, match="Nothing was restored"):
            run("restore", file, typed=typed)
    assert Institution.objects.count() == 2
    run("restore", file, "--yes")
    assert Institution.objects.count() == 1


def test_only_the_newest_stay_where_a_number_is_given(institution, tmp_path):
    paths = [write_backup(tmp_path) for _count in range(3)]
    assert sorted(tmp_path.iterdir()) == paths
    newest = write_backup(tmp_path, keep=2)
    assert sorted(tmp_path.iterdir()) == [paths[2], newest]
    with pytest.raises(CommandError):
        run("backup", tmp_path, "--keep", "0")


def test_what_is_no_backup_is_refused(institution, tmp_path):
    file = write_backup(tmp_path)
    damaged = tmp_path / f"damaged{''.join(file.suffixes)}"
    damaged.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    for path in [damaged, tmp_path / "absent", tmp_path / f"absent{''.join(file.suffixes)}"]:
        with pytest.raises(CommandError):
            run("check_backup", path)
        with pytest.raises(CommandError):
            run("restore", path, "--yes")
    assert Institution.objects.count() == 1
    assert sorted(tmp_path.iterdir()) == sorted([file, damaged])


def test_backup_of_a_later_release_is_refused(institution, tmp_path):
    MigrationRecorder(connection).record_applied("partners", "9999_later")
    try:
        file = write_backup(tmp_path)
    finally:
        MigrationRecorder(connection).record_unapplied("partners", "9999_later")
    for command in [("check_backup", file), ("restore", file, "--yes")]:
        with pytest.raises(CommandError, match="9999_later"):
            run(*command)
    assert Institution.objects.count() == 1


def test_save_after_the_question_is_not_lost(institution, tmp_path):
    file = write_backup(tmp_path)

    def confirmed(_found):
        other = other_connection()
        other.cursor().execute("UPDATE partners_institution SET name = 'Saved meanwhile'")
        other.commit()
        other.close()
        return True

    with pytest.raises(BackupError, match="saved something meanwhile"):
        restore(file, confirmed)
    assert Institution.objects.get().name == "Saved meanwhile"


def test_two_saves_in_flight_are_refused_or_there(institution, tmp_path):
    file = write_backup(tmp_path)
    saver = other_connection()
    saver.cursor().execute("UPDATE partners_institution SET name = 'Saved in flight'")

    if connection.vendor == "postgresql":
        second = other_connection()
        second.cursor().execute("INSERT INTO auth_group (name) VALUES ('In flight')")
        restore(file, lambda _found: True)
        for save in (saver, second):
            with pytest.raises(psycopg2.OperationalError):
                save.commit()
        assert Institution.objects.get().name == "Before"
        assert not Group.objects.filter(name="In flight").exists()
    else:  # nobody can take a lock of SQLite's away: the save counts, and the restore is refused
        commit = threading.Timer(1, saver.commit)
        with pytest.raises(BackupError, match="saved something meanwhile"):
            restore(file, lambda _found: commit.start() or True)
        commit.join()
        assert Institution.objects.get().name == "Saved in flight"
    saver.close()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL names its damage itself")
def test_unreadable_sqlite_database_is_refused(tmp_path):
    file = tmp_path / "x.sqlite3.gz"
    file.write_bytes(gzip.compress(b"SQLite format 3\0 and nothing else" * 1000))
    with pytest.raises(CommandError, match="damaged"):
        run("check_backup", file)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite needs no program")
def test_older_pg_dump_is_refused(institution, tmp_path, monkeypatch):
    older = tmp_path / "bin" / "pg_dump"
    older.parent.mkdir()
    older.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    older.chmod(0o755)
    monkeypatch.setenv("PATH", str(older.parent), prepend=":")
    with pytest.raises(CommandError, match=r"9\.6\.24\) is older|9\.6\.24 is older"):
        run("backup", tmp_path / "to")
    assert list((tmp_path / "to").iterdir()) == []
