"""Kill what writes and see what is left: ``python -m tools.faults.killing sqlite 100`` (or ``postgresql 20``).

Every institution that a writer reports was acknowledged by the database, so it and its history must be there at the
end. The database of the environment is written to; of PostgreSQL it is a server made for this.
"""

import json
import multiprocessing
import os
import sys
import tempfile
import time
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import django
from django.core.management import call_command
from django.db import Error, connection, transaction

from tools.faults.server import Server

WRITERS = 3
BETWEEN = 20  # acknowledged rows between one kill and the next
AGAIN = 0.02  # seconds after which a writer tries again

_processes = multiprocessing.get_context("fork")  # a writer starts at once, with Django loaded


def write(name, report):
    """Save institutions one after another, and report the slug of each that the database acknowledged."""
    from partners.models import Institution

    for number in count():
        slug = f"{name}-{number}"
        try:
            with transaction.atomic():
                Institution.objects.create(name=slug, slug=slug, kind="other")
        except Error:
            connection.close()
            time.sleep(AGAIN)
        else:
            os.write(report, f"{slug}\n".encode())


class Writers:
    """Processes that write, and what they report."""

    def __init__(self):
        self.slugs = []
        self._reports, self._report = os.pipe()
        self._rest = b""
        self._names = count()
        self._running = [self._new() for _number in range(WRITERS)]

    def wait(self):
        """Return when some more rows are acknowledged."""
        goal = len(self.slugs) + BETWEEN
        while len(self.slugs) < goal:
            *lines, self._rest = (self._rest + os.read(self._reports, 65536)).split(b"\n")
            self.slugs += [line.decode() for line in lines]

    def kill_one(self):
        """Kill the one that has written for longest, and start another."""
        self._kill(self._running.pop(0))
        self._running.append(self._new())

    def end(self):
        """Kill all; what they reported before counts."""
        for writer in self._running:
            self._kill(writer)
        os.close(self._report)
        while reported := os.read(self._reports, 65536):
            self._rest += reported
        self.slugs += self._rest.decode().splitlines()

    def _new(self):
        writer = _processes.Process(target=write, args=[f"w{next(self._names)}", self._report], daemon=True)
        writer.start()
        return writer

    def _kill(self, writer):
        writer.kill()
        writer.join()


@contextmanager
def writers():
    """Yield Writers; no connection of ours may be shared with them."""
    connection.close()
    some = Writers()
    try:
        yield some
    finally:
        some.end()


def kill_sqlite(kills):
    """Kill processes that write to a file; return the Writers."""
    call_command("migrate", verbosity=0)
    with writers() as some:
        for _number in range(kills):
            some.wait()
            some.kill_one()
    return some


def kill_postgresql(rounds):
    """Kill a server that is written to, with all its processes, and start it again each time; return the Writers."""
    call_command("migrate", verbosity=0)
    with writers() as some:
        for _number in range(rounds):
            some.wait()
            server.kill()
            server.start()
        some.wait()
    return some


def figures(kills, slugs):
    """Return what was acknowledged and what of it is missing, as a dictionary for the table."""
    from partners.models import Institution, missing_triggers

    found = set(Institution.objects.values_list("slug", flat=True))
    with_history = set(Institution.history.values_list("slug", flat=True))
    is_broken = False
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            is_broken = cursor.fetchone() != ("ok",)
    lost = len(set(slugs) - found) + len(set(slugs) - with_history)
    wrong = lost + int(is_broken) + len(missing_triggers())
    return {"killed": kills, "acknowledged": len(slugs), "lost": lost, "wrong": wrong}


if __name__ == "__main__":
    vendor, kills = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="killed-") as folder:
        server = Server(Path(folder)) if vendor == "postgresql" else None
        if server:
            server.make()
            server.start()
            os.environ["DATABASE_URL"] = server.url
        django.setup()
        try:
            some = kill_postgresql(kills) if server else kill_sqlite(kills)
            json.dump(figures(kills, some.slugs), sys.stdout)
        finally:
            connection.close()
            if server:
                server.kill()
