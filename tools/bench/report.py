"""The table that README shows."""

import datetime
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass

from tools.bench.client import Times
from tools.bench.measure import CLIENTS, Site
from tools.bench.questions import NUMBER

MB = 1_000_000


@dataclass(frozen=True)
class Row:
    """One line: what it is, what is to be reached, and how the figures of one site say it."""

    figure: str
    reach: str
    value: Callable  # (figures, Datasette's figures) -> number or text; LookupError where it was not measured
    unit: str = ""
    is_reached: Callable = lambda _value: True


def milliseconds(times: Times) -> str:
    """Return a median and a 95th percentile."""
    return f"{times.p50 * 1000:.3g} / {times.p95 * 1000:.3g} ms"


def among(times: Times, number: int) -> str:
    """Return the same, and of how many questions where they are not all."""
    return milliseconds(times) + (f" ({number} questions)" if number < NUMBER else "")


def per_second(rates: dict[int, float]) -> str:
    """Return the rates at one client and at several."""
    return " / ".join(f"{rates[clients]:.3g}" for clients in CLIENTS)


def at_most(limit: float) -> Callable:
    """Return a test of a number."""
    return lambda value: value <= limit


def at_least(limit: float) -> Callable:
    """Return a test of a number."""
    return lambda value: value >= limit


# How many times the empty view the p50 of a cold page may take, by the beginning of its name.
COLD = {
    **dict.fromkeys(["list", "labs"], 6),
    **dict.fromkeys(["detail", "lab", "role", "countr", "coverage", "suggestion"], 8),
    **dict.fromkeys(["home", "pipeline", "changes", "compare", "map"], 12),
    "text search": 10,
}
ON_POSTGRESQL = dict.fromkeys(["list", "labs"], 7)
ROWS = [
    Row("empty view, p50 / p95", "", lambda own, _: milliseconds(own["empty"])),
    Row("list page with all facets, asked five times, p50 / p95", "", lambda own, _: milliseconds(own["list"])),
    Row("… p50 ÷ empty view", "≤ 6", lambda own, _: own["list"].p50 / own["empty"].p50, "×", at_most(6)),
    Row("… p95 ÷ its p50", "≤ 25", lambda own, _: own["list"].p95 / own["list"].p50, "×", at_most(25)),
    Row("Datasette's page, p50 / p95", "", lambda _, peer: among(peer["list"], peer["questions"])),
    Row(
        "… ÷ ours to the same questions (p50)",
        "≥ 40",
        lambda own, peer: peer["list"].p50 / own["list beside Datasette"].p50,
        "×",
        at_least(40),
    ),
    Row("list page, gzip", "≤ 15 kB", lambda own, _: own["compressed bytes"] / 1000, "kB", at_most(15)),
    Row("first page with all facets, p50 / p95", "", lambda own, _: milliseconds(own["with facets"])),
    Row(
        "… ÷ the same without facets",
        "≤ 5",
        lambda own, _: own["with facets"].p50 / own["without facets"].p50,
        "×",
        at_most(5),
    ),
    Row("counts and keys from SQL alone, p50 / p95", "", lambda own, _: among(own["sql"], own["sql questions"])),
    Row("counts and keys from the index, p50 / p95", "", lambda own, _: milliseconds(own["index"])),
    Row(
        "… SQL ÷ index, the same questions",
        "≥ 100",
        lambda own, _: own["sql"].p50 / own["index beside sql"].p50,
        "×",
        at_least(100),
    ),
    Row("pages 1–40, p50 / p95", "", lambda own, _: milliseconds(own["pages"])),
    Row("page in the middle, p50 / p95", "", lambda own, _: milliseconds(own["middle page"])),
    Row("last page, p50 / p95", "", lambda own, _: milliseconds(own["last page"])),
    Row("CSV of everything", "", lambda own, _: own["csv"], "s"),
    Row("the database's own CSV", "", lambda own, _: own["bare csv"], "s"),
    Row("… ours ÷ its", "≤ 2", lambda own, _: own["csv"] / own["bare csv"], "×", at_most(2)),
    Row("Datasette's CSV", "", lambda _, peer: peer["csv"], "s"),
    Row("… a worker grew by", "≤ 40 MB", lambda own, _: own["csv bytes"] / MB, "MB", at_most(40)),
    Row("XLSX of a part", "", lambda own, _: f"{own['part xlsx']:.3g} s for {own['part xlsx rows']:,} rows"),
    Row("… ÷ the CSV", "≤ 8", lambda own, _: own["part xlsx"] / own["part csv"], "×", at_most(8)),
    Row("… a worker grew by", "flat", lambda own, _: own["part xlsx bytes"] / MB, "MB"),
    Row(
        "one edited institution: next request later by, p50",
        "≤ 10 ms",
        lambda own, _: own["edit"].p50 * 1000,
        "ms",
        at_most(10),
    ),
    Row("… p95", "", lambda own, _: own["edit"].p95 * 1000, "ms"),
    Row("… the first one in a worker", "", lambda own, _: own["first edit"] * 1000, "ms"),
    Row("one renamed role: next request later by, p50", "", lambda own, _: own["rename"].p50 * 1000, "ms"),
    Row("index built in", "≤ 2 s", lambda own, _: own["index built"], "s", at_most(2)),
    Row("… it holds", "≤ 200 MB", lambda own, _: own["index bytes"] / MB, "MB", at_most(200)),
    Row("memory of a worker that holds it (PSS)", "", lambda own, _: own["worker bytes"] / MB, "MB"),
    Row(
        "304 answer ÷ empty view",
        "≤ 1.5",
        lambda own, _: own["unchanged"].p50 / own["empty meanwhile"].p50,
        "×",
        at_most(1.5),
    ),
    Row("requests/s at 1 / 8 clients, empty view", "", lambda own, _: per_second(own["empty rates"])),
    Row("requests/s at 1 / 8 clients, list pages", "", lambda own, _: per_second(own["list rates"])),
    Row("requests/s at 1 / 8 clients, Datasette", "", lambda _, peer: per_second(peer["rates"])),
]


def cell(row: Row, own: dict, peer: dict) -> str:
    """Return one cell; what was not measured is a dash, what was not reached is said."""
    try:
        value = row.value(own, peer)
    except KeyError:
        return "–"
    if isinstance(value, str):
        return value
    text = f"{value:.3g} {row.unit}".strip()
    return text if row.is_reached(value) else f"{text} (not reached)"


def table(facts: dict, sites: list[Site], peer: dict) -> str:
    """Return the figures of one size."""
    lines = [
        f"**{facts['institutions']:,} institutions**, {facts['participations']:,} participations, "
        f"{facts['names']:,} further names",
        "",
        f"| figure | to reach | {' | '.join(site.database for site in sites)} |",
        f"|---|---|{'---|' * len(sites)}",
    ]
    lines += [
        f"| {row.figure} | {row.reach} | {' | '.join(cell(row, site.figures, peer) for site in sites)} |"
        for row in ROWS
    ]
    return "\n".join(lines)


def pages(sites: list[Site]) -> list[str]:
    """Return the tables of every kind of page, and of pages while much else goes on."""
    return [text for site in sites for text in (_every_kind(site), _while_others(site))]


def _every_kind(site):
    lines = [
        f"Every kind of page on {site.database}, p50 / p95, beside the empty view; *first* is the median "
        "of what nobody asked for before (English lists aside), *cold* the first answer after an edit that the process "
        "has read, *kept* the next ones. Edits are of a year, which no filter shows, or of a facet:",
        "",
        "| page | to reach, cold | first ÷ empty view | cold | ÷ empty view | kept | ÷ empty view | on the wire |",
        "|---|---|---|---|---|---|---|---|",
    ]
    reaches = COLD | (ON_POSTGRESQL if site.database == "PostgreSQL" else {})
    for name, page in site.figures["pages of every kind"].items():
        reach = next((reach for kind, reach in reaches.items() if name.startswith(kind)), None)
        cold, kept = (_ratios(times, page.empty) for times in (page.cold, page.kept))
        is_missed = reach and page.cold.p50 / page.empty.p50 > reach
        lines.append(
            f"| {name} | {f'≤ {reach} ×' if reach else ''} | {page.first / page.empty.p50:.1f} × "
            f"| {milliseconds(page.cold)} "
            f"| {cold}{' (not reached)' if is_missed else ''} | {milliseconds(page.kept)} | {kept} "
            f"| {page.bytes / 1000:.1f} kB |"
        )
    own = site.figures
    return "\n".join(
        [
            *lines,
            "",
            f"Kept pages at 8 clients: {own['kept rate']:.0%} of the empty view's requests/s (≥ 60 %). "
            f"A day's traffic: {_ratios(own['day'], own['day empty'])} (≤ 2 ×, ≤ 12 ×). "
            f"First byte of a kept CSV of everything: {own['first byte']:.2g} × (≤ 3 ×). "
            f"A row of changes.csv: {own['changes row']:.2g} × one of institutions.csv (≤ 3 ×). "
            f"Both workers afterwards: {own['workers bytes'] / MB:.0f} MB PSS (≤ 400 MB).",
        ]
    )


def _while_others(site):
    lines = [
        f"Lists and searches on {site.database} while much else goes on (p95 ≤ 10 × idle, worst ≤ 1 s):",
        "",
        "| meanwhile | list, p50 / p95, worst | search, p50 / p95, worst |",
        "|---|---|---|",
    ]
    for name, busy in site.figures["while others"].items():
        cells = (
            f"{milliseconds(one.times)}, {one.worst * 1000:.0f} ms" + (f", {one.refused} × 503" if one.refused else "")
            for one in busy
        )
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", f"The visitors who asked for files got {site.figures['visitors']}."])


def _ratios(times, empty):
    return f"{times.p50 / empty.p50:.3g} / {times.p95 / empty.p50:.3g} ×"


def growth(measured: dict[int, list[Site]]) -> str:
    """Return by how much the first forty pages of the largest directory are slower than those of the smallest."""
    small, large = min(measured), max(measured)
    pairs = zip(measured[small], measured[large], strict=True)
    ratios = [f"{b.database} {b.figures['pages'].p50 / a.figures['pages'].p50:.2f} ×" for a, b in pairs]
    return f"Growth of pages 1–40 from {small:,} to {large:,} institutions (≤ 2.5 × to 1,200,000): {', '.join(ratios)}."


def imports(seconds: dict[str, float]) -> str:
    """Return how long the import of the release took."""
    figures = ", ".join(f"{database} {value:.3g} s" for database, value in seconds.items())
    return f"`import_ror` of the whole file (≤ 30 s for 31,005 records): {figures}."


def heading(load: tuple[float, ...]) -> str:
    """Return the day and the machine, without its name; its load average before the run is of 1, 5 and 15 minutes."""
    before = " / ".join(f"{value:.1f}" for value in load)
    return (
        f"Measured on {datetime.date.today()} with {os.cpu_count()} cores ({platform.machine()}), "
        f"Python {platform.python_version()}; gunicorn with 2 workers of 4 threads, the clients on the same cores; "
        f"load average before {before}."
    )
