"""Pages that a browser holds already."""

import hashlib
import secrets
from functools import wraps

from django.conf import settings
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition

from .. import reader

RELEASE = secrets.token_hex(8)  # drawn where the master starts: other code may write other pages


def _etag(request, *_args, **_kwargs):
    """Return what the page depends on: the data, the day, the code and the address; nothing for who is signed in."""
    moment = reader.moment()
    if moment is None or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return None
    depends_on = (*moment, timezone.localdate(), RELEASE, request.get_host(), request.get_full_path())
    return f'"{hashlib.sha256(repr(depends_on).encode()).hexdigest()[:32]}"'


def unless_unchanged(view):
    """Answer 304 where the browser holds the page as it is at this moment; inside of `read_moment()`, no further query.

    Only for pages made of what the change log speaks of: no contacts.
    """

    @wraps(view)
    @condition(etag_func=_etag)
    def conditional(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = conditional(request, *args, **kwargs)
        if response.has_header("ETag"):
            patch_cache_control(response, public=True, no_cache=True)
        return response

    return answer
