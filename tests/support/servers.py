"""A second server of the same data: a PostgreSQL that follows the one of the tests, and may take its place."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2
from django.db import connection

from tools.cluster.postgres import PROGRAMS, SYSTEM_USER


class Standby:
    """A hot standby in a folder of its own; it listens on a socket there and nowhere else."""

    def __init__(self, folder):
        self.folder = folder
        self.data = folder / "data"

    def start(self):
        """Copy the server of the tests and follow it."""
        source = connection.get_connection_params()
        address = f"host={source['host']} user={source['user']}"
        run_program("pg_basebackup", "-d", address, "-D", self.data, "-R", "-X", "stream", "-c", "fast")
        (self.data / ".handle_pids.json").unlink(missing_ok=True)  # the package's, about the other server
        for path in [self.folder, self.data, *self.data.rglob("*")]:
            give_away(path)
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c hot_standby_feedback=on"
        self._pg_ctl("start", "-o", options, "-l", self.folder / "log")

    def stop(self):
        with suppress(subprocess.CalledProcessError):
            self._pg_ctl("stop", "-m", "immediate")

    def follow(self):
        """Return when it has everything that the other server holds now."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_flush_lsn()")
            (reached,) = cursor.fetchone()
        while not self._ask("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", reached):
            pass

    def pause(self):
        """Let it fall behind until `resume()`."""
        self._ask("SELECT pg_wal_replay_pause()")
        while self._ask("SELECT pg_get_wal_replay_pause_state()") != "paused":
            pass

    def resume(self):
        self._ask("SELECT pg_wal_replay_resume()")

    def cut_off(self):
        """Let nothing more reach it."""
        self._ask("ALTER SYSTEM SET primary_conninfo = ''")
        self._ask("SELECT pg_reload_conf()")
        while self._ask("SELECT count(*) FROM pg_stat_wal_receiver"):
            pass

    def promote(self):
        self._pg_ctl("promote")

    @contextmanager
    def in_use(self):
        """Let this process ask it in place of the server of the tests, as if an address led there now."""
        with _at(str(self.folder)):
            yield

    def _ask(self, sql, *values):
        params = connection.get_connection_params()
        other = psycopg2.connect(host=self.folder, user=params["user"], dbname=params["dbname"])
        try:
            other.autocommit = True
            with other.cursor() as cursor:
                cursor.execute(sql, values)
                return cursor.fetchone()[0] if cursor.description else None
        finally:
            other.close()

    def _pg_ctl(self, *arguments):
        run_program("pg_ctl", "-w", "-s", "-D", self.data, *arguments, as_root=False)


@contextmanager
def standby():
    """Follow the server of the tests until the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="standby-"))  # a socket's path must be short
    server = Standby(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@contextmanager
def _at(host):
    before = connection.settings_dict
    connection.close()
    connection.settings_dict = before | {"HOST": host}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before


def give_away(path):
    if os.geteuid() == 0:
        user = pwd.getpwnam(SYSTEM_USER)
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def run_program(program, *arguments, as_root=True):
    user = {} if as_root or os.geteuid() else {"user": SYSTEM_USER}
    command = [PROGRAMS / program, *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user)
