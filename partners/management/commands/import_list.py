"""`manage.py import_list FILE`: import an edited file of the list of institutions."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...imports.edited_list.file import ListFileError, Mistakes
from ...imports.edited_list.load import import_list


class Command(BaseCommand):
    help = (
        "Bring the list of institutions or of labs back, as /institutions.csv gives it and a spreadsheet has edited it:"
        " all of it or nothing. What others edited since it was downloaded stays as it is. Look at what --dry-run says."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The list as CSV, XLSX or JSON.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change, and write nothing.")
        parser.add_argument(
            "--replace", action="store_true", help="Write the file's cells over what others edited since, too."
        )
        parser.add_argument(
            "--set-aside-missing", action="store_true", help="Unpublish listed institutions that the file lacks."
        )

    def handle(
        self, *args: Any, file: Path, dry_run: bool, replace: bool, set_aside_missing: bool, **options: Any
    ) -> None:
        try:
            report = import_list(file, dry_run=dry_run, replace=replace, set_aside=set_aside_missing)
        except OSError as error:
            detail = {"file": file, "error": error.strerror}
            raise CommandError(_("%(file)s cannot be read: %(error)s.") % detail) from error
        except ListFileError as error:
            raise CommandError(_in_words(file, error.mistakes)) from error
        except KeyboardInterrupt as interrupt:
            raise CommandError(_("Stopped. Nothing was written."), returncode=130) from interrupt
        self.stdout.write(str(report))


def _in_words(file: Path, mistakes: Mistakes) -> str:
    """Return the mistakes as a list under a line that counts them."""
    head = ngettext(
        "%(file)s has %(count)d mistake, so nothing was written:",
        "%(file)s has %(count)d mistakes, so nothing was written:",
        mistakes.count,
    )
    lines = [head % {"file": file, "count": mistakes.count}, *(f"- {sentence}" for sentence in mistakes.sentences)]
    if more := mistakes.count - len(mistakes.sentences):
        lines.append(_("- and %(count)d more") % {"count": more})
    return "\n".join(lines)
