"""Queries that PostgreSQL plans once a connection: to plan one takes several times as long as to answer it.

PgBouncer gives each transaction to another process of the server; which queries are prepared there is therefore read
where a snapshot begins, in the same round trip. They outlive their transaction.
"""

import hashlib
import threading

from psycopg2.extensions import AsIs

AT_MOST = 200  # of a connection: its memory holds their plans
NAMES = "(SELECT array_agg(name) FROM pg_prepared_statements)"
PLANNED_ONCE = "SET LOCAL plan_cache_mode = force_generic_plan"  # else the first five times with each time's values


class _Prepared(threading.local):
    """The names of what is prepared for the snapshot of this thread; nothing outside of one, and on SQLite."""

    names = None


prepared = _Prepared()


def execute(cursor, sql, params, mark, value):
    """Execute a query of which nothing changes but the value that takes the place of a parameter, the mark."""
    if prepared.names is None:
        cursor.execute(sql, [value if param == mark else param for param in params])
        return
    query = cursor.mogrify(sql, [AsIs("$1") if param == mark else param for param in params]).decode()
    name = f"partners_{hashlib.sha256(query.encode()).hexdigest()[:32]}"
    call = f"EXECUTE {name}" + (cursor.mogrify("(%s)", [value]).decode() if mark in params else "")
    if name in prepared.names:
        cursor.execute(call)
    elif len(prepared.names) < AT_MOST:
        cursor.execute(f"PREPARE {name} AS {query}; {call}")
        prepared.names.add(name)
    else:
        cursor.execute(sql, [value if param == mark else param for param in params])
