"""Measure the search: ``python -m tools.bench.search FILE [SET …]``; FILE is a release of the ROR.

Real affiliations with the organisation that is meant (`tests/data/search-queries.json`), and what people do to names
(`search_sets`), are asked of a directory with all records, on SQLite, and under ``python -m tools.postgres -m
tools.bench.search FILE`` on PostgreSQL beside it. In the same process SQLite's full-text search (FTS5, bm25 over each
folded name, all words or-ed) answers them too, in turn. Times are those of the processor, so that a busy machine
matters less; only their ratios say something. `HELD_BACK=1` takes the seeds that nobody tuned on. With `-` for FILE it
asks the database of the environment, as it is.
"""

import json
import os
import pickle
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from tools.bench.search_keyboards import SETS, on_latin_keys
from tools.bench.search_sets import HELD_BACK, SEEDS, Name, Question, questions

QUERIES = Path(__file__).parents[2] / "tests/data" / "search-queries.json"
REAL = "real-affiliations"
LOOKED_AT = 20  # rows of an answer
MISSING = LOOKED_AT + 1  # the rank of what is not among them
BEST_NAMES = 3 * LOOKED_AT  # an institution has three names
ROUNDS = 2  # of which the shorter time of each query counts
LETTERS = 200  # of the longest text
TYPED = 50  # real affiliations whose list page and suggestions are compared
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
            run_python(variables, "manage.py", "collectstatic", "--no-input", "--verbosity", "0")
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
    current.prepare(InstitutionFilter)
    with current.in_snapshot():
        index = current.index_of(InstitutionFilter)
        # Before it is asked: from then on it holds what is made for questions, and is not stored.
        of_index, of_texts = (len(pickle.dumps(part)) / 1e6 for part in (index, index.corpus))

        def directory(text: str) -> list[int]:
            return InstitutionFilter.asking(q=[text]).results.keys(0, LOOKED_AT)

        peer = _full_text_search(index)
        for title in titles or [REAL, *SETS]:
            of_set = _real() if title == REAL else questions(names, title, seeds)
            ours, theirs = _figures(of_set, directory, peer)
            cells = [f"{one:{form}} / {other:{form}}" for form, one, other in zip(FORMS, ours, theirs, strict=True)]
            ratios = f"{ours[-2] / theirs[-2]:.2f}, {ours[-1] / theirs[-1]:.2f}"
            print(f"| {title} ({len(of_set)}) | {' | '.join(cells)} | {ratios} |", flush=True)
        usual = [_timed(directory, question.text)[0] for question in _real()]
        longest = {text: _timed(directory, text)[0] for text in _longest(names)}
    slowest = max(longest, key=longest.get)
    times = longest[slowest] / statistics.median(usual)
    print(f"\nThe slowest text of {LETTERS} letters: {times:.1f} times a real affiliation ({slowest[:40]}…)")
    print(f"A page of suggestions: {_suggestion_to_list():.2f} times the page of the list")
    print(f"The index as it is stored: {of_index:.1f} MB, its texts {of_texts:.1f} MB")


def _timed(ask: Callable, text: str) -> tuple[float, Any]:
    """Return (seconds of the processor, the answer) for a text: the shortest of some rounds."""
    times = []
    for _round in range(ROUNDS):
        start = time.process_time()
        answer = ask(text)
        times.append(time.process_time() - start)
    return min(times), answer


def _longest(names: list[Name]) -> list[str]:
    """Return texts of the most letters that a search box takes: names of several scripts, single signs, no words."""
    from partners.lists.search import WORDS_AT_MOST

    of_script = {}
    for name in names:
        of_script.setdefault(name.language, []).append(name.text)
    joined = [
        " ".join(of_script[language][:40])
        for language in ("", "en", "ru", "zh", "ja", "ko", "ar")
        if language in of_script
    ]
    keys = [on_latin_keys(text, "ru") for text in joined]
    signs = [
        "a " * WORDS_AT_MOST,
        "a" * LETTERS,
        "清" * LETTERS,
        "ка" * LETTERS,
        ", ".join("abcdefghijk" * 3),
        "university of " * 20,
    ]
    return [text[:LETTERS] for text in (*joined, *keys, *signs)]


def _suggestion_to_list() -> float:
    """Return what the suggestions for some real affiliations cost the processor, to what their list pages cost."""
    from django.test import Client

    client, seconds = Client(headers={"host": "127.0.0.1"}), {"/suggest/": 0.0, "/institutions/": 0.0}
    for question in _real()[:TYPED]:
        for address in seconds:

            def ask(text, address=address):
                return client.get(address, {"q": text, "-": ""})  # no answer to an unknown parameter stays in memory

            seconds[address] += _timed(ask, question.text)[0]
    return seconds["/suggest/"] / seconds["/institutions/"]


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
            taken, found = _timed(ask, question.text)
            seconds[at].append(1000 * taken)
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
