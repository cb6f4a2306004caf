"""Write many rows past the ORM: indexes are made when all rows are there, and no key is checked row by row."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

# Those that belong to a constraint stay.
INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s",
    "postgresql": """
SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = quote_ident(indexname)::regclass)""",
}
HASTE = {
    "sqlite": "PRAGMA cache_size = -500000",  # kB, for the index of the unique slugs, which come in no order
    "postgresql": "SET LOCAL session_replication_role = replica",  # else it checks each key at the commit
}
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


@contextmanager
def filling(*models: type[Model]) -> Iterator[None]:
    """Let `write_rows` be quick in one transaction; keys have to be right."""
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HASTE[connection.vendor])
        made_later = []
        for model in models:
            cursor.execute(INDEXES[connection.vendor], [model._meta.db_table])
            for name, definition in cursor.fetchall():
                cursor.execute(f'DROP INDEX "{name}"')
                made_later.append(definition)
        yield
        for statement in [*made_later, *connection.ops.sequence_reset_sql(no_style(), models)]:
            cursor.execute(statement)


def write_rows(model: type[Model], fields: list[str], rows: Iterable[tuple]) -> None:
    """Write rows that hold these fields as the database takes them; every other field holds its default."""
    others = [
        field
        for field in model._meta.concrete_fields
        if not (field.attname in fields or field.primary_key or field.has_db_default())
    ]
    defaults = tuple(field.get_db_prep_save(field.get_default(), connection) for field in others)
    columns = ", ".join([*fields, *(field.column for field in others)])
    rows = (row + defaults for row in rows)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", StringIO("".join(map(_line, rows))))
        else:
            places = ", ".join(["%s"] * (len(fields) + len(others)))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


def _line(row: tuple) -> str:
    """Return a row in COPY's text format."""
    cells = (r"\N" if cell is None else str(cell).translate(ESCAPED) for cell in row)
    return "\t".join(cells) + "\n"
