"""CSV: written a column of a chunk at a time."""

import codecs
import csv
import datetime
from collections.abc import Sequence
from decimal import Decimal
from math import isfinite
from types import NoneType
from typing import BinaryIO

from .cells import FORMULA_STARTS, guard_formula, join_list
from .table import Table, Value, columns_of


def write_csv(table: Table, file: BinaryIO, mark: bytes = codecs.BOM_UTF8) -> int:
    """Write RFC 4180 in UTF-8 with a BOM, which tells Excel the encoding; programs that are told it want no mark."""
    quoted = csv.writer(_Echo()).writerow
    file.write(mark + quoted([column.name for column in table.columns]).encode())
    commas = len(table.columns) - 1
    row_count = 0
    for columns in columns_of(table):
        lines = []
        for cells in zip(*map(csv_cells, columns), strict=True):
            line = ",".join(cells)
            # `csv` inspects each character; this test finds sooner that most lines need no quotes. Lines take 0.70 of
            # its time, a file with reading its rows 0.88: see “Tricks” in docs/performance.md.
            if not line or line.count(",") > commas or '"' in line or "\n" in line or "\r" in line:
                lines.append(quoted(cells))
            else:
                lines.append(line + "\r\n")
        row_count += len(lines)
        file.write("".join(lines).encode())
    return row_count


class _Echo:
    """A stand-in for the file of a `csv.writer`, whose `writerow` then returns the line."""

    def write(self, line: str) -> str:
        return line


def csv_cells(values: Sequence[Value]) -> list[str]:
    """Return the cells of a column as a CSV file has them, texts guarded.

    :raises TypeError: for a type that a cell cannot hold, because its `str()` would be unguarded.
    :raises ValueError: for infinity and NaN.
    """
    kinds = set(map(type, values)) - {NoneType}
    if len(kinds) > 1:
        return [cell for value in values for cell in csv_cells([value])]
    for kind in kinds:
        for known, cells in _CSV_CELLS.items():
            if issubclass(kind, known):
                return cells(values)
        raise TypeError(f"A cell cannot hold {kind}.")
    return [""] * len(values)


def _csv_texts(texts: Sequence[str | None]) -> list[str]:
    return [(guard_formula(text) if text[0] in FORMULA_STARTS else text) if text else "" for text in texts]


def _csv_lists(lists: Sequence[list[str] | None]) -> list[str]:
    return _csv_texts([join_list(values) if values else "" for values in lists])


def _csv_days(days: Sequence[datetime.date | None]) -> list[str]:
    return [day.isoformat() if day else "" for day in days]


def _csv_integers(numbers: Sequence[int | None]) -> list[str]:
    return ["" if number is None else str(number) for number in numbers]


def _csv_floats(numbers: Sequence[float | None]) -> list[str]:
    return ["" if number is None else _digits(number) for number in numbers]


def _digits(number: float) -> str:
    """Return a number with a dot and never an exponent."""
    if not isfinite(number):
        raise ValueError(f"A cell cannot hold {number}.")
    digits = repr(number)
    return format(Decimal(digits), "f") if "e" in digits else digits


# The function that makes a column's cells, by the type of its values; a call a cell would cost more than the cell.
_CSV_CELLS = {
    str: _csv_texts,
    float: _csv_floats,
    int: _csv_integers,
    list: _csv_lists,
    datetime.date: _csv_days,
}
