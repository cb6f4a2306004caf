"""Reading several things as they stood at one moment."""

from contextlib import contextmanager

from django.db import connection

BEGIN = {
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    # Not `atomic()`: under `transaction_mode: IMMEDIATE` that would take the lock of the writers.
    "sqlite": "BEGIN DEFERRED",
}


@contextmanager
def read_snapshot():
    """Let every query inside see the database of one moment; usable as a decorator too.

    Costs no query of its own besides BEGIN and ROLLBACK. Nothing may be written inside. Inside a transaction
    that is open already (a test, a command) it adds nothing.
    """
    if connection.in_atomic_block or not connection.get_autocommit():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(BEGIN[connection.vendor])
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
