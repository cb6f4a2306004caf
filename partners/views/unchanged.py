"""Pages that a browser holds already."""

import hashlib
import secrets
from functools import wraps
from http import HTTPStatus

from django.utils import timezone
from django.utils.cache import get_conditional_response

from ..index import current
from ..middleware import has_session

RELEASE = secrets.token_hex(8)  # drawn where the master starts: other code may write other pages


def _tag(request, moment):
    """Return what a page depends on: the data, the day, the code and the address; nothing where nobody knows."""
    if moment is None:
        return None
    depends_on = (*moment, timezone.localdate(), RELEASE, request.get_host(), request.get_full_path())
    return f'"{hashlib.sha256(repr(depends_on).encode()).hexdigest()[:32]}"'


def unless_unchanged(view):
    """Answer within one moment, or 304 where the browser holds the page as it is now: one query, and no transaction.

    Only for pages made of what the change log speaks of: no contacts. Who is signed in gets each page anew.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        is_tagged = not has_session(request) and request.method in ("GET", "HEAD")
        # “*” names no page that a browser holds.
        if is_tagged and request.META.get("HTTP_IF_NONE_MATCH", "*") != "*":
            tag = _tag(request, current.moment_now())
            if tag and (unchanged := get_conditional_response(request, etag=tag)):
                return _tagged(unchanged, tag)
        with current.read_moment():
            tag = _tag(request, current.moment()) if is_tagged else None  # first: the day may end meanwhile
            response = view(request, *args, **kwargs)
        return _tagged(response, tag) if tag and response.status_code == HTTPStatus.OK else response

    return answer


def _tagged(response, tag):
    response.headers["ETag"] = tag
    return response
