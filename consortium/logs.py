"""How a log line looks."""

import logging
from collections.abc import Iterator

from django.db import Error


class Formatter(logging.Formatter):
    """Keep of a database's error its first line; those below quote the row, which may hold a person's data."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for error in _database_errors(record.exc_info[1] if record.exc_info else None):
            message = str(error)
            text = text.replace(message, message.partition("\n")[0])
        return text


def _database_errors(error: BaseException | None) -> Iterator[Error]:
    """Yield the database's errors among an exception and those that led to it."""
    while error is not None:
        if isinstance(error, Error):
            yield error
        error = error.__cause__ or error.__context__
