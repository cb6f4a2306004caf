"""`manage.py build_index`: read the lists into files, which the processes of this host load."""

from typing import Any

from django.core.management.base import BaseCommand

from ...index.current import build_and_store
from ...lists import LISTS


class Command(BaseCommand):
    help = "Build the indexes of the lists for the processes of this host; they start it where it is needed."

    def handle(self, *args: Any, **options: Any) -> None:
        build_and_store(*(listing.filterset for listing in LISTS))
