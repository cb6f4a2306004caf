"""What happens around every view: what may be kept of the answer, and its language."""

from http import HTTPStatus

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import get_language_from_path, override

from .host import BusyError
from .models import texts_kept


class CacheControl:
    """Let whoever keeps a page or a file ask each time whether it still holds: the next edit may withdraw a name.

    What somebody with a session got is for them alone. Django's pages for editors say more than this, and keep it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", f"{'private' if has_session(request) else 'public'}, no-cache")
        return response


def has_session(request):
    return settings.SESSION_COOKIE_NAME in request.COOKIES


class LanguageOfAddress:
    """Answer in the language of the address's prefix, without one in English.

    Django's LocaleMiddleware also looks at a cookie and at Accept-Language, and says so in `Vary`: then one address has
    several contents, which caches and colleagues take for one another.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with override(language), texts_kept():
            response = self.get_response(request)
        response.headers["Content-Language"] = language
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
        response = render(request, "busy.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers["Retry-After"] = error.retry_after
        response.headers["Cache-Control"] = "no-store"
        return response
