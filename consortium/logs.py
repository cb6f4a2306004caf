"""How a log line looks."""

import copy
import json
import logging
import re
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import Error
from django.http import HttpRequest

LONGEST_NAME = 150  # characters, as a user name has at most
# What gunicorn quotes of a request that it cannot read: the client's address, and what was asked for.
QUOTED = re.compile(r" from ip=[^ ]+(?=:)|\?[^ ]*")

request_id = ContextVar("request_id", default="")  # of the request that this thread answers


class Formatter(logging.Formatter):
    """A formatter that cuts a database's error to its first line; the others quote the row, maybe a person's data.

    A denied permission is one line that says who it was: a traceback would add nothing.
    """

    def format(self, record: logging.LogRecord) -> str:
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record = copy.copy(record)
            record.exc_info = record.exc_text = None
            return (
                f"{super().format(record)} ({who(record.request)})"
                if hasattr(record, "request")
                else super().format(record)
            )
        text = super().format(record)
        for error in _database_errors(record.exc_info[1] if record.exc_info else None):
            message = str(error)
            text = text.replace(message, message.partition("\n")[0])
        return text


class JsonFormatter(Formatter):
    """A formatter that writes one JSON object a line, with the id of the request that it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        message, _, trace = super().format(record).partition("\n")
        if record.name.startswith("gunicorn") and not settings.LOG_QUERIES:
            message = QUOTED.sub("", message)
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message,
            "request_id": request_id.get(),
            "trace": trace,
        }
        line = {name: value for name, value in line.items() if value} | getattr(record, "fields", {})
        return json.dumps(line, ensure_ascii=False)


def _database_errors(error: BaseException | None) -> Iterator[Error]:
    """Yield the database's errors among an exception and those that led to it."""
    while error is not None:
        if isinstance(error, Error):
            yield error
        error = error.__cause__ or error.__context__


def who(request: HttpRequest, name: str | None = None) -> str:
    """Return who sent a request, in one line: the user's name, or the one that was typed, and the client's address."""
    if name is None:
        name = request.user.get_username()
    return f"{name[:LONGEST_NAME]!r} from {request.META.get('REMOTE_ADDR') or 'a socket'}"
