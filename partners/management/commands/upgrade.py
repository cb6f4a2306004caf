"""Bring a directory to the release that is installed."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from ...backups import BackupError, write_backup
from ...models.deadline import locks_limited

ATTEMPTS, PAUSE = 10, 3  # seconds between them
LOCK_TIMEOUT = 5  # seconds: visitors queue behind a migration that waits


class Command(BaseCommand):
    help = (
        "After a new release is installed: check, backup, migrate, collect the static files, check. A table that is in"
        " use is tried again. Then restart the application server."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--backup", type=Path, default=settings.BASE_DIR / "backups", metavar="TO", help="The folder of the backup."
        )

    def handle(self, *, backup, **options):
        self._step("Check the settings")
        call_command("check")
        self._step("Back up")
        try:
            self.stdout.write(f"{write_backup(backup)}")
        except (BackupError, OSError) as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        self._step("Migrate")
        self._migrate()
        self._step("Collect the static files")
        call_command("collectstatic", interactive=False, verbosity=0)
        self._step("Check the database")
        call_command("check", databases=["default"], fail_level="WARNING")
        self.stdout.write("Done. Restart the application server.")

    def _step(self, words):
        self.stdout.write(f"{words} …")

    def _migrate(self):
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with locks_limited(LOCK_TIMEOUT):
                    call_command("migrate", interactive=False, verbosity=0)
                return
            except OperationalError as error:
                connection.close()
                connection.connect()  # forgets the transaction, which Django leaves open where constraints fail last
                if attempt == ATTEMPTS:
                    raise CommandError(f"{error} What was migrated so far stays; run it again.") from error
                self.stdout.write(f"Not yet: {str(error).strip().partition(chr(10))[0]}; again in {PAUSE} s.")
                time.sleep(PAUSE)
