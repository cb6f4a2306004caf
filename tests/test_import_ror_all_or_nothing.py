"""A release that breaks, an import that is stopped: nothing is written."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError
from django.db import connection

from partners.models import City, Institution, InstitutionName, RegistryRecord
from tests.ror import SLICE, load, record, ror_id, write_release

pytestmark = pytest.mark.django_db

TABLES = [City, Institution, InstitutionName, RegistryRecord]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (record(2) | {"names": []}, rf"Record 2 \({ror_id(2)}\): no name is marked as the one to show"),
        (
            record(2) | {"id": "https://ror.org/05256ym38"},
            r"Record 2 \(https://ror.org/05256ym38\): This ROR id has a typing",
        ),
        ({}, r"Record 2 \(no id\): “types” is missing"),
    ],
)
def test_broken_record_is_named_and_nothing_is_written(tmp_path, broken, message):
    with pytest.raises(CommandError, match=message + ".*Nothing was written"):
        load(write_release(tmp_path, record(1), broken, record(3)))
    assert not Institution.objects.exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "Record 1 is no JSON"),
        (b"{}", "no array of records"),
        (b"[]", "no array of records"),
        (b"[" + json.dumps(record()).encode() + b', {"id": oops}]', "Record 2 is no JSON"),
        (b"[" + json.dumps(record()).encode() + b', {"id": "https', "Record 2 is no JSON, or the file ends in it"),
        (b"[" + json.dumps(record()).encode() + b', {"id": "\xff"}]', "Record 2 is no JSON"),
    ],
)
def test_file_that_breaks_off_is_refused_whole(tmp_path, text, message):
    path = tmp_path / "release.json"
    path.write_bytes(text)
    with pytest.raises(CommandError, match=message):
        load(path)
    assert not Institution.objects.exists()


def test_file_that_is_missing_or_holds_no_release_is_refused(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        load(tmp_path / "nowhere.json")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("a.csv", "id")
    with pytest.raises(CommandError, match=r"no single JSON file of schema v2: a\.csv"):
        load(tmp_path / "empty.zip")


@pytest.mark.parametrize("statement", ["partners_city", "partners_institutionname", "partners_registryrecord"])
def test_interrupted_import_writes_nothing(statement):
    def interrupt(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if f'INSERT INTO "{statement}"' in sql:
            raise KeyboardInterrupt
        return result

    with connection.execute_wrapper(interrupt), pytest.raises(CommandError, match="Nothing was written") as stopped:
        load(SLICE)
    assert stopped.value.returncode == 130
    assert [table.objects.count() for table in TABLES] == [0, 0, 0, 0]


@pytest.fixture
def other_process(tmp_path):
    """Return the address of a database for another process, and how to count the institutions in it."""
    if connection.vendor == "sqlite":  # the one of the tests lives in memory
        path = tmp_path / "db.sqlite3"

        def count():
            with closing(sqlite3.connect(path)) as database:
                return database.execute("SELECT count(*) FROM partners_institution").fetchone()[0]

        return f"sqlite:///{path}", count
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path="/" + connection.settings_dict["NAME"])
    return address.geturl(), Institution.objects.count


def test_killed_import_writes_nothing(other_process):
    url, count = other_process
    command = [sys.executable, "-m", "tests.killed_import", str(SLICE)]
    child = subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False)
    assert child.returncode == -signal.SIGKILL
    assert count() == 0
