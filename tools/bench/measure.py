"""What is asked of the servers of one size, and what they answered."""

import gzip
import itertools
import json
import statistics
from dataclasses import dataclass, field
from pathlib import Path

from tools.bench import bare, databases, questions
from tools.bench.client import Client, Times, requests_per_second
from tools.bench.site import Server, run_python

ROUNDS = 5  # of the mixed questions; Datasette and SQL are asked once
OF_SQL, OF_DATASETTE = 10, 5  # questions where there are many institutions
PATIENCE = 300  # seconds of answering after which Datasette is asked no further question
BEARABLE = 2.0  # seconds; where Datasette's page takes longer, its CSV and its rates are left out
REPEATS = 40  # of a single page
NEIGHBOURS = 3  # requests before an edit, and as many after the one that follows it
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


class StaleAnswerError(Exception):
    """A page was answered after an edit as before it."""


def without_server(site: Site, mixed: list[questions.Question], institutions: int) -> None:
    """Measure the index and SQL while nothing is served."""
    text = json.dumps([mixed, questions.some(mixed, OF_SQL, institutions)])
    inside = json.loads(run_python(site.variables, "-m", "tools.bench.step", "measure", text=text))
    site.figures |= {
        "index built": inside["built"],
        "index bytes": inside["bytes"],
        "index": Times.of(inside["index"]),
        "index beside sql": Times.of(inside["index beside sql"]),
        "sql": Times.of(inside["sql"]),
        "sql questions": len(inside["sql"]),
    }


def warm(site: Site) -> None:
    """Let every worker read its templates and connect; note what it holds then."""
    site.client = Client(site.server.address)
    site.client.get("/institutions/")  # the server first builds its index
    requests_per_second(site.server.address, ["/institutions/"], max(CLIENTS), LOAD)
    site.figures["worker bytes"] = site.server.shared_memory()


def mixed_pages(sites: list[Site], datasette: Server, mixed: list[questions.Question], institutions: int) -> dict:
    """Ask everybody every question in turn; return the figures of Datasette.

    What a site took for the questions that Datasette was asked too is also counted by itself.
    """
    seconds = {(site.database, name): [] for site in sites for name in ("empty", "list", "list beside Datasette")}
    peer, peers, shared = Client(datasette.address), [], []
    of_peer = questions.some(mixed, OF_DATASETTE, institutions)
    for number in range(ROUNDS):
        for question in mixed:
            if number == 0 and question in of_peer and (len(peers) < 2 or sum(peers) < PATIENCE):
                peers.append(peer.seconds(questions.datasette_path(question)))
                shared.append(question)
            for site in sites:
                seconds[site.database, "empty"].append(site.client.seconds(EMPTY))
                taken = site.client.seconds(questions.our_path(question))
                seconds[site.database, "list"].append(taken)
                if question in shared:
                    seconds[site.database, "list beside Datasette"].append(taken)
    for site in sites:
        of_site = {name: Times.of(taken) for (database, name), taken in seconds.items() if database == site.database}
        site.figures |= of_site
    return of_datasette(datasette, peers, mixed)


def of_datasette(server: Server, seconds: list[float], mixed: list[questions.Question]) -> dict:
    """Return the figures of Datasette: its pages, and where they are bearable its CSV and its rates."""
    found = {"list": Times.of(seconds), "questions": len(seconds)}
    if found["list"].p50 <= BEARABLE:
        paths = [questions.datasette_path(question) for question in mixed]
        found["csv"] = Client(server.address).seconds("/datasette/institutions.csv?_stream=1", keep=False)
        found["rates"] = {clients: requests_per_second(server.address, paths, clients, LOAD) for clients in CLIENTS}
    return found


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
    """Measure by how much the request after each kind of edit is slower than those around it, all on one connection.

    The first one is apart: there the worker begins to write to memory that it shares with the other.

    :raises StaleAnswerError: when the request after an edit is answered as before it.
    """
    client = Client(site.server.address)
    for name in ("edit", "rename"):
        first, *others = _later_by(client, site, name)
        site.figures |= {f"first {name}": first, name: Times.of(others)}


def _later_by(client, site, name):
    """Return by how many seconds the request after each edit is slower than others whose answers are not held."""
    pages = (f"/institutions/?page={number}" for number in itertools.count(41))
    later, around = [], [client.seconds(next(pages)) for _time in range(NEIGHBOURS)]
    tag = client.get("/institutions/").headers.get("ETag")
    with databases.editor(site.url, name) as edit:
        for number in range(REPEATS + 1):
            edit(number)
            edited = client.seconds(next(pages))
            former, tag = tag, client.get("/institutions/").headers.get("ETag")
            if former == tag:
                raise StaleAnswerError(f"{name} {number} of {site.database}")
            following = [client.seconds(next(pages)) for _time in range(NEIGHBOURS)]
            later.append(edited - statistics.median([*around, *following]))
            around = following
    return later


def files(site: Site, countries: dict[str, int]) -> None:
    """Measure CSV of everything, and XLSX and CSV of about 30,000 rows, with what they make a worker grow.

    The database's own CSV is written between ours: the machine is faster in one minute than in another.
    """
    bare_csv = []
    some = questions.our_path(questions.adding_up_to(XLSX_ROWS, countries)).removeprefix("/institutions/")
    for name, path in (
        ("csv", "/institutions.csv"),
        ("part csv", f"/institutions.csv{some}"),
        ("part xlsx", f"/institutions.xlsx{some}"),
    ):
        with site.server.growing() as growth:
            answers = []
            for _time in range(FILES):
                if name == "csv":
                    bare_csv.append(bare.write_csv(site.url))
                answers.append(site.client.get(path, keep=False))
        site.figures[name] = min(answer.seconds for answer in answers)
        site.figures[f"{name} bytes"] = growth[0]
        site.figures[f"{name} rows"] = int(answers[0].headers["X-Row-Count"])
    site.figures["bare csv"] = min(bare_csv)


def rates(site: Site, mixed: list[questions.Question]) -> None:
    """Measure how many pages a second go out to one client and to several."""
    paths = {"empty": [EMPTY], "list": [questions.our_path(question) for question in mixed]}
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
