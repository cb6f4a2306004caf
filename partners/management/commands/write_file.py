"""``manage.py write_file``: write the file of an address into the folder from which the processes of this host send."""

import json
from http import HTTPStatus
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test import RequestFactory
from django.urls import resolve

from ...host import BusyError
from ...index.current import prepare
from ...lists import LISTS


class Command(BaseCommand):
    help = "Write a large file for the processes of this host; they start it where it is needed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", type=json.loads, help="scheme, host, path and query as a JSON array")

    def handle(self, *args: Any, address: list[str], **options: Any) -> None:
        scheme, host, path, query = address
        request = RequestFactory().get(path, HTTP_HOST=host, QUERY_STRING=query, secure=scheme == "https")
        request.writes_file = True
        found = resolve(request.path_info)
        prepare(*(listing.filterset for listing in LISTS))
        try:
            response = found.func(request, *found.args, **found.kwargs)
        except BusyError as error:
            raise CommandError(str(error)) from error
        if response.status_code != HTTPStatus.OK:
            raise CommandError(f"{path} answered {response.status_code}.")
        response.close()
