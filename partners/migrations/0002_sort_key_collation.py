"""Compare sort keys byte by byte on PostgreSQL too, as SQLite and Python do."""

from django.db import migrations

TABLES = ["partners_country", "partners_city", "partners_institution", "partners_lab"]


def use_binary_collation(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema_editor.execute(f'ALTER TABLE {table} ALTER COLUMN sort_key TYPE varchar(300) COLLATE "C"')


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]
    operations = [migrations.RunPython(use_binary_collation, migrations.RunPython.noop, elidable=False)]
