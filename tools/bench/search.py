"""Measure the search: ``python -m tools.bench.search FILE``; FILE is a release of the Research Organization Registry.

Real affiliations with the organisation that is meant (`tests/data/search-queries.json`) are asked of a directory with
all records, on SQLite, and under ``python -m tools.postgres -m tools.bench.search FILE`` on PostgreSQL beside it. In
the same process SQLite's full-text search (FTS5, bm25 over each folded name, all words or-ed) answers them too.
"""

import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

QUERIES = Path(__file__).parents[2] / "tests/data" / "search-queries.json"
LOOKED_AT = 20  # rows of an answer
MISSING = LOOKED_AT + 1  # the rank of what is not among them
BEST_NAMES = 3 * LOOKED_AT  # an institution has three names
ROUNDS = 3  # of which the shortest time of each query counts
TO_REACH = {"right one first": "≥ 94 %", "among five": "≥ 98.5 %", "mean rank (21 when missing)": "≤ 1.35"}


def main(file: Path) -> None:
    """Fill a directory on each database, ask, and print a table."""
    from tools.bench import databases
    from tools.bench.site import environment, run_python

    columns = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        for database, url in databases.urls(folder, "searched").items():
            variables = environment(url, folder / "static")
            databases.prepare(variables)
            run_python(variables, "manage.py", "import_ror", str(file))
            for peer, figures in json.loads(run_python(variables, "-m", "tools.bench.search")).items():
                columns[f"{peer} ({database})"] = figures
    print(f"| figure | to reach | {' | '.join(columns)} |\n|---|---|{'---|' * len(columns)}")
    for figure in next(iter(columns.values())):
        print(
            f"| {figure} | {TO_REACH.get(figure, '')} | {' | '.join(column[figure] for column in columns.values())} |"
        )


def measure() -> dict[str, dict[str, str]]:
    """Return the figures of the directory and of the full-text search, in the database of the environment."""
    from partners.index import current
    from partners.lists.filters import InstitutionFilter
    from partners.models import Institution

    meant = {}
    for institution in Institution.objects.exclude(ror_id="").select_related("replaced_by"):
        meant[institution.ror_id] = institution.replacements()[-1].pk
    with current.read_moment():
        index = current.index_of(InstitutionFilter)

        def directory(text: str) -> list[int]:
            return InstitutionFilter.asking(q=[text]).answer.keys(0, LOOKED_AT)

        asked = {"directory": directory, "FTS5 bm25": _full_text_search(index)}
        return {name: _figures(ask, meant) for name, ask in asked.items()}


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


def _figures(ask: Callable[[str], list[int]], meant: dict[str, int]) -> dict[str, str]:
    """Return {figure: value} of one way to answer the queries."""
    queries = json.loads(QUERIES.read_text(encoding="utf-8"))
    ranks, seconds = [], []
    for query in queries:
        times = []
        for _round in range(ROUNDS):
            start = time.perf_counter()
            found = ask(query["query"])
            times.append(time.perf_counter() - start)
        seconds.append(min(times))
        target = meant[query["ror_id"]]
        ranks.append(found.index(target) + 1 if target in found else MISSING)
    return {
        "right one first": f"{sum(rank == 1 for rank in ranks) / len(ranks):.1%}",
        "among five": f"{sum(rank <= 5 for rank in ranks) / len(ranks):.1%}",
        "mean rank (21 when missing)": f"{statistics.mean(ranks):.2f}",
        "median time of a query": f"{statistics.median(seconds) * 1000:.1f} ms",
        "95 % are answered within": f"{statistics.quantiles(seconds, n=20)[-1] * 1000:.1f} ms",
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:  # in a process of its own for each database
        django.setup()
        json.dump(measure(), sys.stdout)
