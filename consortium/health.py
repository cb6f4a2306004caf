"""What a supervisor asks: does the process live, and can it answer?"""

import logging
import shutil
import tempfile
from functools import cache
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from partners.index.current import in_snapshot, index_of
from partners.lists import LISTS
from partners.models import missing_triggers, position
from partners.views.errors import reason_of

logger = logging.getLogger(__name__)

ROOM = 64 * 1024 * 1024  # bytes


@require_safe
def healthz(_request):
    """Say that the process answers; no query."""
    return JsonResponse({"alive": True})


@require_safe
def readyz(_request):
    """Report each condition of a good answer: 200 where all hold, else 503; only the log says why. Four queries."""
    found = {}
    for name, look in LOOKS.items():
        try:
            found[name] = bool(look())
        except Exception as error:
            logger.warning("Not ready, %s: %s", name, reason_of(error))
            found[name] = False
    is_ready = all(found.values())
    status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({"ready": is_ready} | found, status=status)


def _database_answers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()


def _migrations_are_applied():
    return _migrations_known() <= set(MigrationRecorder(connection).applied_migrations())


@cache
def _migrations_known():
    return frozenset(MigrationLoader(None).disk_migrations)


def _index_is_at_the_position():
    """Say whether the lists' indexes are at the position of the log; without a log SQL would answer for ever."""
    with in_snapshot():
        return position() is not None and all(index_of(listing.filterset) is not None for listing in LISTS)


def _disk_has_room():
    folders = {Path(tempfile.gettempdir())}
    if connection.vendor == "sqlite":
        folders.add(Path(settings.DATABASES["default"]["NAME"]).parent)
    return all(shutil.disk_usage(folder).free >= ROOM for folder in folders)


LOOKS = {
    "database": _database_answers,
    "migrations": _migrations_are_applied,
    "triggers": lambda: not missing_triggers(),
    "index": _index_is_at_the_position,
    "disk": _disk_has_room,
}
