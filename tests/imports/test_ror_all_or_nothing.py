"""A release that breaks, an import that is stopped: nothing is written."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing, suppress
from threading import Thread
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError
from django.db import connection

from partners.models import City, Institution, InstitutionName, RegistryRecord
from tests.support.ror import SLICE, load, record, ror_id, write_release

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
        (None, r"Record 2 \(no id\): it is no JSON object"),
        ([record(2)], r"Record 2 \(no id\): it is no JSON object"),
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
        (b"7", "no array of records"),
        (b'{"items": ' + b"[" * 100_000, "no array of records"),
        (b"[" * 100_000, "Record 1 is none of the registry: it is nested more than 20 levels deep"),
        (b"[" + json.dumps(record()).encode() + b"," + b'{"a":' * 100_000, "Record 2 is none of the registry: it is n"),
        (b"[" + json.dumps(record()).encode() + b"] []", "Record 2 is no JSON"),
        (b"[1e999]", "Record 1 is no JSON"),
        (b"[" + b"9" * 5000 + b"]", "Record 1 is no JSON"),
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


@pytest.fixture
def archive(tmp_path):
    """Return the path of an archive with one record, and a function that writes other bytes there."""
    path = tmp_path / "release.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("v2-ror-data.json", json.dumps([record()] * 20))
    return path


DIRECTORY = b"PK\x01\x02"  # begins what an archive says at its end of each file
FLAGS, METHOD, SIZE = 8, 10, 24  # where that says how it is written, compressed, and how many bytes it unpacks to


@pytest.mark.parametrize(
    ("position", "value", "message"),
    [
        (FLAGS, b"\x01\x00", "“v2-ror-data.json” in the archive is encrypted: unpack it"),
        (METHOD, b"\x63\x00", "damaged or cut short, fetch it again: That compression method is not supported"),
        (METHOD, b"\x0c\x00", "cannot be read: Invalid data stream"),
        (METHOD, b"\x0e\x00", "damaged or cut short"),
        (SIZE, (50).to_bytes(4, "little"), "damaged or cut short, fetch it again: Bad CRC-32"),
        (SIZE, (3_000_000_000).to_bytes(4, "little"), "more than 1000 MB of JSON"),
    ],
)
def test_archive_that_tells_something_wrong_of_its_file_is_refused(archive, position, value, message):
    content = bytearray(archive.read_bytes())
    start = content.index(DIRECTORY) + position
    content[start : start + len(value)] = value
    archive.write_bytes(content)
    with pytest.raises(CommandError, match=message + ".*Nothing was written"):
        load(archive)
    assert not Institution.objects.exists()


def test_archive_that_is_cut_short_or_damaged_is_refused(archive):
    whole = archive.read_bytes()
    damaged = bytearray(whole)
    damaged[90:110] = b"\xff" * 20
    for content in [whole[:2], whole[: len(whole) // 2], whole[:-1], damaged]:
        archive.write_bytes(content)
        with pytest.raises(CommandError, match=r"The archive is damaged or cut short.*Nothing was written"):
            load(archive)
    assert not Institution.objects.exists()


@pytest.mark.parametrize("names", [["v2.json", "v3.json"], [f"{number}.csv" for number in range(1000)], []])
def test_archive_without_one_file_to_read_is_refused_in_a_short_message(tmp_path, names):
    with zipfile.ZipFile(tmp_path / "release.zip", "w") as archive:
        for name in names:
            archive.writestr(name, json.dumps([record()]))
    with pytest.raises(CommandError, match="no single JSON file of schema v2") as refusal:
        load(tmp_path / "release.zip")
    assert len(str(refusal.value)) < 200
    assert not Institution.objects.exists()


@pytest.mark.parametrize("junk", [b" " * 20_000_000, b'"' + b"a" * 20_000_000 + b'"'])
def test_record_that_swells_when_it_is_unpacked_is_refused(tmp_path, junk):
    path = tmp_path / "release.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("v2.json", b"[" + json.dumps(record()).encode() + b"," + junk)
    assert path.stat().st_size < 100_000
    with pytest.raises(CommandError, match="Record 2 is none of the registry: it is larger than 10 MB"):
        load(path)
    assert not Institution.objects.exists()


def test_stream_that_does_not_end_where_it_was_said_to_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("partners.imports.ror.release.LARGEST_FILE", 100_000)
    pipe = tmp_path / "pipe"  # has no size
    os.mkfifo(pipe)
    records = b"[" + b",".join([json.dumps(record()).encode()] * 1000)

    def write():
        with suppress(BrokenPipeError):
            pipe.write_bytes(records)

    writer = Thread(target=write)
    writer.start()
    with pytest.raises(CommandError, match="more than 0 MB of JSON"):
        load(pipe)
    writer.join()
    assert not Institution.objects.exists()


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
    command = [sys.executable, "-m", "tests.support.killed_import", str(SLICE)]
    child = subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False)
    assert child.returncode == -signal.SIGKILL
    assert count() == 0
