"""The index of each list as this process holds it, kept at the moment that a reader sees.

SQL is the truth; an index answers only when it holds exactly what the reader's snapshot holds.
"""

import gc
import logging
import threading
from contextlib import contextmanager
from functools import lru_cache

from django.db import connection
from django.utils.translation import get_language
from pyroaring import BitMap

from .facets import DerivedFacet
from .index import Index, Rows
from .models import read_snapshot
from .models.change_log import changed_since, position
from .models.triggers import missing_triggers
from .search import Layer, Shared

logger = logging.getLogger(__name__)

PATIENCE = 0.5  # seconds
LAYERED_AT_MOST = 250  # institutions that changed since the whole list was read; more cost each edit too much
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

    It costs no query where nothing changed, six for the rows that did, and about two seconds for each 100,000 where it
    is built from nothing; meanwhile other threads get nothing.
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


def kept_for_the_moment(read):
    """Let a function without arguments read once, a language, for all requests of one moment; for shared rows."""
    kept = {}

    def answer():
        if _moment.position is None:
            return read()
        known_by = _moment.position, get_language()
        if known_by not in kept:
            found = read()
            for outdated in [key for key in kept if key[0] != known_by[0]]:
                kept.pop(outdated, None)
            kept[known_by] = found
        return kept[known_by]

    return answer


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
    changed = changed_since((index.base or index).number) if index is not None and index.epoch == epoch else None
    if changed is None or len(changed) > LAYERED_AT_MOST:
        index = built(filterset_class, epoch, number)
    else:
        index = refreshed(filterset_class, index, epoch, number, changed)
    _indexes[filterset_class._meta.model] = index
    return index


def built(filterset_class, epoch, number):
    """Return the index of a whole list, read from nothing: about twelve queries."""
    filters = filterset_class.base_filters
    with _no_collection():
        rows = _rows(filterset_class, filterset_class.listed())
        shared = Shared(
            ((name, value), text) for name in filterset_class.posted_facets() for value, text in filters[name].texts()
        )
        return Index.build(epoch, number, rows, shared)


def refreshed(filterset_class, index, epoch, number, institutions):
    """Return the index after some institutions changed since its `base` was read: their rows are read, in five queries.

    What the facets offer, and how they call it, is shared and therefore stays, but for values that stand in lists.
    """
    rows = _rows(filterset_class, filterset_class.listed().filter(**{f"{filterset_class.owner}__among": institutions}))
    changed = index.changed(epoch, number, institutions, rows)
    for (name, language), labels in index.labels.items():
        if not filterset_class.base_filters[name].options.stand_in_lists:
            changed.labels[name, language] = labels
    changed.offered.update(index.offered)
    return changed


def _rows(filterset_class, listed):
    """Return Rows of a list; four queries."""
    filters = {name: filterset_class.base_filters[name] for name in filterset_class.posted_facets()}
    derived = [name for name, filter_ in filters.items() if isinstance(filter_, DerivedFacet)]
    by_column = [name for name, filter_ in filters.items() if filter_.column is not None]
    ranks = {name: rank for name, rank in filterset_class.orders.items() if rank is not None}
    columns = ["pk", filterset_class.owner, "sort_key", "name"]
    columns += [*(rank.column() for rank in ranks.values()), *(filters[name].column for name in by_column)]
    # Neither database need sort them: Python does that sooner.
    read = list(listed.order_by("pk").values_list(*columns).iterator())
    keys, owners, sort_keys, names, *further = zip(*read, strict=True) if read else [()] * len(columns)
    del read  # a tuple for each row, before millions of other objects come
    values = dict(zip(by_column, further[len(ranks) :], strict=True))
    facets = {
        name: filter_.posted(keys, values[name]) if name in values else filter_.entries(listed)
        for name, filter_ in filters.items()
        if name not in derived
    }
    facets |= {name: filters[name].derive(keys, facets) for name in derived}
    return Rows(
        keys=keys,
        owners=owners,
        names=sort_keys,
        ranks={name: (column, rank.descending) for (name, rank), column in zip(ranks.items(), further, strict=False)},
        facets=facets,
        long_facets=[name for name, filter_ in filters.items() if not filter_.options.in_vocabulary_order],
        texts=Layer(BitMap(keys), zip(keys, names, strict=True), listed.further_names(), listed.other_texts()),
    )


@contextmanager
def _no_collection():
    """Keep the garbage collector from looking through millions of new objects again and again; none is a cycle."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
