"""The table to write: columns over rows that come in chunks, and its source."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

CHUNK_SIZE = 1000  # rows
Value = str | int | float | datetime.date | datetime.datetime | list[str] | None


@dataclass(frozen=True)
class Column:
    """A column: its permanent name, the source of its values, and a sentence that explains it.

    `values` takes a chunk of rows, as its table gives them, and returns a value for each of them.
    """

    name: str
    values: Callable[[Any], Sequence[Value]]
    help: str


@dataclass(frozen=True)
class About:
    """The source of a file: the filter in words, the address of the list, the licence and the time."""

    filter: str
    url: str
    licence: str
    generated: datetime.datetime  # aware
    match: str = ""  # how the rows match the text of the search
    read_as: str = ""  # how that text was read, where not as it was typed
    left_out: Sequence[str] = ()  # its words that none of the rows has
    unknown: Sequence[str] = ()  # its words that nobody has


@dataclass(frozen=True)
class Table:
    """What is written; `chunks` are consumed once, `slug` stands for the filter in the file name.

    A chunk holds some rows in whatever form the columns read; a call for each cell would cost more than the writing.
    """

    name: str
    columns: Sequence[Column]
    chunks: Iterable[Any]
    about: About
    slug: str = ""


def each(value: Callable[[Any], Value]) -> Callable[[Iterable[Any]], list[Value]]:
    """Return the `values` of a column whose chunks are lists of rows."""
    return lambda rows: [value(row) for row in rows]


def in_chunks(rows: Iterable[Any], size: int = CHUNK_SIZE) -> Iterator[list[Any]]:
    """Yield lists of rows, for columns that read `each` of them."""
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk


def columns_of(table: Table) -> Iterator[list[Sequence[Value]]]:
    """Yield the columns of each chunk."""
    for chunk in table.chunks:
        yield [column.values(chunk) for column in table.columns]


def rows_of(table: Table) -> Iterator[tuple[Value, ...]]:
    """Yield the values of each row."""
    for columns in columns_of(table):
        yield from zip(*columns, strict=True)
