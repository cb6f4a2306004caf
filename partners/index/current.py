"""The index of each list as this process holds it, brought up to the position that a reader sees.

SQL is the truth; an index answers only when it holds exactly what the reader's snapshot holds.
"""

import gc
import logging
import threading
import time
from collections import Counter
from contextlib import contextmanager
from functools import lru_cache

from django.urls import get_script_prefix
from django.utils.translation import get_language

from ..host import BusyError, started
from ..models import position_now, read_snapshot
from ..models.log.change_log import changed_since
from ..models.log.triggers import missing_triggers
from .lag import Lag
from .read import built, refreshed, shared_texts, with_texts
from .stored import store, stored

logger = logging.getLogger(__name__)

PATIENCE = 0.8  # seconds that a page waits for the index
POLL_EVERY = 0.05  # seconds after which who waits looks whether another process has built it
READ_AT_MOST = 10_000  # rows within a request, half a second; more are read by a process of their own
LAYERED_AT_MOST = 250  # institutions that changed since the whole list was read; more cost each edit too much
ATTEMPTS = 3  # snapshots that may be older than what another thread has brought up to date


class _Snapshot(threading.local):
    """Where the snapshot of this thread stands: (epoch, number), or nothing outside of one."""

    position = None


_snapshot = _Snapshot()
_indexes = {}  # thing, which names a list -> Index
_lag = Lag()
_bases = {}  # thing -> the Index as its list was read at once, from which older snapshots are answered, too
_too_far = {}  # epoch -> two numbers of its log, between which too much changed to bring an index up to date
_builds = Counter()  # thing -> how often that was
_building = threading.Lock()
_builder = None  # the process that builds indexes, where this one has started it


@contextmanager
def in_snapshot():
    """Let every query, count and index inside see one snapshot; usable as a decorator."""
    for attempt in range(ATTEMPTS):
        with read_snapshot() as position:
            position = _of_complete_log(position)
            if _is_older_than_an_index(position):
                if attempt < ATTEMPTS - 1:
                    continue
                if _lag.has_lasted():
                    _indexes.clear()
                    _bases.clear()
                    _too_far.clear()
                    _log_is_complete.cache_clear()  # a backup may bring its epoch back, and not yet its triggers
            elif position is not None:
                _lag.is_over()
            _snapshot.position = position
            try:
                yield
            finally:
                _snapshot.position = None
            return


def index_of(filterset_class, *, has_text=False):
    """Return the index of a list at this snapshot's position, or None where only SQL knows.

    It costs no query where nothing changed, four for the rows that did, one more for their texts where a text is asked
    for, and five more for what institutions share. What would take longer is built by a process of its own; meanwhile
    who asks gets nothing.

    :raises BusyError: for a text, which SQL would not find, where no answer would come within a second.
    """
    if _snapshot.position is None:
        return None
    thing = filterset_class.thing
    end = time.monotonic() + (PATIENCE if has_text or thing in _indexes else 0)
    while True:
        index = _indexes.get(thing)
        if index is not None and (index.epoch, index.number) == _snapshot.position and not (has_text and index.unread):
            return index
        # Somebody else is at it: a few changed rows are worth waiting for, an index from nothing is not.
        if _building.acquire(timeout=max(end - time.monotonic(), 0)):
            try:
                found = _brought_up_to_date(filterset_class, has_text)
            finally:
                _building.release()
            if found is not None or not has_text:
                return found
        if not has_text:
            return None
        if time.monotonic() + POLL_EVERY > end:
            raise BusyError("The index is being built.")
        time.sleep(POLL_EVERY)


def prepare(*filterset_classes):
    """Hold the indexes from the start: what was stored, else what is built now and stored for other processes."""
    with in_snapshot(), _building:
        if _snapshot.position is None:
            return
        for filterset_class in filterset_classes:
            thing = filterset_class.thing
            base = _stored(filterset_class)
            index = _layered(filterset_class, base, has_text=True)
            if index is None:
                index = base = built(filterset_class, *_snapshot.position)
                _store(filterset_class, index)
            _bases[thing], _indexes[thing] = base, index
            _builds[thing] += 1


def build_and_store(*filterset_classes):
    """Build indexes for other processes.

    :raises OSError: where they cannot be stored.
    """
    with in_snapshot():
        if _snapshot.position is not None:
            for filterset_class in filterset_classes:
                store(filterset_class.thing, built(filterset_class, *_snapshot.position))


def snapshot_position():
    """Return the position in the change log, (epoch, number), that this snapshot sees, or nothing outside of one."""
    return _snapshot.position


def latest_position():
    """Return the newest position for who began no snapshot and perhaps needs none; one query, no transaction."""
    return _of_complete_log(position_now())


def indexes_held():
    """Return the lists' indexes of this process: {thing: (its number in the log, its builds so far)}."""
    return {thing: (index.number, _builds[thing]) for thing, index in list(_indexes.items())}


def rows_shown(thing, kind, keys, read):
    """Return the rows of some keys of a list, of some columns, as pages show them: held by its index, else `read`."""
    index = _indexes.get(thing)
    if index is None or (index.epoch, index.number) != _snapshot.position:
        return list(read(keys))
    return index.rows((kind, get_language(), get_script_prefix()), keys, read)


def shared_since():
    """Return the earliest known position since which no shared row changed, or nothing outside of a snapshot."""
    for index in list(_indexes.values()):
        if (index.epoch, index.number) == _snapshot.position:
            return index.epoch, index.shared_since
    return _snapshot.position


def _of_complete_log(position):
    """Return a position, or None where the log misses edits: nobody could tell what is outdated then."""
    return position if position is not None and _log_is_complete(position[0]) else None


@lru_cache(maxsize=1)
def _log_is_complete(_epoch):
    """Say whether the triggers write the log, once an epoch; without them edits would go unnoticed. One query."""
    if names := missing_triggers():
        logger.error("Without its triggers the change log is no use; run `manage.py migrate`: %s", ", ".join(names))
    return not names


def _is_older_than_an_index(moment):
    return moment is not None and any((index.epoch, index.number) > moment for index in list(_indexes.values()))


def _brought_up_to_date(filterset_class, has_text):
    """Return the index at this moment, and keep it for the next reader; nothing where it is not to be had soon."""
    epoch, number = _snapshot.position
    thing = filterset_class.thing
    index = _indexes.get(thing)
    if index is not None and (index.epoch, index.number) > (epoch, number):
        return _of_older_snapshot(filterset_class) if has_text else None
    fresh = _layered(filterset_class, index, has_text)
    if fresh is None or len(fresh.concerned) > LAYERED_AT_MOST:
        fresh = _from_new_base(filterset_class, has_text) or fresh
    if fresh is not None:
        _indexes[thing] = fresh
    return fresh


def _of_older_snapshot(filterset_class):
    """Return an index for a search in a snapshot that is older than what others read, which stays as it is.

    :raises BusyError: where the list is long and was read at once later.
    """
    thing = filterset_class.thing
    layered = (_layered(filterset_class, held.get(thing), has_text=True) for held in (_lag.indexes, _bases))
    index = next(filter(None, layered), None)
    if index is None and _is_long(filterset_class):
        raise BusyError("The index is of a later moment.")
    _lag.indexes[thing] = index = index or built(filterset_class, *_snapshot.position)
    return index


def _layered(filterset_class, index, has_text):
    """Return an index after what changed until this moment, or nothing where that is too much or not known."""
    epoch, number = _snapshot.position
    if index is None or index.epoch != epoch or not _first_within_reach() <= index.number <= number:
        return None
    if index.number < number:
        changes = changed_since(index.number)
        concerned = set() if changes is None else filterset_class.concerned_by(changes.institutions)
        if changes is None or len(concerned) > READ_AT_MOST:
            _too_far[epoch] = index.number, number
            return None
        if len(concerned | index.concerned) > READ_AT_MOST:
            return None
        if changes.shared:
            index = index.renamed(number, shared_texts(filterset_class))
        index = refreshed(filterset_class, index, number, concerned)
    return with_texts(filterset_class, index) if has_text else index


def _first_within_reach():
    """Return the first number of the log after which not too much changed until this moment, as far as is known.

    So that no page reads the same changes, or a whole index from its file, only to find it too old once more.
    """
    epoch, number = _snapshot.position
    since, until = _too_far.get(epoch, (-1, 0))
    return since + 1 if number >= until else 0


def _from_new_base(filterset_class, has_text):
    """Return the index of a list that was read at once lately, by another process where it is long; nothing yet."""
    thing = filterset_class.thing
    base = _stored(filterset_class)
    index = _layered(filterset_class, base, has_text)
    if index is None:
        if _is_long(filterset_class) and _is_built_elsewhere():
            return None
        index = base = built(filterset_class, *_snapshot.position)
    is_first = thing not in _bases
    _bases[thing] = base
    _builds[thing] += 1
    if not is_first:
        _indexes.pop(thing, None)
        gc.collect()  # filtersets of requests that are over are cycles, and would hold the last one for long
    return index


def _is_long(filterset_class):
    return filterset_class.listed()[READ_AT_MOST:].exists()


def _is_built_elsewhere():
    """Say whether a process builds the indexes, started here or by others; one that fails leaves it to this one."""
    global _builder
    if _builder is not None and (code := _builder.poll()) is not None:
        _builder = None
        if code:
            logger.error("Nothing can be stored: the indexes are built within requests.")
            return False
    try:
        _builder = _builder or started("index", "build_index")
    except OSError as error:
        logger.error("The indexes are built within requests: %s", error)
        return False
    return True


def _stored(filterset_class):
    """Return the index that a process of this host has stored since the one held here was read at once, or nothing."""
    epoch, number = _snapshot.position
    base = _bases.get(filterset_class.thing)
    first = base.number + 1 if base is not None and base.epoch == epoch else 0
    return stored(filterset_class.thing, epoch, range(max(first, _first_within_reach()), number + 1))


def _store(filterset_class, index):
    try:
        store(filterset_class.thing, index)
    except OSError as error:
        logger.warning("The index is not stored: %s", error)


def built_alone(filterset_class):
    """Return an index for one question where none can be kept; large, so that one thread a process makes it."""
    with _building:
        return built(filterset_class, epoch=0, number=0)
