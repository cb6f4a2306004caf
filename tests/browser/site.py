"""The directory as `make run` serves it: gunicorn, production settings, the seed consortium, a database of its own."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SEED = "partners/seeds/cart.toml"
DEMONSTRATION = "partners/seeds/demo.toml"  # every state, date and kind of contact


@dataclass(frozen=True)
class Site:
    """A running directory: its address without a slash at the end, and an editor who may do everything."""

    address: str
    editor: str
    password: str


@contextmanager
def serve(folder: Path, seed: str = SEED, **settings: str) -> Iterator[Site]:
    """Serve a directory whose database and collected files live in a folder, with further settings."""
    password = secrets.token_urlsafe()
    environment = os.environ | {
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "0",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "STATIC_ROOT": str(folder / "static"),
        "DJANGO_SUPERUSER_PASSWORD": password,
        **settings,
    }

    def manage(*arguments: str) -> None:
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True)

    manage("migrate", "--no-input", "--verbosity", "0")
    manage("start_consortium", seed)
    manage("collectstatic", "--no-input", "--verbosity", "0")
    manage("createsuperuser", "--no-input", "--username", "editor", "--email", "editor@directory.example")
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
            env=environment,
            pass_fds=[listener.fileno()],
        )
        try:
            yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", "editor", password)
        finally:
            server.terminate()
            server.wait()
