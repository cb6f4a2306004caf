"""The servers of one run: the directory under gunicorn as `make run` starts it, and Datasette; all on 127.0.0.1."""

import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
WATCHED_EVERY = 0.02  # seconds
START = 60  # seconds that a server may take
STOP = 10  # seconds after which one that was asked to end is killed


@dataclass(frozen=True)
class Server:
    """A running server."""

    address: str
    pid: int

    def workers(self) -> list[int]:
        """Return the processes that answer: the children, or the server itself where it has none."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [int(child) for child in children] or [self.pid]

    def shared_memory(self) -> int:
        """Return the bytes that its largest worker holds, pages that several hold shared out (PSS)."""
        return max(_proportional(worker) for worker in self.workers())

    def memory_of_workers(self) -> int:
        """Return the bytes that all its workers hold together (PSS)."""
        return sum(map(_proportional, self.workers()))

    @contextmanager
    def growing(self) -> Iterator[list[int]]:
        """Yield a list that holds, at the end, by how many bytes a worker grew at most (RSS)."""
        before = {worker: _resident(worker) for worker in self.workers()}
        growth, done = [0], threading.Event()

        def watch():
            while not done.wait(WATCHED_EVERY):
                growth[0] = max(growth[0], *(_resident(worker) - bytes_ for worker, bytes_ in before.items()))

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield growth
        finally:
            done.set()
            watcher.join()


def _proportional(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def environment(database_url: str, static: Path) -> dict[str, str]:
    """Return the variables of the production settings for one database."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tools.bench.settings",
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "0",
        "DATABASE_URL": database_url,
        "STATIC_ROOT": str(static),
    }


def run_python(variables: dict[str, str], *arguments: str, text: str | None = None) -> str:
    """Run a Python command of the project to its end and return what it printed."""
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=variables, input=text, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


@contextmanager
def serve_directory(variables: dict[str, str]) -> Iterator[Server]:
    """Serve one database as `make run` does."""
    # The server inherits a socket that already listens: no port to guess, and early requests wait in its queue.
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        # As gunicorn does with an address of its own; else the end of a page waits 40 ms for the client's delayed ACK.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        command = ["gunicorn", "consortium.wsgi", "--config", "consortium/gunicorn.py"]
        command += ["--bind", f"fd://{listener.fileno()}", "--log-level", "warning"]
        with _running(command, env=variables, pass_fds=[listener.fileno()]) as pid:
            yield Server(f"http://127.0.0.1:{listener.getsockname()[1]}", pid)


@contextmanager
def serve_datasette(database: Path) -> Iterator[Server]:
    """Serve an SQLite file with Datasette, its limits of time lifted."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = {
        "sql_time_limit_ms": 120_000,
        "facet_time_limit_ms": 120_000,
        "default_facet_size": 10,
        "suggest_facets": "off",
    }
    command = ["datasette", "serve", str(database), "--host", "127.0.0.1", "--port", str(port)]
    command += [str(word) for name, value in settings.items() for word in ("--setting", name, value)]
    with _running(command, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as pid:
        _wait_for(port)
        yield Server(f"http://127.0.0.1:{port}", pid)


@contextmanager
def _running(module: list[str], **how) -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-m", *module], cwd=ROOT, **how)
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int) -> None:
    """Return when somebody listens at a port.

    :raises TimeoutError: when nobody does in time.
    """
    end = time.monotonic() + START
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing listens at port {port}")
