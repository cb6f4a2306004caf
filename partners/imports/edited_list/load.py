"""The import of an edited file of the list of institutions, all or nothing."""

from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from ...exports import in_chunks
from ...lists.column import CHUNK_SIZE
from ...lists.institutions import INSTITUTION_ROWS
from ...models import Institution, Operation, read_snapshot
from ...models.operation import operation
from .compare import Comparison, FileRow, in_words
from .file import ListFileError, Mistakes, read_list
from .write import Edits

REASON_LENGTH = 100  # characters, as a record of the history allows


@dataclass
class ListReport:
    """What a file changed: a line for each cell."""

    read: int = 0
    changed: int = 0  # rows
    lines: list[str] = field(default_factory=list)

    def add(self, row: FileRow, entry: Institution) -> None:
        self.changed += 1
        for column, value in row.new.items():
            self.lines.append(f"{entry.slug}: {column}: {in_words(row.old[column])} → {in_words(value)}")

    def __str__(self) -> str:
        counts = [
            _("Read: %(count)d") % {"count": self.read},
            _("Unchanged: %(count)d") % {"count": self.read - self.changed},
            _("Changed: %(count)d") % {"count": self.changed},
        ]
        return "\n".join([*counts, *self.lines])


def import_list(path: Path, *, dry_run: bool = False) -> ListReport:
    """Write an edited file of the list of institutions and report what changed; a dry run only reports.

    A row says what an institution is like now, so edits that others made since the download are reverted too. Rows and
    columns that are missing from the file stay as they are. Five queries, ten for each 4,000 rows, and some twenty
    statements for each row that changes something: a thousand of these take half a minute, during which other writers
    wait on SQLite. Nobody waits for a dry run.

    :raises ListFileError: when the file has mistakes, and naming them; nothing is written then.
    :raises OSError: when the file cannot be read.
    """
    report, mistakes = ListReport(), Mistakes()
    begin = read_snapshot if dry_run else transaction.atomic
    with path.open("rb") as file, operation(Operation.Kind.IMPORT, path.name), begin():
        columns = {column.name: column for column in INSTITUTION_ROWS.file_columns}
        header, rows = read_list(file, columns, mistakes)
        comparison = Comparison([columns[name] for name in header], mistakes)
        edits = Edits(header, mistakes, reason=_reason(path), dry_run=dry_run)
        for batch in in_chunks(comparison.matched(rows), CHUNK_SIZE):
            report.read += len(batch)
            if changed := comparison.changed(batch):
                for row, entry in zip(changed, edits.make(changed), strict=True):
                    report.add(row, entry)
        if mistakes.count:
            raise ListFileError(mistakes)
    return report


def _reason(path: Path) -> str:
    """Return the reason that each record gives; the name of a file may hold bytes that are no text."""
    return f"Imported from {path.name}".encode(errors="replace").decode()[:REASON_LENGTH]
