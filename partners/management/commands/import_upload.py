"""`manage.py import_upload TOKEN`: compare or write a large file that an editor brought; the server starts it."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...imports import uploads
from ...imports.edited_list.preview import ChangedError, work
from ...imports.ror.preview import work as work_on_release


class Command(BaseCommand):
    help = "Compare or write a file that an editor brought in by the browser; the server starts this itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("token", help="The name of its folder.")

    def handle(self, *args: Any, token: str, **options: Any) -> None:
        upload = uploads.find(token)
        if upload is None:
            raise CommandError("There is no such upload.")
        if upload.kind == "release":
            work_on_release(upload, User.objects.get(pk=upload.user))
            return
        try:
            work(upload, User.objects.get(pk=upload.user))
        except ChangedError:
            upload.save(problem="changed")
