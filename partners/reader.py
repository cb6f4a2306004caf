"""The index of each list as this process holds it, kept at the moment that a reader sees.

SQL is the truth; an index answers only when it holds exactly what the reader's snapshot holds.
"""

import logging
import threading
from contextlib import contextmanager
from functools import lru_cache

from django.db import connection

from .index import Index, Row
from .models import read_snapshot
from .models.change_log import changed_since, position
from .models.triggers import missing_triggers
from .search import read_texts

logger = logging.getLogger(__name__)

PATIENCE = 0.5  # seconds
ATTEMPTS = 3  # snapshots that may be older than what another thread has brought up to date


class _Moment(threading.local):
    """Where the snapshot of this thread stands: (epoch, number), or nothing outside of one."""

    position = None


_moment = _Moment()
_indexes = {}  # model -> Index
_building = threading.Lock()


@contextmanager
def read_moment():
    """Let every query, count and index inside speak of one moment; usable as a decorator. One query."""
    if connection.in_atomic_block:  # what this transaction wrote is in no index
        with read_snapshot():
            yield
        return
    for attempt in range(ATTEMPTS):
        with read_snapshot():
            _moment.position = position()
            if _is_older_than_an_index(_moment.position):
                if attempt < ATTEMPTS - 1:
                    continue
                _indexes.clear()  # a new snapshot is not older than an index, unless a backup was restored
            try:
                yield
            finally:
                _moment.position = None
            return


def index_of(filterset_class):
    """Return the index of a list at this moment, or nothing where only SQL knows.

    It costs no query where nothing changed, about ten for the rows that did, and about seven seconds for each 100,000
    where it is built from nothing; meanwhile other threads get nothing.
    """
    if _moment.position is None or not _log_is_complete(_moment.position[0]):
        return None
    index = _indexes.get(filterset_class._meta.model)
    if index is not None and (index.epoch, index.number) == _moment.position:
        return index
    # Somebody else is at it: a few changed rows are worth waiting for, an index from nothing is not.
    if not _building.acquire(timeout=PATIENCE if index is not None else 0):
        return None
    try:
        return _brought_up_to_date(filterset_class)
    finally:
        _building.release()


def moment():
    """Return (epoch, number) of the change log at this moment, or nothing outside of one."""
    return _moment.position


@lru_cache(maxsize=1)
def _log_is_complete(_epoch):
    """Say whether the triggers write the log, once an epoch; without them edits would go unnoticed. One query."""
    if names := missing_triggers():
        logger.error("Without its triggers the change log is no use; run `manage.py migrate`: %s", ", ".join(names))
    return not names


def _is_older_than_an_index(moment):
    return moment is not None and any(
        index.epoch == moment[0] and index.number > moment[1] for index in list(_indexes.values())
    )


def _brought_up_to_date(filterset_class):
    """Return the index at this moment, and keep it for the next reader."""
    epoch, number = _moment.position
    index = _indexes.get(filterset_class._meta.model)
    if index is not None and index.epoch == epoch and index.number > number:
        return None  # this snapshot is older than what others read; SQL answers it
    if index is not None and (index.epoch, index.number) == (epoch, number):
        return index
    changed = changed_since(index.number) if index is not None and index.epoch == epoch else None
    if changed is None:
        index = built(filterset_class, epoch, number)
    else:
        index = refreshed(filterset_class, index, epoch, number, changed)
    _indexes[filterset_class._meta.model] = index
    return index


def built(filterset_class, epoch, number):
    """Return the index of a whole list, read from nothing."""
    rows = _rows(filterset_class, filterset_class.listed())
    return Index.build(epoch, number, rows, filterset_class.posted_facets(), list(filterset_class.orders))


def refreshed(filterset_class, index, epoch, number, institutions):
    """Return the index with the rows of some institutions read anew."""
    rows = _rows(filterset_class, filterset_class.listed().filter(**{f"{filterset_class.owner}__in": institutions}))
    before = institutions if filterset_class.owner == "pk" else index.owned_by(institutions)
    return index.updated(epoch, number, dict.fromkeys(before) | rows)


def _rows(filterset_class, listed):
    """Return {key: Row} of some rows of a list; a query for each facet and each sort of text."""
    ranks = [rank for rank in filterset_class.orders.values() if rank is not None]
    columns = ["pk", filterset_class.owner, "sort_key", *(rank.expression for rank in ranks)]
    plain = {key: columns for key, *columns in listed.order_by().values_list(*columns).iterator()}
    facets = [
        _grouped(plain, filterset_class.base_filters[name].entries(listed)) for name in filterset_class.posted_facets()
    ]
    texts = read_texts(plain, listed.name_texts(), listed.other_texts())
    return {
        key: Row(
            values=tuple(values[key] for values in facets),
            texts=texts[key],
            owner=owner,
            name=name,
            ranks=tuple(rank.place(value) for rank, value in zip(ranks, values, strict=True)),
        )
        for key, (owner, name, *values) in plain.items()
    }


def _grouped(keys, entries):
    """Return {key: its values, in order}."""
    grouped = {}
    for key, value in entries:
        grouped[key] = tuple(sorted((*grouped[key], value))) if key in grouped else (value,)
    return {key: grouped.get(key, ()) for key in keys}
