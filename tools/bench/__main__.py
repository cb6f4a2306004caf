"""Run the benchmark: ``python -m tools.bench FILE``; FILE is a release of the Research Organization Registry.

Under ``python -m tools.postgres -m tools.bench FILE`` PostgreSQL is measured beside SQLite. It needs Linux (it reads
/proc) and the `sqlite3` command.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tools.bench import bare, databases, measure, pages, questions, report
from tools.bench.site import environment, run_python, serve_datasette, serve_directory

SIZES = "12000,120000,1200000"


def main() -> None:
    """Measure every size and write the tables."""
    options, load = _options(), os.getloadavg()
    # Asked to end, it ends its servers first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        imported = _import(options.file, folder)
        records = _read(options.file, folder)
        texts, measured = [report.heading(load)], {}
        for size in options.sizes:
            _say(f"{size:,} institutions")
            facts, measured[size], peer = _measure(options.file, records, size, folder)
            texts += [report.table(facts, measured[size], peer), *report.pages(measured[size])]
            _write(texts, options.out)  # the largest may take longer than anybody waits
        if len(measured) > 1:
            texts.append(report.growth(measured))
        texts.append(report.imports(imported))
    print(_write(texts, options.out))


def _write(texts: list[str], out: Path | None) -> str:
    text = "\n\n".join(texts)
    if out:
        out.write_text(f"{text}\n")
    return text


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools.bench", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="the zip or JSON of a release")
    parser.add_argument(
        "--sizes",
        type=lambda text: [int(size) for size in text.split(",")],
        default=SIZES,
        help=f"numbers of institutions, by default {SIZES}; the largest takes half an hour",
    )
    parser.add_argument("--out", type=Path, help="also write the tables into this file")
    return parser.parse_args()


def _import(file: Path, folder: Path) -> dict[str, float]:
    """Collect the static files, then time the import on each database."""
    found = {}
    for database, url in databases.urls(folder, "imported").items():
        site = measure.Site(database, url, environment(url, folder / "static"))
        if not found:
            run_python(site.variables, "manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        found[database] = measure.import_seconds(time.monotonic, site, file)
    return found


def _read(file: Path, folder: Path) -> Path:
    """Keep what every directory is made of, because reading a release takes longer than writing a small one."""
    variables, records = environment("sqlite://:memory:", folder / "static"), folder / "records"
    run_python(variables, "-m", "tools.bench.step", "read", str(file), str(records))
    return records


def _measure(file: Path, records: Path, size: int, folder: Path) -> tuple[dict, list[measure.Site], dict]:
    """Return the facts of a directory, its sites with their figures, and the figures of Datasette."""
    sites = [
        measure.Site(database, url, environment(url, folder / "static"))
        for database, url in databases.urls(folder, f"bench_{size}").items()
    ]
    for site in sites:
        _say(f"writing {site.database}")
        databases.prepare(site.variables)
        facts = json.loads(run_python(site.variables, "-m", "tools.bench.step", "write", str(records), str(size)))
    datasette = folder / str(size) / "datasette.db"
    datasette.parent.mkdir()
    bare.write_datasette(folder / f"bench_{size}.sqlite3", datasette)
    mixed = questions.mixed(facts["values"])
    for site in sites:
        _say(f"index and SQL of {site.database}")
        measure.without_server(site, mixed, facts["institutions"])
    with ExitStack() as servers:
        peer = servers.enter_context(serve_datasette(datasette))
        for site in sites:
            site.server = servers.enter_context(serve_directory(site.variables))
            measure.warm(site)
        _say("pages")
        of_peer = measure.mixed_pages(sites, peer, mixed, facts["institutions"])
        for site in sites:
            _say(f"pages, files and edits of {site.database}")
            measure.single_pages(site)
            measure.deep_pages(site, facts["institutions"])
            measure.edits(site)
            measure.files(site, facts["countries"])
            measure.rates(site, mixed)
            _say(f"every kind of page of {site.database}")
            pages.every_kind(site, facts)
            pages.day(site, facts)
            _say(f"pages of {site.database} while much else goes on")
            pages.while_others(site, facts, mixed, file)
    return facts, sites, of_peer


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    main()
