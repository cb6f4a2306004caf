"""The page's language: the address alone tells it."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import get_script_prefix
from django.utils.translation import get_language_from_path, gettext, override

from ..addresses import address_of
from ..models import texts_kept


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


@dataclass(frozen=True)
class Edition:
    """The same page in one language."""

    language: str
    name: str  # of the language, in itself
    url: str
    offer: str  # a sentence in that language


def editions(request):
    """Return an Edition for each language, or none where the address has only one: a file, or nothing is there."""
    match = request.resolver_match
    if match is None or match.url_name is None:
        return []
    in_english, other = (
        address_of(match.view_name, *match.args, language=language, **match.kwargs)
        for language in (settings.LANGUAGE_CODE, _another_language())
    )
    if in_english == other:
        return []
    _path, mark, query = request.get_full_path().partition("?")
    start = get_script_prefix()
    rest = in_english.removeprefix(start) + mark + query
    return [
        Edition(
            language,
            name,
            start + ("" if language == settings.LANGUAGE_CODE else f"{language}/") + rest,
            _offer(language),
        )
        for language, name in settings.LANGUAGES
    ]


def _another_language():
    return next(code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)


@cache
def _offer(language):
    with override(language):
        # Translators: "English" becomes the name of the language that you translate into.
        return gettext("This page in English")
