"""PostgreSQL's own `pg_dump` and `pg_restore`: found on the PATH, never older than the server."""

import os
import re
import secrets
import subprocess
import tempfile
import threading
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from django.db import DatabaseError, connection

from ..models import position
from .errors import BackupError

SUFFIX = ".dump"
OURS = "--no-owner", "--no-privileges"  # of roles that another server may not have
LOOK_EVERY = 0.1  # seconds


def write(path):
    """Write the database as it is at one moment in pg_dump's own format, and read its contents back."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10_000
    version = _run("pg_dump", "--version").stdout.decode()
    if int(re.search(r"(\d+)", version)[1]) < server:
        raise BackupError(
            f"{version.strip()} is older than the server, which is version {server}: install a newer one."
        )
    _run("pg_dump", "--format=custom", *OURS, f"--file={path}", f"--dbname={_name()}")
    _run("pg_restore", "--list", path)


@contextmanager
def aside(path):
    """Yield the name of a database that holds the backup; it goes with the block.

    :raises BackupError: where the role may not make one.
    """
    name = f"aside_{secrets.token_hex(6)}"
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    except DatabaseError as error:
        first_line = str(error).partition("\n")[0]
        raise BackupError(
            f"A backup is tried in a database of its own, and that cannot be made: {first_line}"
        ) from error
    try:
        _run("pg_restore", "--exit-on-error", *OURS, f"--dbname={name}", path)
        yield name
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def made_ready(copy):
    """Return the SQL that makes this copy, which is up to date with this release, in a temporary file."""
    file = tempfile.NamedTemporaryFile(suffix=".sql")  # noqa: SIM115 - whoever puts it back closes it
    _run("pg_dump", *OURS, f"--file={file.name}", f"--dbname={copy}")
    return file


@contextmanager
def watch():
    """Yield the position that the operator is asked about."""
    yield position()


def put_back(ready, seen):
    """Replace every table of ours in one transaction; who holds one is cut off, so that nobody saves into the past.

    :raises BackupError: where somebody saved since the question, or the server refuses; then nothing has changed.
    """
    tables = ", ".join(f'"{name}"' for name in [*connection.introspection.table_names(), *_unlogged()])
    epoch, number = seen or (0, 0)
    first = f"""
LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE;
DO $$ BEGIN
    IF (SELECT (value, (SELECT max(number) FROM partners_loggedchange)) FROM partners_logepoch)
       IS DISTINCT FROM ({epoch}::bigint, {number}::bigint) THEN
        RAISE EXCEPTION 'somebody saved something meanwhile';
    END IF;
END $$;
DROP TABLE {tables} CASCADE;
DO $$ DECLARE gone text; BEGIN
    FOR gone IN SELECT oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'changelog\\_%' LOOP
        EXECUTE 'DROP FUNCTION ' || gone || ' CASCADE';
    END LOOP;
END $$;
"""
    ours = f"restore_{secrets.token_hex(6)}"
    connection.close()
    with ready, tempfile.TemporaryDirectory() as folder:
        before = Path(folder, "first.sql")
        before.write_text(first)
        done = threading.Event()
        cutter = threading.Thread(target=_cut_off_who_blocks, args=[ours, done])
        cutter.start()
        try:
            files = [f"--file={before}", f"--file={ready.name}"]
            _run("psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", *files, f"--dbname={_name()}", PGAPPNAME=ours)
        finally:
            done.set()
            cutter.join()


def _cut_off_who_blocks(ours, done):
    """End each session that stands in the way of the one that restores: its save fails, where it would be lost."""
    with closing(psycopg2.connect(**_params())) as watcher, watcher.cursor() as cursor:
        watcher.autocommit = True
        while not done.wait(LOOK_EVERY):
            cursor.execute(
                "SELECT pg_terminate_backend(blocker) FROM pg_stat_activity, unnest(pg_blocking_pids(pid)) AS blocker "
                "WHERE application_name = %s",
                [ours],
            )


def _unlogged():
    return [name for name in ["changelog_noted"] if name not in connection.introspection.table_names()]


def _params():
    params = connection.get_connection_params()
    return {name: params[name] for name in ("host", "port", "user", "password", "dbname") if params.get(name)}


def _name():
    return connection.settings_dict["NAME"]


def _run(program, *arguments, **environment):
    """Run a program of PostgreSQL on the directory's server.

    :raises BackupError: with the first line of what it complains of.
    """
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    params = {names[name]: str(value) for name, value in _params().items() if name in names}
    try:
        return subprocess.run(
            [program, *map(str, arguments)], env=os.environ | params | environment, capture_output=True, check=True
        )
    except FileNotFoundError as error:
        raise BackupError(f"{program} is not on the PATH: install PostgreSQL's client programs.") from error
    except subprocess.CalledProcessError as error:
        complaint = error.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise BackupError(f"{program} failed: {complaint}") from error
