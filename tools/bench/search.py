"""Measure the search: ``python -m tools.bench.search FILE [SET …]``; FILE is a release of the ROR.

Real affiliations with the organisation that is meant (`tests/data/search-queries.json`), and what people do to names
(`search_sets`), are asked of a directory with all records, on SQLite, and under ``python -m tools.postgres -m
tools.bench.search FILE`` on PostgreSQL beside it. In the same process SQLite's full-text search (FTS5, bm25 over each
folded name, all words or-ed) answers them too, in turn. `HELD_BACK=1` takes the
seeds that nobody tuned on. With `-` for FILE it asks the database of the environment, as it is.
"""

import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

from tools.bench.search_keyboards import SETS
from tools.bench.search_sets import HELD_BACK, SEEDS, Name, Question, questions

QUERIES = Path(__file__).parents[2] / "tests/data" / "search-queries.json"
REAL = "real-affiliations"
LOOKED_AT = 20  # rows of an answer
MISSING = LOOKED_AT + 1  # the rank of what is not among them
BEST_NAMES = 3 * LOOKED_AT  # an institution has three names
ROUNDS = 2  # of which the shorter time of each query counts
COLUMNS = ["first", "in five", "mean rank", "empty", "median ms", "95 % within ms"]


def main(file: Path, titles: list[str]) -> None:
    """Fill a directory on each database, ask, and print a table of each."""
    from tools.bench import databases
    from tools.bench.site import environment, run_python

    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        for database, url in databases.urls(folder, "searched").items():
            variables = environment(url, folder / "static")
            databases.prepare(variables)
            run_python(variables, "manage.py", "import_ror", str(file))
            print(f"\n{database}\n\n{run_python(variables, '-m', 'tools.bench.search', '-', *titles)}", flush=True)


def measure(titles: list[str]) -> None:
    """Print the figures of the directory and of the full-text search, in the database of the environment."""
    from partners.index import current
    from partners.lists.filters import InstitutionFilter

    seeds = HELD_BACK if os.environ.get("HELD_BACK") else SEEDS
    names = _names()
    print(f"Seeds {', '.join(map(str, seeds))}; the directory, and FTS5 bm25 behind a slash\n")
    print(f"| set | {' | '.join(COLUMNS)} | times FTS5: median, 95 % |\n|---|{'---|' * (len(COLUMNS) + 1)}")
    with current.in_snapshot():
        index = current.index_of(InstitutionFilter)

        def directory(text: str) -> list[int]:
            return InstitutionFilter.asking(q=[text]).results.keys(0, LOOKED_AT)

        peer = _full_text_search(index)
        for title in titles or [REAL, *SETS]:
            of_set = _real() if title == REAL else questions(names, title, seeds)
            ours, theirs = _figures(of_set, directory, peer)
            cells = [f"{one:{form}} / {other:{form}}" for form, one, other in zip(FORMS, ours, theirs, strict=True)]
            ratios = f"{ours[-2] / theirs[-2]:.2f}, {ours[-1] / theirs[-1]:.2f}"
            print(f"| {title} ({len(of_set)}) | {' | '.join(cells)} | {ratios} |", flush=True)


FORMS = [".1%", ".1%", ".2f", "d", ".1f", ".1f"]


def _names() -> list[Name]:
    """Return the names of all that is listed, each with its place."""
    from partners.models import Institution, InstitutionName

    institutions = Institution.objects.published().select_related("city", "country").order_by("pk")
    places = {
        one.pk: (one.name, one.city.name if one.city else "", one.country.cldr_name("en") if one.country else "")
        for one in institutions
    }
    further = InstitutionName.objects.filter(institution__in=institutions).order_by("pk")
    return [Name(pk, "", name, city, country) for pk, (name, city, country) in places.items()] + [
        Name(one.institution_id, one.language, one.value, *places[one.institution_id][1:])
        for one in further
        if one.institution_id in places and one.value != places[one.institution_id][0]
    ]


def _real() -> list[Question]:
    from partners.models import Institution

    meant = {}
    for institution in Institution.objects.exclude(ror_id="").select_related("replaced_by"):
        meant[institution.ror_id] = institution.replacements()[-1].pk
    queries = json.loads(QUERIES.read_text(encoding="utf-8"))
    return [Question(query["query"], frozenset([meant[query["ror_id"]]])) for query in queries]


def _full_text_search(index) -> Callable[[str], list[int]]:
    """Return what answers a text by bm25 over folded names, an institution by its best one."""
    from partners.search import fold

    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE names USING fts5(key UNINDEXED, value)")
    rows = ((key, name) for key in index.keys for name in index.corpus.names_of(key).strip().split("\n"))
    connection.executemany("INSERT INTO names VALUES (?, ?)", rows)

    def ask(text: str) -> list[int]:
        words = " OR ".join(f'"{spelling}"' for word in fold(text) for spelling in word)
        found = connection.execute(
            "SELECT key FROM names WHERE names MATCH ? ORDER BY rank LIMIT ?", [words, BEST_NAMES]
        )
        return list(dict.fromkeys(key for (key,) in found))[:LOOKED_AT]

    return ask


def _figures(of_set: list[Question], *peers: Callable[[str], list[int]]) -> list[tuple]:
    """Return the figures of each peer, as `COLUMNS` says, each question asked of them in turn."""
    ranks, seconds, empty = [[] for _peer in peers], [[] for _peer in peers], [0 for _peer in peers]
    for question in of_set:
        for at, ask in enumerate(peers):
            times = []
            for _round in range(ROUNDS):
                start = time.perf_counter()
                found = ask(question.text)
                times.append(time.perf_counter() - start)
            seconds[at].append(1000 * min(times))
            empty[at] += not found
            ranks[at].append(next((rank for rank, key in enumerate(found, 1) if key in question.meant), MISSING))
    return [
        (
            sum(rank == 1 for rank in of_peer) / len(of_set),
            sum(rank <= 5 for rank in of_peer) / len(of_set),
            statistics.mean(of_peer),
            empty[at],
            statistics.median(seconds[at]),
            statistics.quantiles(seconds[at], n=20)[-1],
        )
        for at, of_peer in enumerate(ranks)
    ]


if __name__ == "__main__":
    _self, file, *chosen = sys.argv
    if file == "-":  # in a process of its own for each database
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consortium.settings")
        django.setup()
        measure(chosen)
    else:
        main(Path(file), chosen)
