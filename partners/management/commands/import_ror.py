"""`manage.py import_ror FILE`: import organisations of the Research Organization Registry."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from ...imports.ror.load import import_release
from ...imports.ror.release import UnreadableReleaseError
from ...models import Country, Standing
from ...models.statistics import refresh_statistics


class Command(BaseCommand):
    help = "Bring a release of the Research Organization Registry (ZIP or JSON, schema v2) in: all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The release as it is published, or the JSON in it.")
        parser.add_argument(
            "--country", nargs="+", default=[], metavar="KZ", help="Only organisations of these countries."
        )
        parser.add_argument(
            "--standing",
            choices=Standing.values,
            default="",
            help="The standing of entries that nobody but the registry wrote. Without it they are registry only.",
        )
        parser.add_argument("--unpublished", action="store_true", help="Let only editors see the new entries.")
        parser.add_argument("--bring-back", action="store_true", help="Also make entries that an editor deleted.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change, and write nothing.")

    def handle(
        self,
        *args: Any,
        file: Path,
        country: list[str],
        standing: str,
        unpublished: bool,
        bring_back: bool,
        dry_run: bool,
        **options: Any,
    ) -> None:
        known = Country.objects.filter(code__in=country).values_list("code", flat=True)
        if unknown := sorted(set(country).difference(known)):
            raise CommandError(_("Unknown country code: %(codes)s") % {"codes": ", ".join(unknown)})
        try:
            report = import_release(
                file,
                countries=country,
                standing=standing,
                publish=not unpublished,
                bring_back=bring_back,
                dry_run=dry_run,
            )
        except UnreadableReleaseError as error:
            raise CommandError(_("%(error)s Nothing was written.") % {"error": f"{error}."}) from error
        except KeyboardInterrupt as interrupt:
            raise CommandError(_("Stopped. Nothing was written."), returncode=130) from interrupt
        self.stdout.write(str(report))
        if not dry_run:
            refresh_statistics()
