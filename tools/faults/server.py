"""A PostgreSQL of its own that may be killed: it writes through to the disk, as one in production does."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psycopg2

from tests.support.servers import PROGRAMS, SYSTEM_USER, give_away, run_program

START = 60  # seconds that it may take, recovery included
AGAIN = 0.05  # seconds after which one looks again


class Server:
    """It lives in a folder, and listens on a socket there and nowhere else."""

    def __init__(self, folder: Path):
        self.folder, self.data = folder, folder / "data"
        self.url = f"postgres://postgres@/postgres?host={folder}"

    def make(self) -> None:
        """Make an empty one."""
        give_away(self.folder)
        run_program("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", as_root=False)

    def start(self) -> None:
        """Start it, and return when it answers; after a kill it recovers first."""
        settings = {"listen_addresses": "", "unix_socket_directories": self.folder}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._server = subprocess.Popen(
            [PROGRAMS / "postgres", "-D", self.data, *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **({} if os.geteuid() else {"user": SYSTEM_USER}),
        )
        end = time.monotonic() + START
        while True:
            try:
                psycopg2.connect(host=self.folder, user="postgres", dbname="postgres").close()
            except psycopg2.OperationalError:
                if time.monotonic() > end or self._server.poll() is not None:
                    raise
                time.sleep(AGAIN)
            else:
                return

    def kill(self) -> None:
        """End it and each of its processes by SIGKILL, and return when none is left."""
        main = self._server.pid
        children = [int(child) for child in Path(f"/proc/{main}/task/{main}/children").read_text().split()]
        for process in (main, *children):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._server.wait()
        while any(map(_lives, children)):
            time.sleep(AGAIN)


def _lives(process):
    """Say whether a process has not ended; one that nobody has waited for yet has."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
