"""Every kind of page as a client receives it, cold and kept, beside the empty view; and while much else goes on."""

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import brotli

from tools.bench import databases, questions
from tools.bench.client import Client, Times, UnexpectedAnswerError, requests_per_second
from tools.bench.measure import CLIENTS, EMPTY, Site
from tools.bench.site import ROOT

SAMPLES = 20  # of each kind, cold; each is asked twice more
OF_FACETS = ("list", "list in Russian", "coverage", "pipeline", "map")  # whose filter an edit of a facet changes
EDITED = 50  # institutions, again and again: more would be read into a new index
DAY, EDIT_EVERY = 60, 10  # seconds
FILL = 60  # seconds in which pages are asked for once each, until no more can be kept
BUSY = 60  # seconds in which others ask for files
AFTERWARDS = 6  # seconds after many edits
MANY_EDITS = (300, 10_000)  # rows
SETTLED = 3  # seconds after which the process that wrote a file has ended
WARM, RATES = 10, 3  # seconds; in the first ones each worker writes every page once
VISITORS = 16


class Page(NamedTuple):
    """What one kind of page takes: the first time after an edit whose position is held, and asked for again."""

    first: float  # median of addresses that nobody has asked for before, English lists aside
    cold: Times
    kept: Times
    empty: Times  # the empty view meanwhile
    bytes: int  # on the wire


def every_kind(site: Site, facts: dict) -> None:
    """Measure each kind of page in turn; edits between make each first answer a cold one."""
    client, kinds = Client(site.server.address), questions.kinds(facts)
    asked = {name: addresses for name, addresses in kinds.items() if addresses}
    with databases.editor(site.url, "edit") as edit:
        found = {name: _kind(client, addresses, edit) for name, addresses in asked.items()}
    with databases.editor(site.url, "facet") as edit:
        found |= {f"{name}, a facet edited": _kind(client, asked[name], edit) for name in OF_FACETS}
    site.figures["pages of every kind"] = found
    kept = [addresses[0] for addresses in kinds.values() if addresses]
    most = max(CLIENTS)
    requests_per_second(site.server.address, kept, most, WARM)
    rates = [requests_per_second(site.server.address, paths, most, RATES) for paths in (kept, [EMPTY])]
    site.figures["kept rate"] = rates[0] / rates[1]
    client.get("/institutions.csv", keep=False)
    time.sleep(SETTLED)
    csv = Times.of([client.get("/institutions.csv", keep=False).first for _time in range(SAMPLES)])
    site.figures["first byte"] = csv.p50 / Times.of([client.seconds(EMPTY) for _time in range(SAMPLES)]).p50


def _kind(client, addresses, edit):
    """Return the Page of some addresses; each is asked for once before it is measured."""
    empty, kept = [], []

    def cold(number):
        address = addresses[number % len(addresses)]
        edit(number % EDITED)
        client.get(f"/suggest/?q=zz{number}")  # the process reads what changed in every list
        empty.append(client.seconds(EMPTY))
        return _page(client, address)

    first = statistics.median(cold(number).seconds for number in range(min(SAMPLES, len(addresses))))
    answers = []
    for number in range(SAMPLES):
        answers.append(cold(number))
        kept += [_page(client, addresses[number % len(addresses)]).seconds for _time in range(2)]
    times = [Times.of(seconds) for seconds in ([answer.seconds for answer in answers], kept, empty)]
    return Page(first, *times, bytes=len(answers[-1].body))


def _page(client, address):
    """Return an answer as a browser asks for it, after a look at what it unpacks to.

    :raises UnexpectedAnswerError: where that is no whole page.
    """
    answer = client.get(address, Accept_Encoding="br")
    is_packed = answer.headers.get("Content-Encoding") == "br"
    body = brotli.decompress(answer.body) if is_packed else answer.body
    if b"</html>" not in body[-20:] and not address.startswith("/suggest/"):
        raise UnexpectedAnswerError(f"{address} ends with {body[-20:]}")
    return answer


def _seconds_a_row(client, path):
    """Return how long a row of a large file takes that nobody has asked for."""
    answer = client.get(f"{path}?sort=newest", keep=False)
    return answer.seconds / int(answer.headers["X-Row-Count"])


def day(site: Site, facts: dict) -> None:
    """Measure a day's traffic: some addresses often, most seldom, and an edit now and then; then the memory."""
    client, draw = Client(site.server.address), random.Random(questions.NUMBER)
    addresses, weights = questions.of_a_day(facts)
    seconds, empty, end = [], [], time.monotonic() + DAY
    with databases.editor(site.url, "edit") as edit:
        next_edit = time.monotonic() + EDIT_EVERY
        while time.monotonic() < end:
            if time.monotonic() > next_edit:
                edit(draw.randrange(EDITED))
                next_edit += EDIT_EVERY
            [address] = draw.choices(addresses, weights)
            seconds.append(client.seconds(address, keep=False, Accept_Encoding="br"))
            if len(seconds) % 20 == 0:
                empty.append(client.seconds(EMPTY))
    site.figures["day"], site.figures["day empty"] = Times.of(seconds), Times.of(empty)
    requests_per_second(site.server.address, questions.pages_of_list(facts), max(CLIENTS), FILL)
    site.figures["workers bytes"] = site.server.memory_of_workers()


class Busy(NamedTuple):
    """What pages take while much else goes on."""

    times: Times
    worst: float  # seconds
    refused: int  # of how many answers
    number: int

    @classmethod
    def of(cls, answers: list) -> "Busy":
        """Summarise answers."""
        seconds = [answer.seconds for answer in answers]
        refused = sum(answer.status != 200 for answer in answers)
        return cls(Times.of(seconds), max(seconds), refused, len(answers))


def while_others(site: Site, facts: dict, mixed: list[questions.Question], file: Path) -> None:
    """Measure lists and searches while nobody else asks, while others ask for files, and while many rows change.

    At the end a row of what changed, beside one of the list.
    """
    client = Client(site.server.address)
    lists = cycle(questions.our_path(question) for question in mixed)
    searches = cycle(questions.kinds(facts)["text search"])

    def ask(goes_on) -> tuple[Busy, Busy]:
        found = [], []
        while goes_on() or len(found[0]) < 2:
            for addresses, answers in zip((lists, searches), found, strict=True):
                answers.append(client.ask(next(addresses), Accept_Encoding="br"))
        return tuple(map(Busy.of, found))

    def seconds(number):
        end = time.monotonic() + number
        return lambda: time.monotonic() < end

    busy = site.figures["while others"] = {"idle": ask(seconds(AFTERWARDS))}
    with _visitors(site.server.address, questions.files(facts, VISITORS), BUSY) as visitors:
        busy[f"{VISITORS} visitors ask for files"] = ask(lambda: visitors.poll() is None)
        site.figures["visitors"] = visitors.stdout.read().strip()
    for number in MANY_EDITS:
        with databases.editor(site.url, "touch") as edit:
            edit(number)
        busy[f"after {number:,} edited rows"] = ask(seconds(AFTERWARDS))
    command = [sys.executable, "manage.py", "import_ror", str(file)]
    with subprocess.Popen(command, cwd=ROOT, env=site.variables, stdout=subprocess.DEVNULL) as process:
        busy["while a release is imported"] = ask(lambda: process.poll() is None)
    # There are as many changes now as there are records; of a few, the process that writes a file would be most.
    site.figures["changes row"] = _seconds_a_row(client, "/changes.csv") / _seconds_a_row(client, "/institutions.csv")


@contextmanager
def _visitors(address: str, paths: list[str], seconds: int) -> Iterator[subprocess.Popen]:
    """Let others ask for files meanwhile, from a process that leaves the processor to the server."""
    command = ["nice", sys.executable, "-m", "tools.bench.visitors", address, str(seconds), *paths]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield process
