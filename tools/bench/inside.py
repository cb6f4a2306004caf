"""Measure in one process what a page asks of the index, and the same asked of SQL."""

import ctypes
import gc
import time
from pathlib import Path

from partners.facets import FacetFilter
from partners.index import current
from partners.index.read import built
from partners.lists.filters import InstitutionFilter
from partners.lists.filterset import SHOWN_AT_FIRST
from partners.lists.index_results import IndexResults
from partners.lists.sql_results import SqlResults

ROUNDS = 5  # of the index; SQL is asked once
ROWS = 25


def resident() -> int:
    """Return the bytes of memory that this process holds, garbage given back."""
    gc.collect()
    # The C library keeps what was freed; the rows that the index was made of would count as the index.
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def ask_index(filterset, index) -> None:
    """Ask the index what the page asks."""
    answer = IndexResults(filterset, index)
    answer.count()
    answer.keys(0, ROWS)
    for name, facet in _facets(filterset):
        if facet.options.in_vocabulary_order:
            answer.counts(name)
        else:
            answer.most_frequent(name, SHOWN_AT_FIRST)


def ask_sql(filterset, _index) -> None:
    """Ask the database the same: a query for the number, for the keys and for each facet."""
    answer = SqlResults(filterset)
    answer.count()
    answer.keys(0, ROWS)
    for name, _facet in _facets(filterset):
        answer.counts(name)


def _facets(filterset):
    return [(name, filter_) for name, filter_ in filterset.filters.items() if isinstance(filter_, FacetFilter)]


def seconds(ask, question, index) -> float:
    """Return how long one question takes, its address read already."""
    filterset = InstitutionFilter.asking(**question)
    start = time.perf_counter()
    ask(filterset, index)
    return time.perf_counter() - start


def measure(questions, of_sql) -> dict:
    """Build the index of the institutions, then ask it and SQL for count, page of keys and all facet counts.

    Returns the seconds and bytes of the index, the seconds of every question, and of those that SQL is asked too.
    """
    InstitutionFilter.asking().qs.first()  # connects, imports
    before = resident()
    with current.in_snapshot():
        start = time.perf_counter()
        index = built(InstitutionFilter, *current.snapshot_position())
        built_in = time.perf_counter() - start
        after = resident()
        by_index = [seconds(ask_index, question, index) for _round in range(ROUNDS) for question in questions]
        beside = [seconds(ask_index, question, index) for _round in range(ROUNDS) for question in of_sql]
        by_sql = [seconds(ask_sql, question, index) for question in of_sql]
    return {"built": built_in, "bytes": after - before, "index": by_index, "index beside sql": beside, "sql": by_sql}
