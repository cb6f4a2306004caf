"""Many rows written at once, each with its record of the history."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Model

from .history import record_in_bulk


@dataclass
class Writes:
    """Rows to add, to change and to delete, collected and then written table by table.

    Nothing is validated, and no `save()` runs: who collects rows has judged them and derived their sort keys.
    """

    new: dict[type[Model], list[Model]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[type[Model], dict[frozenset[str], list[Model]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    deleted: dict[type[Model], list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row: Model) -> None:
        """Collect a row that is not there yet; rows that it belongs to come before it."""
        self.new[type(row)].append(row)

    def change(self, row: Model, fields: Collection[str]) -> None:
        """Collect a row whose fields are changed."""
        if fields:
            self.changed[type(row)][frozenset(fields)].append(row)

    def remove(self, row: Model) -> None:
        """Collect a row to delete, to which no other row points."""
        self.deleted[type(row)].append(row.pk)

    def __bool__(self) -> bool:
        return any(self.new.values()) or any(self.changed.values()) or any(self.deleted.values())

    def keys(self, model: type[Model]) -> set[int]:
        """Return the keys of the rows of a model that change or go."""
        return {row.pk for rows in self.changed[model].values() for row in rows} | set(self.deleted[model])

    def save(self, reason: str | None = None, user=None) -> None:
        """Write everything inside the caller's transaction: a statement for 31,000 records of the history.

        Changed rows are one statement each, sent together: a tenth of the time of `bulk_update()`.
        """
        for model, keys in self.deleted.items():
            record_in_bulk(model, keys, "-", reason, user)
            rows = model._base_manager.filter(pk__among=keys)
            rows._raw_delete(rows.db)
        for model, rows in self.new.items():
            model._base_manager.bulk_create(rows)
            record_in_bulk(model, [row.pk for row in rows], "+", reason, user)
        for model, by_fields in self.changed.items():
            for fields, rows in by_fields.items():
                write_fields(model, rows, sorted(fields))
            record_in_bulk(model, sorted(self.keys(model)), "~", reason, user)


def write_fields(model: type[Model], rows: Iterable[Model], names: Collection[str]) -> None:
    """Write some fields of many rows as they stand there, and nothing else: no record, no check."""
    fields = [model._meta.get_field(name) for name in names]
    columns = ", ".join(f"{connection.ops.quote_name(field.column)} = %s" for field in fields)
    table, key = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name(model._meta.pk.column)
    values = [
        [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), row.pk] for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {columns} WHERE {key} = %s", values)
