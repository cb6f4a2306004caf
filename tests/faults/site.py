"""The directory under gunicorn in production settings, over a database that a test has in hand."""

import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command
from django.test import override_settings

from consortium.staticfiles import Storage

ROOT = Path(__file__).parents[2]


class Answer(NamedTuple):
    """What came back, and how long it took in seconds."""

    status: int
    headers: dict
    body: bytes
    seconds: float


class Site:
    """A running directory and what it wrote to its log."""

    def __init__(self, listener, log, workers, **process):
        self.port = listener.getsockname()[1]
        self._listener, self._log, self._workers, self._process = listener, log, workers, process
        self.start()

    def start(self):
        """Start the server; what was asked before waits in the queue of the socket, which stays open."""
        bind = ["--config", "consortium/gunicorn.py", "--bind", f"fd://{self._listener.fileno()}"]
        bind += ["--workers", str(self._workers)]
        with self._log.open("a") as written:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "consortium.wsgi", *bind, "--log-level", "warning"],
                cwd=ROOT,
                pass_fds=[self._listener.fileno()],
                stderr=written,
                **self._process,
            )

    def get(self, address, cookie="", **headers):
        """Ask on a new connection."""
        return self._ask("GET", address, None, headers | ({"Cookie": cookie} if cookie else {}))

    def post(self, address, fields, cookie):
        """Post a form with a cookie."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        return self._ask("POST", address, urlencode(fields), headers)

    def _ask(self, *request):
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(*request)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        return Answer(response.status, dict(response.headers), body, time.monotonic() - began)

    def get_until(self, address, status, seconds):
        """Ask again and again until a status comes; return the Answer, the last one if the time is up."""
        until = time.monotonic() + seconds
        while (answer := self.get(address)).status != status and time.monotonic() < until:
            pass
        return answer

    def log(self):
        return self._log.read_text()


def environment(database_url, static, **more):
    return os.environ | {
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "0",
        "DATABASE_URL": database_url,
        "STATIC_ROOT": str(static),
        **more,
    }


class Uncompressed(ManifestStaticFilesStorage):
    """Hashed names as in production; to compress a thousand files would take most of the time of the tests."""

    patterns = Storage.patterns


def collect_static(folder):
    """Collect the static files into a folder."""
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": f"{__name__}.Uncompressed"}}
    with override_settings(STORAGES=storages, STATIC_ROOT=folder):
        call_command("collectstatic", interactive=False, verbosity=0)


@contextmanager
def serve(database_url, static, log, preexec=None, workers=1, **more):
    """Yield a Site."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        site = Site(listener, log, workers, env=environment(database_url, static, **more), preexec_fn=preexec)
        try:
            yield site
        finally:
            site.server.terminate()
            site.server.wait()
