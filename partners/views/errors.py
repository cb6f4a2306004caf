"""What a visitor reads when something failed on our side.

Django's own views show 403.html and 404.html. A malformed request gets a page that does not touch it again,
and an uncaught exception needs a decision: is it a mistake of ours (500), or is the database away (503)?
"""

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

RETRY_AFTER = 30  # seconds

# https://www.postgresql.org/docs/current/errcodes-appendix.html: connection, resources, operator's intervention.
AWAY_IN_POSTGRESQL = ("08", "53", "57")
# https://www.sqlite.org/rescode.html
AWAY_IN_SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN")


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - named by Django
    """Answer a request whose host, address or fields cannot be read: reading them again would fail again."""
    return HttpResponse(loader.render_to_string("400.html"), status=HTTPStatus.BAD_REQUEST)


def server_error(_request: HttpRequest) -> HttpResponse:
    """Answer an uncaught exception by a page that needs neither the request nor the database."""
    if is_away(sys.exception()):
        page = loader.render_to_string("503.html")
        return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": RETRY_AFTER})
    return HttpResponse(loader.render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def is_away(error: BaseException | None) -> bool:
    """Tell whether an exception means that the database cannot be reached or has no room at the moment."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    if name := getattr(error.__cause__, "sqlite_errorname", None):
        return name.startswith(AWAY_IN_SQLITE)
    # PostgreSQL's driver has a code only for what the server said; without one there was no server to say it.
    code = getattr(error.__cause__, "pgcode", None)
    return code is None or code.startswith(AWAY_IN_POSTGRESQL)
