"""Reading several things as they stood at one moment."""

from contextlib import contextmanager, suppress

from django.db import DatabaseError, InterfaceError, connection

from .change_log import POSITION, position_in

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
    if connection.in_atomic_block or not connection.get_autocommit():
        yield None
        return
    position = _begin()
    try:
        yield position
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def _begin():
    """Begin and return the position; a connection that broke since the last request is replaced, once."""
    connection.health_check_done = True  # Django's own would be one more round trip, and finds no more than this one
    with suppress(DatabaseError, InterfaceError):
        return _begun()
    return _begun()


def _begun():
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"{BEGIN[connection.vendor]}; {POSITION}")
            else:  # one statement at a time
                cursor.execute(BEGIN[connection.vendor])
                cursor.execute(POSITION)
            return position_in(cursor)
    except (DatabaseError, InterfaceError):
        connection.close()  # it is broken, or has a transaction that nobody would end
        raise
