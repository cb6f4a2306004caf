"""How long the database may keep a visitor waiting: a web request has a deadline, a command has none.

A silent server blocks everybody who waits for it, and so does a lock. PostgreSQL's own timeouts end the work of a live
server; they go with each statement or with its transaction, because `SET` would stay with a connection that PgBouncer
gives to others. What no server ends, the client does: psycopg2 waits in a function of ours. After that, and where no
connection can be made, no request tries for two seconds, then one does. Who writes stops nobody: it may have waited for
another editor, or for a standby to confirm its commit, while everybody can read.
"""

import select
import threading
import time
from contextlib import contextmanager

import psycopg2
from django.conf import settings
from django.db import connection, connections
from psycopg2.extensions import POLL_OK, POLL_READ, STATUS_SETUP, TRANSACTION_STATUS_INTRANS, set_wait_callback

BROKEN_FOR = 2  # seconds
MARGIN = 0.3  # seconds by which the server is earlier than the client: its answer keeps the connection
LOCK_FIRST = 0.05  # seconds by which a lock ends its statement earlier than time does: only its error names the lock
LIMITED = ("SELECT", "INSERT", "UPDATE", "DELETE", "BEGIN ", "EXECUTE ", "PREPARE ")
LIMITS_HOLD = 0.1  # seconds for which the next statements of a snapshot go by the limits of one before them
LOCK_NOT_AVAILABLE = "55P03"
READING = ("GET", "HEAD", "OPTIONS")


class _Waiting(threading.local):
    until = None  # by time.monotonic(), or None without a deadline
    writes = False
    limits_hold_until = None  # by time.monotonic(), or None outside of a snapshot, where each statement needs its own


class _Breaker:
    """A circuit breaker that keeps requests from a server that did not answer the last one."""

    def __init__(self):
        self._closed_until = 0

    def pass_or_refuse(self):
        """Let one request try after the pause, and refuse every other one.

        :raises psycopg2.OperationalError: at once.
        """
        if not self._closed_until:
            return
        now = time.monotonic()
        if now < self._closed_until:
            raise psycopg2.OperationalError("The database did not answer a moment ago; nobody tries again yet.")
        self._closed_until = now + settings.WEB_DEADLINE + BROKEN_FOR

    def break_for_a_while(self):
        self._closed_until = time.monotonic() + BROKEN_FOR

    def mend(self):
        self._closed_until = 0


_waiting = _Waiting()
_breaker = _Breaker()


def for_web_requests(application):
    """Give each request of a WSGI application the deadline; the options of connections hold for the process."""
    set_wait_callback(_wait)
    options = connections.settings["default"].setdefault("OPTIONS", {})
    if connection.vendor == "sqlite":
        options["timeout"] = settings.LOCK_TIMEOUT
    else:
        options |= {
            "tcp_user_timeout": int(settings.TCP_USER_TIMEOUT * 1000),
            "keepalives_idle": max(1, int(settings.TCP_USER_TIMEOUT)),
            "keepalives_interval": 1,
            "keepalives_count": 3,
        }

    def limited(environ, start_response):
        with deadline(settings.WEB_DEADLINE, writes=environ["REQUEST_METHOD"] not in READING):
            return application(environ, start_response)

    return limited


@contextmanager
def deadline(seconds, *, writes=False):
    """Make every query inside fail when the time is up; 0 is no deadline."""
    _waiting.until, _waiting.writes = time.monotonic() + seconds if seconds else None, writes
    _waiting.limits_hold_until = None
    try:
        if connection.vendor == "postgresql":
            with connection.execute_wrapper(_with_timeouts):
                yield
        else:
            yield
    finally:
        _waiting.until, _waiting.writes = None, False


@contextmanager
def unhurried():
    """Put `LONG_DEADLINE` in place of the deadline for a file or a whole index; the time inside does not count."""
    until = _waiting.until
    if until is None:
        yield
        return
    began = time.monotonic()
    _waiting.until = began + settings.LONG_DEADLINE if settings.LONG_DEADLINE else None
    if connection.vendor == "postgresql" and _is_in_transaction():
        with connection.cursor() as cursor:  # the snapshot's own timeouts would end it
            cursor.execute(f"{_timeouts(settings.LONG_DEADLINE, settings.LONG_DEADLINE)} SELECT")
    _limit_anew()
    try:
        yield
    finally:
        _waiting.until = until + time.monotonic() - began
        _limit_anew()


@contextmanager
def locks_limited(seconds):
    """Let a command's transactions fail where PostgreSQL makes them wait for a lock; SQLite waits as configured."""

    def limited(execute, sql, params, many, context):
        is_named = getattr(context["cursor"].cursor, "name", None)  # DECLARE … CURSOR FOR stands before it
        if (
            connection.in_atomic_block
            and not many
            and not is_named
            and not str(sql).startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))
        ):
            sql = f"SET LOCAL lock_timeout = {int(seconds * 1000)}; {sql}"
        return execute(sql, params, many, context)

    if connection.vendor != "postgresql":
        yield
        return
    with connection.execute_wrapper(limited):
        yield


def _is_in_transaction():
    raw = connection.connection
    return raw is not None and raw.info.transaction_status == TRANSACTION_STATUS_INTRANS


def _timeouts(statement, lock):
    """Return SQL that limits the transaction that it begins, or is part of."""
    statement, lock = (int(seconds * 1000) for seconds in (statement, lock))  # milliseconds; 0 is none
    return f"SET LOCAL statement_timeout = {statement}; SET LOCAL lock_timeout = {lock};"


def _limit_anew():
    """Let the next statement of a snapshot, if there is one, have limits of its own."""
    if _waiting.limits_hold_until is not None:
        _waiting.limits_hold_until = 0


def _with_timeouts(execute, sql, params, many, context):
    """Send each statement of a request with its timeouts, in the same round trip; in a snapshot they hold for a while.

    They are two more statements for the server, a third of what a short one takes.
    """
    is_named = getattr(context["cursor"].cursor, "name", None)  # DECLARE … CURSOR FOR stands before it
    if str(sql).startswith("ROLLBACK"):
        _waiting.limits_hold_until = None
    if _waiting.until is None or many or is_named or not sql.lstrip().startswith(LIMITED):
        return execute(sql, params, many, context)
    now, begins = time.monotonic(), sql.startswith("BEGIN ")
    if begins:
        _waiting.limits_hold_until = None  # of a snapshot whose connection broke
    hold_until = _waiting.limits_hold_until
    if hold_until is None or now > hold_until:
        left = max(_waiting.until - now - MARGIN, 0.001)
        statement = min(left, settings.STATEMENT_TIMEOUT)
        lock = min(max((statement or left) - LOCK_FIRST, 0.001), settings.LOCK_TIMEOUT)
        sql = f"{_timeouts(statement, lock)} {sql}"
        if begins or hold_until is not None:
            _waiting.limits_hold_until = now + LIMITS_HOLD
    try:
        return execute(sql, params, many, context)
    except Exception as error:
        if getattr(error.__cause__, "pgcode", None) == LOCK_NOT_AVAILABLE and not _waiting.writes:
            _breaker.break_for_a_while()
        raise


def _wait(raw):
    """Wait for the server on behalf of psycopg2, at most until the deadline.

    :raises psycopg2.OperationalError: then; psycopg2 closes the connection.
    """
    until = _waiting.until
    if until is not None:
        _breaker.pass_or_refuse()
    poll = select.poll()
    while (state := _polled(raw)) != POLL_OK:
        poll.register(raw.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
        left = None if until is None else max(until - time.monotonic(), 0) * 1000
        if not poll.poll(left):
            if not _waiting.writes:
                _breaker.break_for_a_while()
            raise psycopg2.OperationalError(f"The database did not answer within {settings.WEB_DEADLINE} s.")
        poll.unregister(raw.fileno())
    if until is not None:
        _breaker.mend()


def _polled(raw):
    try:
        return raw.poll()
    except psycopg2.OperationalError:
        if raw.status == STATUS_SETUP and _waiting.until is not None:  # one that broke is replaced, once
            _breaker.break_for_a_while()
        raise
