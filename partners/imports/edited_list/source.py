"""What a file holds, whatever its format: rows of cells, written as CSV has them."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

KEY = "slug"  # the column that identifies a row
ARCHIVE_START = b"PK\x03\x04"  # of XLSX, as of any ZIP


class UnreadableError(ValueError):
    """The reason why a file cannot be read any further, and the line where."""

    def __init__(self, reason: str, line: int = 1):
        super().__init__(reason)
        self.line = line


class Row(NamedTuple):
    """The cells of a row, the line where they begin, and what is wrong with some of them, by their place."""

    line: int
    cells: Sequence[str]
    wrong: Mapping[int, str] = MappingProxyType({})


def composed(cell: str) -> str:
    """Return a cell with its letters composed (NFC), as the directory holds them: a Mac decomposes them."""
    return cell if cell.isascii() else unicodedata.normalize("NFC", cell)


class Source(NamedTuple):
    """A file that is read: its form in words, its rows, the header first, and how its format spells a cell of ours."""

    form: str
    rows: Iterator[Row]
    spelled: Callable[[str], str] = composed
