"""Try a backup."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ...backups import BackupError, check


class Command(BaseCommand):
    help = "Restore a backup aside, and look at its tables, its triggers and a page. The directory is not touched."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FROM", type=Path, help="The backup.")

    def handle(self, *, file, **options):
        try:
            found = check(file)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        for table, (rows, now) in found.items():
            self.stdout.write(f"{table}: {rows}" + (f", in the directory {now}" if now != rows else ""))
        self.stdout.write(f"{file} restores: {len(found)} tables, {sum(rows for rows, _now in found.values())} rows.")
