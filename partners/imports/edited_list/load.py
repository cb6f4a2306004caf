"""The import of an edited file of a list, all or nothing: compared without a lock, then written in one go."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ...exports import in_chunks
from ...lists.cells import read_text
from ...lists.column import CHUNK_SIZE
from ...models import Institution, Operation, changed_since, position, read_snapshot
from ...models.bulk import Writes
from ...models.operation import operation
from .compare import Comparison, FileRow, in_words
from .file import ListFileError, Mistakes, look_over, read_list
from .kinds import FileKind, InstitutionFile, kind_of
from .source import KEY, Row
from .twins import name_twins
from .write import Edits

REASON_LENGTH = 100  # characters, as a record of the history allows


@dataclass
class Plan:
    """What a file would change, and what is to be written for it."""

    form: str = ""  # of the file, in words
    header: list[str] = field(default_factory=list)
    kind: FileKind | None = None
    read: int = 0  # rows
    unchanged: int = 0  # of them
    names: dict[int, str] = field(default_factory=dict)  # what each row is called in the file, by its line
    rows: list[FileRow] = field(default_factory=list)  # those that change something
    found: set[int] = field(default_factory=set)  # keys of all entries in the file
    mistakes: Mistakes = field(default_factory=Mistakes)
    writes: Writes = field(default_factory=Writes)
    set_aside: list[str] = field(default_factory=list)  # slugs of missing entries that leave the lists

    @property
    def new(self) -> list[FileRow]:
        return [row for row in self.rows if row.is_new]

    @property
    def changed(self) -> list[FileRow]:
        return [row for row in self.rows if row.new and not row.is_new]

    def __str__(self) -> str:
        """Return the report: counts, then a line for each cell."""
        changed, new = self.changed, self.new
        counts = [
            _("Read: %(count)d") % {"count": self.read},
            _("Unchanged: %(count)d") % {"count": self.unchanged},
            _("Changed: %(count)d") % {"count": len(changed)},
        ]
        counts += [_("New: %(count)d") % {"count": len(new)}] if new else []
        lines = []
        for row in self.rows:
            lines += [f"{row.slug}: {row.title}"] if row.is_new else []
            lines += [] if row.is_new else [_line(row, column, value) for column, value in row.new.items()]
            left = _("%(change)s: left as it is, because somebody edited it since the file was written")
            lines += [left % {"change": _line(row, column, value)} for column, value in row.meanwhile.items()]
            if row.twins:
                slugs = ", ".join(twin.slug for twin in row.twins)
                lines.append(_("%(row)s: perhaps here already: %(slugs)s") % {"row": row.slug, "slugs": slugs})
        lines += [_("%(slug)s: set aside, because the file lacks it") % {"slug": slug} for slug in self.set_aside]
        return "\n".join([*counts, *lines])


def _line(row, column, value):
    return f"{row.slug}: {column}: {in_words(row.old[column])} → {in_words(value)}"


def compare(
    file: BinaryIO,
    *,
    replaced: Collection[tuple[int, str]] | None = (),
    set_aside: bool = False,
    progress: Callable[[int], None] | None = None,
    corrections: Mapping[int, Mapping[str, str]] = MappingProxyType({}),
) -> Plan:
    """Return what a file would change; pass it inside one snapshot, and nothing is written.

    Some twenty queries, and ten for each 4,000 rows.

    :param replaced: (line, column) of the cells that replace what others edited since the file was written; None: all.
    :param set_aside: whether entries of the list that the file lacks leave it.
    :param progress: is called with the number of rows that were read.
    :param corrections: cells by column that take the place of those in a line.
    """
    plan = Plan()
    try:
        source = read_list(file, plan.mistakes)
    except ListFileError:
        return plan
    plan.form, plan.header, plan.kind = source.form, source.header, kind_of(source.header)
    look_over(source.header, plan.kind.columns, plan.mistakes)
    if plan.mistakes.count:
        return plan
    comparison = Comparison(plan.kind, source.header, plan.mistakes, spelled=source.spelled, replaced=replaced)
    edits = Edits(plan.kind, source.header, plan.mistakes, plan.writes)
    for batch in in_chunks(comparison.matched(_read(source, corrections, plan)), CHUNK_SIZE):
        plan.found |= {row.key for row in batch if not row.is_new}
        if changed := comparison.changed(batch):
            edits.make(changed)
            plan.rows += changed
        plan.unchanged += len({row.line for row in batch} - {row.line for row in changed} - plan.mistakes.lines)
        if progress:
            progress(plan.read)
    if set_aside and isinstance(plan.kind, InstitutionFile):
        _set_aside(plan)
    return plan


def _read(source, corrections, plan):
    """Yield the rows of a file as they were corrected; count them, and note what each is called."""
    for row in source.rows:
        cells = dict(zip(source.header, row.cells, strict=True))
        plan.read += 1
        if row.line in corrections:
            cells = {name: corrections[row.line].get(name, cell) for name, cell in cells.items()}
            row = Row(row.line, list(cells.values()))
        plan.names[row.line] = read_text(cells.get("name", "")) or read_text(cells[KEY]) or ""
        yield row


def missing(plan: Plan):
    """Return the listed institutions that a file lacks."""
    return Institution.objects.published().exclude(pk__among=sorted(plan.found))


def _set_aside(plan):
    for entry in missing(plan):
        entry.is_published = False
        plan.writes.change(entry, ["is_published"])
        plan.set_aside.append(entry.slug)


def write(compared: Callable[[], Plan], label: str, user=None) -> Plan:
    """Write what a file changes, and return it; other writers wait only while it is written.

    Compared is outside the transaction. Where one of the entries was edited by then, it is compared again inside.

    :raises ListFileError: when the file has mistakes; nothing is written then.
    """
    with read_snapshot() as seen:
        plan = _without_mistakes(compared())
    if not plan.writes:
        return plan
    with operation(Operation.Kind.IMPORT, label, user), transaction.atomic():
        if _has_moved(seen, plan):
            plan = _without_mistakes(compared())
        plan.writes.save(reason_of(label), user)
    return plan


def _without_mistakes(plan):
    if plan.mistakes.count:
        raise ListFileError(plan.mistakes)
    return plan


def _has_moved(seen, plan):
    """Lock the entries, and say whether one of them changed since a position; another new name counts, too."""
    keys = {row.key for row in plan.rows if not row.is_new}
    model = plan.kind.model
    locked = model.objects.select_for_update(of=["self"]).filter(pk__among=sorted(keys)).order_by("pk")
    institutions = set(locked.values_list("pk" if model is Institution else "institution_id", flat=True))
    if seen is None:
        return not connection.in_atomic_block  # inside the transaction of a test, it is the same one
    if position()[0] != seen[0]:
        return True
    changes = changed_since(seen[1])
    if changes is None or changes.shared:
        return True
    return bool(changes.institutions & institutions or (changes.institutions and (plan.new or plan.set_aside)))


def import_list(path: Path, *, dry_run: bool = False, replace: bool = False, set_aside: bool = False) -> Plan:
    """Write an edited file of a list and return what changed; a dry run only says what would.

    What others edited since the file was written stays, unless it is to be replaced. Rows and columns that are missing
    from the file stay as they are. Nobody waits while the file is compared; 31,000 changed rows are written in some
    seconds, during which other writers wait on SQLite.

    :raises ListFileError: when the file has mistakes, and naming them; nothing is written then.
    :raises OSError: when the file cannot be read.
    """

    def compared():
        with path.open("rb") as file:
            plan = compare(file, replaced=None if replace else (), set_aside=set_aside)
        name_twins(plan.rows)
        return plan

    if not dry_run:
        return write(compared, path.name)
    with read_snapshot():
        return _without_mistakes(compared())


def reason_of(label: str) -> str:
    """Return the reason that each record gives; the name of a file may hold bytes that are no text."""
    return f"Imported from {label}".encode(errors="replace").decode()[:REASON_LENGTH]
