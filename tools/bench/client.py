"""A visitor with a clock: one connection, one request after the other."""

import statistics
import threading
import time
from http.client import HTTPConnection
from itertools import cycle, islice
from typing import NamedTuple
from urllib.parse import urlsplit

IDLE = 1.0  # seconds; gunicorn closes a connection that is idle for two
CHUNK = 1 << 16  # bytes


class Answer(NamedTuple):
    """What came back, and how long it took from the first byte sent to the last byte read."""

    status: int
    seconds: float
    first: float  # seconds until the first byte of the body
    headers: dict[str, str]
    body: bytes  # nothing where it was to be thrown away


class Times(NamedTuple):
    """A median and a 95th percentile in seconds."""

    p50: float
    p95: float

    @classmethod
    def of(cls, seconds: list[float]) -> "Times":
        """Summarise some measurements; two at least."""
        return cls(statistics.median(seconds), statistics.quantiles(seconds, n=20, method="inclusive")[18])


class UnexpectedAnswerError(Exception):
    """The server gave another status than the one that is measured."""


class Client:
    """One connection to one server."""

    def __init__(self, address: str):
        self.connection = HTTPConnection(urlsplit(address).netloc, timeout=1800)
        self.used = None

    def get(self, path: str, *, status: int = 200, keep: bool = True, **headers: str) -> Answer:
        """Ask for a path and read the whole answer; to connect is not counted.

        :raises UnexpectedAnswerError: when the status is another one.
        """
        answer = self.ask(path, keep=keep, **headers)
        if answer.status != status:
            raise UnexpectedAnswerError(f"{path} answered {answer.status}, not {status}")
        return answer

    def ask(self, path: str, *, keep: bool = True, **headers: str) -> Answer:
        """Do the same, whatever the status is."""
        if self.used is None or time.monotonic() - self.used > IDLE:
            self.connection.close()
            self.connection.connect()
        start = time.perf_counter()
        self.connection.request("GET", path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        response = self.connection.getresponse()
        body = bytearray(response.read(1))
        first = time.perf_counter() - start
        while chunk := response.read(CHUNK):
            if keep:
                body += chunk
        seconds = time.perf_counter() - start
        self.used = time.monotonic()
        return Answer(response.status, seconds, first, dict(response.getheaders()), bytes(body))

    def seconds(self, path: str, **how) -> float:
        """Return how long an answer took."""
        return self.get(path, **how).seconds


def requests_per_second(address: str, paths: list[str], clients: int, seconds: float) -> float:
    """Return the rate at which some clients together are answered, each going round the paths for some seconds."""
    done = [0] * clients
    start = time.monotonic()
    visits = [
        threading.Thread(target=_visit, args=(address, paths, number, start + seconds, done))
        for number in range(clients)
    ]
    for visit in visits:
        visit.start()
    for visit in visits:
        visit.join()
    return sum(done) / (time.monotonic() - start)


def _visit(address, paths, number, end, done):
    client = Client(address)
    for path in islice(cycle(paths), number * 7 % len(paths), None):
        if time.monotonic() >= end:
            return
        client.get(path, keep=False)
        done[number] += 1
