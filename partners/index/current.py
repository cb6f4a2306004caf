"""The index of each list as this process holds it, kept at the moment that a reader sees.

SQL is the truth; an index answers only when it holds exactly what the reader's snapshot holds.
"""

import gc
import logging
import threading
from contextlib import contextmanager
from functools import cache, lru_cache

from django.utils.translation import get_language
from pyroaring import BitMap

from ..facets import DerivedFacet
from ..models import position_now, read_snapshot
from ..models.keys import PlainRows
from ..models.log.change_log import changed_since
from ..models.log.triggers import missing_triggers
from ..models.text import TextOfRow
from ..search import Layer, Shared
from .index import Index, Rows
from .lag import Lag

logger = logging.getLogger(__name__)

PATIENCE, FOR_EVER = 0.5, -1  # seconds
LAYERED_AT_MOST = 250  # institutions that changed since the whole list was read; more cost each edit too much
ROWS, TEXTS = "rows", "texts"  # what is read beside facets
ATTEMPTS = 3  # snapshots that may be older than what another thread has brought up to date


class _Moment(threading.local):
    """Where the snapshot of this thread stands: (epoch, number), or nothing outside of one."""

    position = None


_moment = _Moment()
_indexes = {}  # model -> Index
_lag = Lag()
_building = threading.Lock()


@contextmanager
def read_moment():
    """Let every query, count and index inside speak of one moment; usable as a decorator."""
    for attempt in range(ATTEMPTS):
        with read_snapshot() as position:
            position = _told_by_a_complete_log(position)
            if _is_older_than_an_index(position):
                if attempt < ATTEMPTS - 1:
                    continue
                if _lag.has_lasted():
                    _indexes.clear()
                    _log_is_complete.cache_clear()  # a backup may bring its epoch back, and not yet its triggers
            elif position is not None:
                _lag.is_over()
            _moment.position = position
            try:
                yield
            finally:
                _moment.position = None
            return


def index_of(filterset_class, *, waits=False):
    """Return the index of a list at this moment, or nothing where only SQL knows.

    It costs no query where nothing changed, four for the rows that did, five more for what institutions share, and
    three to five seconds for each 100,000 if it is built from nothing; meanwhile other threads get nothing, unless
    they wait.
    """
    if _moment.position is None:
        return None
    index = _indexes.get(filterset_class._meta.model)
    if index is not None and (index.epoch, index.number) == _moment.position:
        return index
    # Somebody else is at it: a few changed rows are worth waiting for, an index from nothing is not.
    if not _building.acquire(timeout=FOR_EVER if waits else PATIENCE if index is not None else 0):
        return None
    try:
        return _brought_up_to_date(filterset_class)
    finally:
        _building.release()


def moment():
    """Return (epoch, number) of the change log at this moment, or nothing outside of one."""
    return _moment.position


def moment_now():
    """Return the same for whoever began no moment yet, and perhaps needs none; one query, and no transaction."""
    return _told_by_a_complete_log(position_now())


def kept_for_the_moment(read):
    """Let a function without arguments read shared rows once, a language, for all requests until one changes."""
    kept = {}

    def answer():
        if _moment.position is None:
            return read()
        known_by = _shared_since(), get_language()
        if (found := kept.get(known_by)) is None:
            found = read()
            for outdated in [key for key in list(kept) if key[0] != known_by[0]]:
                kept.pop(outdated, None)
            kept[known_by] = found
        return found

    return answer


def _shared_since():
    """Return the earliest known moment since which no shared row changed."""
    for index in list(_indexes.values()):
        if (index.epoch, index.number) == _moment.position:
            return index.epoch, index.shared_since
    return _moment.position


def _told_by_a_complete_log(position):
    """Return a position, or nothing where the log misses edits: it would not tell what is kept from what is true."""
    return position if position is not None and _log_is_complete(position[0]) else None


@lru_cache(maxsize=1)
def _log_is_complete(_epoch):
    """Say whether the triggers write the log, once an epoch; without them edits would go unnoticed. One query."""
    if names := missing_triggers():
        logger.error("Without its triggers the change log is no use; run `manage.py migrate`: %s", ", ".join(names))
    return not names


def _is_older_than_an_index(moment):
    return moment is not None and any((index.epoch, index.number) > moment for index in list(_indexes.values()))


def _brought_up_to_date(filterset_class):
    """Return the index at this moment, and keep it for the next reader."""
    epoch, number = _moment.position
    model = filterset_class._meta.model
    index = _indexes.get(model)
    if index is not None and (index.epoch, index.number) > (epoch, number):
        return None  # this snapshot is older than what others read; SQL answers it
    if index is not None and (index.epoch, index.number) == (epoch, number):
        return index
    moved = _moved_on(filterset_class, index, epoch, number)
    if moved is not None:
        _indexes[model] = moved
        return moved
    is_first = index is None
    index = _indexes[model] = built(filterset_class, epoch, number)
    if not is_first:
        gc.collect()  # filtersets of requests that are over are cycles, and would hold the last one for long
    return index


def built_alone(filterset_class):
    """Return an index for one question where none can be kept; large, so that one thread a process makes it.

    Only that of a server which lags stays, beside the one of the newest moment, while the server is still met.
    """
    with _building:
        if not _is_older_than_an_index(_moment.position):
            return built(filterset_class, 0, 0)
        model = filterset_class._meta.model
        moved = _moved_on(filterset_class, _lag.indexes.get(model), *_moment.position)
        _lag.indexes[model] = index = moved or built(filterset_class, *_moment.position)
        return index


def _moved_on(filterset_class, index, epoch, number):
    """Return an index as it is at another position, or nothing where it has to be built anew."""
    if index is None or index.epoch != epoch:
        return None
    if index.number == number:
        return index
    changes = changed_since(index.number)
    concerned = set() if changes is None else filterset_class.concerned_by(changes.institutions)
    if changes is None or len(concerned | index.concerned) > LAYERED_AT_MOST:
        return None
    if changes.shared:
        index = index.renamed(number, _shared(filterset_class))
    return refreshed(filterset_class, index, number, concerned)


def built(filterset_class, epoch, number):
    """Return the index of a whole list, read from nothing: about ten queries."""
    queries = _queries(filterset_class)
    with _no_collection():
        # First what stays: between millions of objects that go, each one that stays would keep its surroundings too.
        shared = _shared(filterset_class)
        return Index.build(epoch, number, _rows(filterset_class, lambda name: queries[name]()), shared)


def refreshed(filterset_class, index, number, institutions):
    """Return the index after some more institutions changed: only their rows are read, in three queries.

    What the facets offer, and how they call it, is shared and therefore stays, but for values that stand in lists.
    """
    gone = {key for key, owner, *_columns in index.read.get(ROWS, ()) if owner in institutions}
    read = {
        name: [row for row in index.read.get(name, ()) if row[0] not in gone] + query(institutions)
        for name, query in _queries(filterset_class).items()
    }
    read[ROWS].sort()
    changed = index.changed(number, institutions, _rows(filterset_class, read.__getitem__))
    changed.read.update(read)
    for (name, language), labels in list(index.labels.items()):
        if not filterset_class.base_filters[name].options.stand_in_lists:
            changed.labels[name, language] = labels
    changed.offered.update(index.offered)
    return changed


@cache
def _queries(filterset_class):
    """Return {what: the query for it} of what an index is made of; rows begin with the key of a row of the list."""

    def query(read):
        def queryset(institutions):
            concerned = {} if institutions is None else {f"{filterset_class.owner}__among": institutions}
            return read(filterset_class.listed().filter(**concerned))

        return PlainRows(queryset)

    columns = ["pk", filterset_class.owner, "sort_key"]
    columns += [rank.column() for rank in _ranks(filterset_class).values()]
    columns += [filter_.column for filter_ in _filters(filterset_class).values() if filter_.column is not None]
    return {
        ROWS: query(lambda listed: listed.order_by("pk").values_list(*columns)),
        TEXTS: query(lambda listed: listed.texts()),
    } | {
        name: query(filter_.entries)
        for name, filter_ in _filters(filterset_class).items()
        if filter_.column is None and not isinstance(filter_, DerivedFacet)
    }


def _shared(filterset_class):
    """Return the texts by which the values of facets are found; five queries."""
    filters = _filters(filterset_class)
    return Shared(((name, value), text) for name, filter_ in filters.items() for value, text in filter_.texts())


def _filters(filterset_class):
    return {name: filterset_class.base_filters[name] for name in filterset_class.indexed_facets()}


def _ranks(filterset_class):
    return {name: rank for name, rank in filterset_class.orders.items() if rank is not None}


def _rows(filterset_class, read):
    """Return Rows of a list; `read` gives what a query of `_queries` found."""
    layer = _layer(read(TEXTS))
    filters, ranks = _filters(filterset_class), _ranks(filterset_class)
    single_valued = [name for name, filter_ in filters.items() if filter_.column is not None]
    columns = list(zip(*read(ROWS), strict=True)) or [()] * (3 + len(ranks) + len(single_valued))
    keys, owners, sort_keys, *further = columns
    of_facets = dict(zip(single_valued, further[len(ranks) :], strict=True))
    facets = {
        name: filter_.keys_by_value(zip(keys, of_facets[name], strict=True) if name in of_facets else read(name))
        for name, filter_ in filters.items()
        if not isinstance(filter_, DerivedFacet)
    }
    facets |= {name: filter_.derive(keys, facets) for name, filter_ in filters.items() if name not in facets}
    return Rows(
        keys=keys,
        owners=owners,
        names=sort_keys,
        ranks={name: (column, rank.descending) for (name, rank), column in zip(ranks.items(), further, strict=False)},
        facets=facets,
        single_valued=single_valued,
        texts=layer,
    )


def _layer(texts):
    """Return the Layer of (key, text, `TextOfRow`)."""
    by_kind = [[] for _kind in TextOfRow]
    for key, text, kind in texts:
        by_kind[kind].append((key, text))
    return Layer(BitMap([key for key, _name in by_kind[TextOfRow.NAME]]), *by_kind)


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
