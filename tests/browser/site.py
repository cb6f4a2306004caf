"""The directory as `make run` serves it: gunicorn, production settings, a seed consortium, a database of its own."""

import fcntl
import os
import secrets
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SEED = "partners/seeds/cart.toml"
DEMONSTRATION = "partners/seeds/demo.toml"  # every state, date and kind of contact

EDITOR = "editor"
PASSWORD = "the editor of a site that lives for a test"


@dataclass(frozen=True)
class Site:
    """A running directory: its address without a slash at the end, and an editor who may do everything."""

    address: str
    editor: str
    password: str


@contextmanager
def serve(folder: Path, seed: str = SEED, prepared: Path | None = None, **settings: str) -> Iterator[Site]:
    """Serve a directory whose database lives in a folder, with further settings.

    :param prepared: where sites of several processes find what they begin with; the first makes it, half a minute long.
    """
    prepared, database = prepared or folder, folder / "db.sqlite3"
    _copy(_prepared(prepared, seed), database)
    # The server inherits a socket that already listens: no port to guess, and early requests wait in its queue.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        bind = ["--config", "consortium/gunicorn.py", "--bind", f"fd://{listener.fileno()}", "--workers", "1"]
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "consortium.wsgi",
                *bind,
                "--log-level",
                "warning",
            ],
            cwd=ROOT,
            env=_environment(database, prepared / "static", CACHE_DIR=str(folder / "cache"), **settings),
            pass_fds=[listener.fileno()],
        )
        try:
            yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", EDITOR, PASSWORD)
        finally:
            server.terminate()
            server.wait()


def _prepared(folder: Path, seed: str) -> Path:
    """Return a database with a seed and an editor, made with the collected files unless they are there already."""
    static, empty, database = folder / "static", folder / "empty.sqlite3", folder / f"{Path(seed).stem}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until the end of the block
        if not empty.exists():
            part = folder / "part.sqlite3"
            email = "editor@directory.example"
            # Half of the time each, on a core of its own.
            with _started(part, static, "collectstatic", "--no-input", "--verbosity", "0") as collecting:
                _manage(part, static, "migrate", "--no-input", "--verbosity", "0")
                _manage(part, static, "createsuperuser", "--no-input", "--username", EDITOR, "--email", email)
            assert collecting.returncode == 0
            _copy(part, empty)
        if not database.exists():
            part = folder / "part-with-seed.sqlite3"
            _copy(empty, part)
            _manage(part, static, "start_consortium", seed)
            _copy(part, database)
    return database


def _copy(database: Path, copy: Path) -> None:
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)  # with what its journal still holds


def _manage(database: Path, static: Path, *arguments: str) -> None:
    with _started(database, static, *arguments) as command:
        assert command.wait() == 0, arguments


def _started(database: Path, static: Path, *arguments: str) -> subprocess.Popen:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=_environment(database, static))


def _environment(database: Path, static: Path, **more: str) -> dict[str, str]:
    return os.environ | {
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "0",
        "DATABASE_URL": f"sqlite:///{database}",
        "STATIC_ROOT": str(static),
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        **more,
    }
