"""Put a backup back."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ...backups import BackupError, restore


class Command(BaseCommand):
    help = (
        "Put a backup back into the running directory, up to date with this release. The site may go on meanwhile: who"
        " reads sees the old or the new, and what is saved at that moment is refused, never lost."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FROM", type=Path, help="The backup.")
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *, file, yes, **options):
        try:
            done = restore(file, lambda found: yes or self._says_yes(found))
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        if done is None:
            raise CommandError("Nothing was restored.")
        for table, (before, after) in done.items():
            self.stdout.write(f"{table}: {after}" + (f", before {before}" if before != after else ""))
        self.stdout.write(f"Restored from {file}.")

    def _says_yes(self, found):
        for table, (rows, now) in found.items():
            if rows != now:
                self.stdout.write(f"{table}: {now} now, {rows} in the backup")
        self.stdout.write("What is in the directory now gives way to the backup. Type yes to go on: ", ending="")
        self.stdout.flush()
        try:
            return input().strip() == "yes"
        except EOFError:
            return False
