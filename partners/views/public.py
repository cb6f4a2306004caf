"""Pages and files for everybody: answered within one moment, from memory where nothing changed since."""

import hashlib
import logging
from functools import wraps
from http import HTTPStatus

from django.conf import settings
from django.db import Error
from django.utils import timezone
from django.utils.cache import get_conditional_response

from ..host.release import release
from ..index import current
from ..middleware import has_session, is_for_one
from .errors import is_away, reason_of
from .page_cache import MB, Answer, Moment, PageCache

logger = logging.getLogger(__name__)

page_cache = PageCache(settings.KEPT_MB * MB)


def public(*parameters, reads=lambda **_named: ()):
    """Let a view answer everybody alike, whatever its address asks for by these query parameters.

    `reads` returns further ones by the view's named arguments.

    What it shows depends on nothing but the data, the day, the code and its address; all data that it may show has to
    enter the change log. It is then called once for each of these, and its answer sent again from memory, or not at
    all where the browser holds it: one query, and no transaction. Who is signed in gets each page anew.

    An address with another parameter is answered too, and held nowhere: anybody could invent any number of them. A view
    without this decorator is nobody's but its visitor's: `no-store`, and not compressed.

    While the database is away, what was true when it last answered is sent for five more minutes, and says its age.
    """

    def decorate(view):
        @wraps(view)
        def answer(request, *args, **kwargs):
            if has_session(request) or request.method not in ("GET", "HEAD"):
                with current.in_snapshot():
                    return view(request, *args, **kwargs)
            is_held = request.GET.keys() <= {*parameters, *reads(**kwargs)}
            address = requested(request)
            # “*” names no page that a browser holds.
            is_conditional = request.META.get("HTTP_IF_NONE_MATCH", "*") != "*"
            try:
                position = current.latest_position() if is_conditional or address in page_cache else None
            except Error as error:
                if not is_away(error) or not (found := page_cache.last(address)):
                    raise
                return _of_last_position(request, error, *found)
            if moment := moment_of(position):
                tag = tag_of(address, moment)
                if is_conditional and (unchanged := get_conditional_response(request, etag=tag)):
                    unchanged.headers["ETag"] = tag
                    return unchanged
                if found := page_cache.get(address, moment):
                    return _sent(request, address, moment, found)
            with current.in_snapshot():
                moment = moment_of(current.snapshot_position())  # first: the day may end meanwhile
                if moment and is_held and (found := page_cache.get(address, moment)):  # another worker made it
                    return _sent(request, address, moment, found)
                response = view(request, *args, **kwargs)
            if moment is None or response.status_code != HTTPStatus.OK:
                return response
            response.headers["ETag"] = tag_of(address, moment)
            if response.streaming or not is_held or request.COOKIES or is_for_one(request, response):
                return response
            return _sent(request, address, moment, Answer.of(response))

        answer.is_public = True
        return answer

    return decorate


def requested(request):
    """Return what a page knows of its address: as it was sent, because two spellings may be read differently."""
    return request.scheme, request.get_host(), request.path, request.META.get("QUERY_STRING", "")


def moment_of(position):
    """Return the Moment of a position on this day, or None where nobody knows the position."""
    return None if position is None else Moment(*position, timezone.localdate())


def tag_of(address, moment):
    """Return the name of all that a page depends on; a weak one, because it comes in several encodings."""
    depends_on = (*moment, release(), *address)
    return f'W/"{hashlib.sha256(repr(depends_on).encode()).hexdigest()[:32]}"'


def _of_last_position(request, error, answer, age):
    """Return an answer while the database is away, with its age."""
    logger.warning("Sent from memory, %d s old, because %s", age, reason_of(error))
    response = answer.response(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    response.headers["Age"] = age
    return response


def _sent(request, address, moment, answer):
    """Return an answer as the visitor's program likes it, and hold it."""
    response = answer.response(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    page_cache.put(address, moment, answer)
    return response
