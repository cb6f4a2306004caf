"""Make a backup."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ...backups import BackupError, write_backup


class Command(BaseCommand):
    help = "Write a backup of everything into a folder: one file, named by the time (UTC), read back before it counts."

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="TO", type=Path, help="The folder; it is made if it is missing.")
        parser.add_argument("--keep", type=int, metavar="N", help="Delete all but the newest N backups in the folder.")

    def handle(self, *, folder, keep, **options):
        if keep is not None and keep < 1:
            raise CommandError("--keep is a number from 1 on.")
        try:
            path = write_backup(folder, keep)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{path}: {path.stat().st_size} bytes.")
