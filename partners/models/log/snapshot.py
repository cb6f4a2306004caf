"""Reading several things as they stood at one moment."""

from contextlib import contextmanager, suppress

from django.db import DatabaseError, InterfaceError, connection

from ..prepared import NAMES, PLANNED_ONCE, prepared
from .change_log import POSITION, position, position_of

BEGIN = {
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    # Not `atomic()`: under `transaction_mode: IMMEDIATE` that would take the lock of the writers.
    "sqlite": "BEGIN DEFERRED",
}


@contextmanager
def read_snapshot():
    """Let every query inside see the database of one moment; yield what `position()` says of it.

    Costs two round trips to PostgreSQL, ROLLBACK among them. Nothing may be written inside. Inside a transaction that
    is open already (a test, a command) it adds nothing and yields nothing: what that wrote has no position.
    """
    if _is_inside_a_transaction():
        yield None
        return
    seen, end = _query_first(_begin), "ROLLBACK"
    try:
        yield seen
    except DatabaseError:
        if prepared.names is not None:  # one of them may be of a table that was altered since
            end = "ROLLBACK; DEALLOCATE ALL"
        raise
    finally:
        prepared.names = None
        with connection.cursor() as cursor:
            cursor.execute(end)


def position_now():
    """Return what `position()` says, in one round trip and no transaction; nothing inside one that is open already."""
    return None if _is_inside_a_transaction() else _query_first(position)


def _is_inside_a_transaction():
    return connection.in_atomic_block or not connection.get_autocommit()


def _query_first(query):
    """Ask the first question of a request; a connection that broke since the last one is replaced, once."""
    connection.health_check_done = True  # Django's own would be one more round trip, and finds no more than this one
    with suppress(DatabaseError, InterfaceError):
        return _query(query)
    return _query(query)


def _query(query):
    try:
        return query()
    except (DatabaseError, InterfaceError):
        connection.close()  # it is broken, or has a transaction that nobody would end
        raise


def _begin():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            seen = f"SELECT *, {NAMES} FROM ({POSITION}) AS position"  # noqa: S608 - words of ours
            cursor.execute(f"{BEGIN[connection.vendor]}; {PLANNED_ONCE}; {seen}")
            row = cursor.fetchone()
            prepared.names = set(row[-1] or ()) if row else None
        else:  # one statement at a time
            cursor.execute(BEGIN[connection.vendor])
            cursor.execute(POSITION)
            row = cursor.fetchone()
        return position_of(row)
