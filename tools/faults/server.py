"""A PostgreSQL of its own that may be killed: it writes through to the disk, as one in production does."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from tests.support.servers import give_away, run_program


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
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder}"
        run_program(
            *("pg_ctl", "start", "-w", "-s", "-D", self.data, "-o", options, "-l", self.folder / "log"), as_root=False
        )

    def kill(self) -> None:
        """End it and each of its processes by SIGKILL."""
        main = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        for process in [main, *map(int, children)]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        for process in [main, *map(int, children)]:
            while _lives(process):
                pass


def _lives(process):
    """Say whether a process has not ended; one that nobody has waited for yet has."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
