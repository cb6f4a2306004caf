"""`manage.py tidy`: remove for good what has waited long enough, and let the database count what is left."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from ...entries.trash import tidy
from ...imports import uploads
from ...models.statistics import refresh_statistics


class Command(BaseCommand):
    help = (
        "Empty the trash of entries that were deleted more than 90 days ago, and delete files that editors brought in"
        " more than a day ago; let the database count its rows, for quick answers. Run it daily."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        uploads.sweep()
        count = tidy()
        told = ngettext("%(count)d entry removed for good.", "%(count)d entries removed for good.", count)
        self.stdout.write(told % {"count": count})
        refresh_statistics()
