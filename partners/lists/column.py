"""What a row of a list says, declared once a column: its pages, its files and their help follow from it."""

from collections import namedtuple
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db.models import Model, TextField, Value
from django.db.models.functions import Cast, NullIf
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from .. import exports
from ..index.current import rows_shown
from ..models.keys import PlainRows
from .cells import read_day, read_text

CHUNK_SIZE = 4000  # rows of a file that are read at once, some 6 MB of them
AS_OF = "as_of"  # the column that marks the state of a row
AS_OF_HELP = _("the state of the entry when the file was written: leave it as it is, or delete the column")
IN_ADMIN = _("this is edited in the admin: put back “%(old)s”, or delete the column")


class Chunk:
    """Some rows while they are read: their keys, the site that stands before addresses, and what columns share."""

    def __init__(self, keys: Sequence[int], origin: str):
        self.keys = keys
        self.origin = origin
        self._gathered = {}

    def once(self, gather: Callable, *arguments: Any) -> Any:
        """Return what a function gathers for these rows, however many columns ask for it."""
        if gather not in self._gathered:
            self._gathered[gather] = gather(*arguments)
        return self._gathered[gather]


@dataclass(frozen=True)
class Column:
    """Declare what a row says of one thing, in the language of the page; a file is a page in English.

    Values are made for many rows at once, in the order of the keys; a call for each cell would cost more than the cell.
    """

    name: str  # the header in CSV and XLSX, the key in JSON, the attribute of a page's row
    help: Any = ""  # a sentence for readers of files; empty where files do not have the column
    reads: Sequence = ()  # fields and expressions of the list's model; where it gathers nothing, the field of its name
    values: Callable | None = None  # what gathers values, of a Chunk and the things read; else the one thing read
    in_files: Callable | None = None  # what files have instead of the values
    holds: type = str  # what each of these is, where it is not nothing: str, int, float, date, or a list of texts
    on_pages: bool = False
    read_back: Callable = read_text  # of a cell that somebody edited and the Codes it may name
    elsewhere: Any = ""  # why a file cannot change it, with `%(old)s`; empty where it can

    def __post_init__(self):
        if not self.reads and not self.values:
            object.__setattr__(self, "reads", (self.name,))


def known(field: str) -> NullIf:
    """Read a text, and nothing where it is empty."""
    return NullIf(field, Value(""), output_field=TextField())  # of one line or of several


def day(name: str, explanation: Any, **options: Any) -> Column:
    """Return the column of a field with a day: pages have it as text in ISO 8601, whatever the driver gives."""
    text = Cast(name, TextField())
    return Column(name, explanation, (text,), in_files=_days, holds=date, read_back=read_day, **options)


def _days(texts):
    return [text and date.fromisoformat(text) for text in texts]


class ListRows:
    """Reads rows of a model as columns declare them, by primary key and in the order of the keys."""

    def __init__(self, model: type[Model], columns: Sequence[Column]):
        self.model, self._columns = model, columns
        self.file_columns = [column for column in columns if column.help]
        self._in_files = _Query(model, self.file_columns)
        self._on_pages = _Query(model, [column for column in columns if column.on_pages])
        names = [column.name for column in self._on_pages.columns]
        self._row = namedtuple("Row", ["key", *names, "why"], defaults=[None])

    def only(self, *names: str) -> "ListRows":
        """Return what reads some of the columns, for pages that show no more of a row."""
        return ListRows(self.model, [column for column in self._columns if column.name in names])

    def table_columns(self) -> list[exports.Column]:
        """Return the columns of files as `exports` takes them, for tables of `chunks()`."""
        return [exports.Column(column.name, itemgetter(column.name), column.help) for column in self.file_columns]

    def of_page(self, keys: Sequence[int]) -> list:
        """Return rows with a key, an attribute a page's column, and why they were found, which others fill in.

        One query, and what gathering costs; none for rows that the index holds, because pages showed them before.
        """
        return rows_shown(self.model._meta.model_name, self._row, keys, self._read_for_page)

    def _read_for_page(self, keys):
        columns = self._on_pages.read(Chunk(keys, origin=""))
        return map(self._row, keys, *columns)

    def of_file(self, keys: Sequence[int], origin: str = "", **instead: Sequence) -> dict[str, Sequence]:
        """Return {column: its values} as files have them. One query, and what gathering costs.

        :param origin: scheme and host of the site.
        :param instead: what is to be taken for read, by field.
        """
        with override(settings.LANGUAGE_CODE):  # a file has one content
            return self.in_language(keys, origin, **instead)

    def in_language(
        self, keys: Sequence[int], origin: str = "", names: Collection[str] = (), **instead: Sequence
    ) -> dict[str, Sequence]:
        """Return the same with names of places and the like in the active language, and addresses of its pages.

        :param names: of the columns that are wanted, all where none is named; nothing is gathered for others.
        """
        wanted = [column for column in self.file_columns if not names or column.name in names]
        values = self._in_files.read(Chunk(keys, origin), instead, wanted)
        return {
            column.name: column.in_files(of_column) if column.in_files else of_column
            for column, of_column in zip(wanted, values, strict=True)
        }

    def chunks(self, keys: Sequence[int], origin: str = "") -> Iterator[dict[str, Sequence]]:
        """Yield what `of_file()` returns, for `CHUNK_SIZE` keys at a time."""
        for start in range(0, len(keys), CHUNK_SIZE):
            yield self.of_file(keys[start : start + CHUNK_SIZE], origin)


class _Query:
    """One query for all that some columns read."""

    def __init__(self, model, columns):
        self.columns = columns
        self._fields = list(dict.fromkeys(field for column in columns for field in column.reads))
        self._rows = PlainRows(
            lambda keys: model.objects.filter(pk__among=keys).order_by().values_list("pk", *self._fields)
        )

    def read(self, chunk, instead=None, columns=None):
        """Return the values of each column, or of some of them."""
        found = {row[0]: row for row in self._rows(chunk.keys)}
        rows = map(found.__getitem__, chunk.keys)
        _keys, *read = list(zip(*rows, strict=True)) or [()] * (1 + len(self._fields))
        known = dict(zip(self._fields, read, strict=True)) | (instead or {})
        return [
            column.values(chunk, *map(known.__getitem__, column.reads)) if column.values else known[column.reads[0]]
            for column in columns or self.columns
        ]
