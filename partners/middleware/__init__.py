"""What happens around every view: who may hold the answer, in which content coding it goes, and its language."""

import logging
from http import HTTPStatus

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_path, override

from ..host import BusyError
from ..models import cached_texts
from ..problems import busy_problem, is_for_programs
from .compression import ENCODINGS, IDENTITY, TEXT, encoding_for

logger = logging.getLogger(__name__)
LARGE = 1_000_000  # bytes of a file, which is not read into memory for an answer


class Delivery:
    """Say who may hold an answer, and compress what everybody may read.

    Whoever holds a public page or file asks each time whether it still holds: the next edit may withdraw a name. What
    somebody with a session got is for them alone. What a view that is not `public` answers is held by nobody. Django's
    pages for editors say more than this, and keep it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not _is_public(request, response):
            response.headers.setdefault("Cache-Control", "no-store")
        elif has_session(request):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        else:
            response.headers.setdefault("Cache-Control", "public, no-cache")
            response = _compressed(request, response)
        return response


def has_session(request):
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def is_for_one(request, response):
    """Say whether an answer holds a token of its form or sets a cookie: it is meant for one visitor alone."""
    return bool(response.cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"))


def _is_public(request, response):
    """Say whether everybody gets this answer to this address: a public view's, or that nothing is there."""
    match = request.resolver_match
    return (
        request.method in ("GET", "HEAD")
        and (match is None or getattr(match.func, "is_public", False))
        and not is_for_one(request, response)
    )


def _compressed(request, response):
    """Return a whole answer with its body compressed, unless it is already; large files go as they were written."""
    if not TEXT.match(response.headers.get("Content-Type", "text/")):
        return response
    patch_vary_headers(response, ["Accept-Encoding"])  # of “unchanged”, too
    if "Content-Encoding" in response.headers or _is_large(response):
        return response
    encoding = encoding_for(request.META.get("HTTP_ACCEPT_ENCODING", ""), response.headers.get("Content-Type", ""))
    if encoding != IDENTITY and (body := response.getvalue()):
        if response.streaming:
            file, response = response, HttpResponse(headers=response.headers, status=response.status_code)
            file.file_to_stream.close()  # to close the response would end the request
        response.content = ENCODINGS[encoding].compress(body)
        response.headers["Content-Encoding"] = encoding
        if "Content-Length" in response.headers:  # Django has counted it already
            response.headers["Content-Length"] = str(len(response.content))
    return response


def _is_large(response):
    return response.streaming and int(response.headers.get("Content-Length", LARGE)) >= LARGE


class LanguageOfAddress:
    """Answer in the language of the address's prefix, without one in English.

    Django's LocaleMiddleware also looks at a cookie and at Accept-Language, and says so in `Vary`: then one address has
    several contents, which caches and colleagues take for one another.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with override(language), cached_texts():
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class Busy:
    """Answer 503 where a visitor would wait too long, and say when to come back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        """Return the page that says so."""
        if not isinstance(error, BusyError):
            return None
        if cause := error.__cause__:  # no room, a folder that is not ours: somebody has to see to it
            logger.error("503, because %s: %s", type(cause).__name__, cause)
        if is_for_programs(request):
            response = busy_problem(error.retry_after)
        else:
            response = render(request, "busy.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
            response.headers["Retry-After"] = error.retry_after
        response.headers["Cache-Control"] = "no-store"
        return response
