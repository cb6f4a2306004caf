"""What is asked of the servers of one size, and what they answered."""

import gzip
import json
from dataclasses import dataclass, field
from pathlib import Path

from . import bare, databases, questions
from .client import Client, Times, requests_per_second
from .site import Server, run_python

ROUNDS = 5  # of the mixed questions; Datasette is asked in the first
REPEATS = 40  # of a single page
FILES = 3  # times that a file is fetched
PAGES = range(1, 41)
XLSX_ROWS = 30_000
LOAD = 5  # seconds at each number of clients
CLIENTS = (1, 8)
EMPTY = "/bench/empty/"


@dataclass
class Site:
    """The directory over one database, and its figures: seconds, bytes and times by name."""

    database: str
    url: str
    variables: dict[str, str]
    figures: dict = field(default_factory=dict)
    server: Server | None = None
    client: Client | None = None


def without_server(site: Site, asked: list[questions.Question]) -> None:
    """Measure the index, SQL and the database's own CSV while nothing is served."""
    inside = json.loads(run_python(site.variables, "-m", "tests.bench.step", "measure", text=json.dumps(asked)))
    site.figures |= {
        "index built": inside["built"],
        "index bytes": inside["bytes"],
        "index": Times.of(inside["index"]),
        "sql": Times.of(inside["sql"]),
        "bare csv": min(bare.write_csv(site.url) for _time in range(FILES)),
    }


def warm(site: Site) -> None:
    """Let every worker read its templates and connect; note what it holds then."""
    site.client = Client(site.server.address)
    requests_per_second(site.server.address, ["/institutions/"], max(CLIENTS), LOAD)
    site.figures["worker bytes"] = site.server.shared_memory()


def mixed_pages(sites: list[Site], datasette: Server, asked: list[questions.Question]) -> dict:
    """Ask everybody every question in turn; return the figures of Datasette."""
    empty, lists = {site.database: [] for site in sites}, {site.database: [] for site in sites}
    peer, peers = Client(datasette.address), []
    for number in range(ROUNDS):
        for question in asked:
            for site in sites:
                empty[site.database].append(site.client.seconds(EMPTY))
                lists[site.database].append(site.client.seconds(questions.our_path(question)))
            if number == 0:
                peers.append(peer.seconds(questions.datasette_path(question)))
    for site in sites:
        site.figures |= {"empty": Times.of(empty[site.database]), "list": Times.of(lists[site.database])}
    return {
        "list": Times.of(peers),
        "csv": peer.seconds("/datasette/institutions.csv?_stream=1", keep=False),
        "rates": {
            clients: requests_per_second(
                datasette.address, [questions.datasette_path(question) for question in asked], clients, LOAD
            )
            for clients in CLIENTS
        },
    }


def single_pages(site: Site) -> None:
    """Measure the first page with and without its facets and unchanged, the first forty pages, and deeper ones."""
    ask = site.client.seconds
    first = site.client.get("/institutions/")
    site.figures["compressed bytes"] = len(gzip.compress(first.body, 6))
    tag = first.headers.get("ETag")
    series = {"with facets": [], "without facets": [], "unchanged": [], "empty meanwhile": []}
    for _time in range(REPEATS):
        series["with facets"].append(ask("/institutions/"))
        series["without facets"].append(ask("/bench/institutions/"))
        series["empty meanwhile"].append(ask(EMPTY))
        if tag:
            series["unchanged"].append(ask("/institutions/", status=304, If_None_Match=tag))
    site.figures |= {name: Times.of(seconds) for name, seconds in series.items() if seconds}
    site.figures["pages"] = Times.of([ask(f"/institutions/?page={page}") for _time in range(2) for page in PAGES])


def deep_pages(site: Site, institutions: int) -> None:
    """Measure the page in the middle and the last one, in two orders."""
    last = -(-institutions // 25)
    for name, page in (("middle page", last // 2), ("last page", last)):
        addresses = [f"/institutions/?page={page}", f"/institutions/?page={page}&sort=verified"]
        site.figures[name] = Times.of([site.client.seconds(address) for _time in range(5) for address in addresses])


def edits(site: Site) -> None:
    """Measure by how much the request after an edit is slower than the one before it, on the same connection."""
    beyond = []
    with databases.editor(site.url) as edit:
        for number in range(REPEATS):
            before = min(site.client.seconds("/institutions/") for _time in range(3))
            edit(number)
            beyond.append(site.client.seconds("/institutions/") - before)
    site.figures["edit"] = Times.of(beyond)


def files(site: Site, countries: dict[str, int]) -> None:
    """Measure CSV of everything, and XLSX and CSV of about 30,000 rows, with what they make a worker grow."""
    some = questions.our_path(questions.adding_up_to(XLSX_ROWS, countries)).removeprefix("/institutions/")
    for name, path in (
        ("csv", "/institutions.csv"),
        ("part csv", f"/institutions.csv{some}"),
        ("part xlsx", f"/institutions.xlsx{some}"),
    ):
        with site.server.growing() as growth:
            answers = [site.client.get(path, keep=False) for _time in range(FILES)]
        site.figures[name] = min(answer.seconds for answer in answers)
        site.figures[f"{name} bytes"] = growth[0]
        site.figures[f"{name} rows"] = int(answers[0].headers["X-Row-Count"])


def rates(site: Site, asked: list[questions.Question]) -> None:
    """Measure how many pages a second go out to one client and to several."""
    paths = {"empty": [EMPTY], "list": [questions.our_path(question) for question in asked]}
    for name, addresses in paths.items():
        site.figures[f"{name} rates"] = {
            clients: requests_per_second(site.server.address, addresses, clients, LOAD) for clients in CLIENTS
        }


def import_seconds(clock, site: Site, file: Path) -> float:
    """Return how long `import_ror` takes, beginning to end, on a directory that was just started."""
    databases.prepare(site.variables)
    start = clock()
    run_python(site.variables, "manage.py", "import_ror", str(file))
    return clock() - start
