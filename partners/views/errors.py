"""What a visitor reads when something failed on our side.

Django's own views show 403.html and 404.html. A malformed request gets a page that does not touch it again,
and an uncaught exception needs a decision: is it a mistake of ours (500), or is the database away (503)?
"""

import errno
import logging
import sys
from http import HTTPStatus

from django.conf import settings
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

from ..problems import PREFIX, busy_problem, is_for_programs, problem

logger = logging.getLogger(__name__)

RETRY_AFTER = 3  # seconds

READ_ONLY = "25006"
# https://www.postgresql.org/docs/current/errcodes-appendix.html: connection, resources, operator's intervention.
# The last two: a lock that is not free, and a server that can only be read.
AWAY_IN_POSTGRESQL = ("08", "53", "57", "55P03", READ_ONLY)
# https://www.sqlite.org/rescode.html
AWAY_IN_SQLITE = (
    *("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN"),
    *("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_PROTOCOL"),
)
# A disk that is full, over its quota, read only; a file that may not grow.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)
NO_FOLDER = "No usable temporary directory"  # what `tempfile` says of a full one


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - named by Django
    """Answer a request whose host, address or fields cannot be read: reading them again would fail again."""
    if is_for_programs(request):
        return problem(HTTPStatus.BAD_REQUEST, _("This request cannot be read."))
    return HttpResponse(loader.render_to_string("400.html"), status=HTTPStatus.BAD_REQUEST)


def too_long(address: str) -> HttpResponse:
    """Answer an address too long for the server, which reads no more of the request."""
    if address.startswith(PREFIX):
        response = problem(HTTPStatus.REQUEST_URI_TOO_LONG, _("This address is too long: ask for less at once."))
    else:
        response = HttpResponse(loader.render_to_string("414.html"), status=HTTPStatus.REQUEST_URI_TOO_LONG)
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; img-src 'self'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an uncaught exception by a page that needs neither the request's content nor the database."""
    if is_away(error := sys.exception()):
        logger.error("503, because %s", reason_of(error))
        if is_for_programs(request):
            return busy_problem(RETRY_AFTER)
        context = {"editors_at": settings.EDITORS_AT} if _can_only_be_read(error) else {}
        page = loader.render_to_string("503.html", context)
        return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": RETRY_AFTER})
    if is_for_programs(request):
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, _("A mistake of ours: it has been recorded."))
    return HttpResponse(loader.render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def _can_only_be_read(error: BaseException) -> bool:
    """Tell whether somebody tried to write where nobody can: behind a standby, into a read-only file."""
    codes = (getattr(error.__cause__, name, None) for name in ("pgcode", "sqlite_errorname"))
    return any(code == READ_ONLY or (code or "").startswith("SQLITE_READONLY") for code in codes)


def reason_of(error: BaseException) -> str:
    """Return in one line what an operator has to know; what follows may quote a row."""
    return f"{type(error).__name__}: {error}".partition("\n")[0]


def is_away(error: BaseException | None) -> bool:
    """Tell whether an exception means that the data cannot be reached, or that there is no room, at the moment."""
    if isinstance(error, OSError):
        return error.errno in NO_ROOM or NO_FOLDER in str(error)
    if not isinstance(error, OperationalError | InterfaceError | InternalError):
        return False
    if name := getattr(error.__cause__, "sqlite_errorname", None):
        return name.startswith(AWAY_IN_SQLITE)
    # PostgreSQL's driver has a code only for what the server said; without one there was no server to say it.
    code = getattr(error.__cause__, "pgcode", None)
    if isinstance(error, InternalError):
        return code == READ_ONLY
    return code is None or code.startswith(AWAY_IN_POSTGRESQL)
