"""What every page knows."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import get_script_prefix
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, override

from .addresses import address_of
from .index.cached import cached_for_shared_rows
from .models import Consortium, Logo


def consortium(_request):
    """Give templates the consortium, an empty one before there is one."""
    return {"consortium": SimpleLazyObject(_consortium)}


@cached_for_shared_rows
def _consortium():
    """Read the consortium with its logo, or None; two queries, in another language than English three."""
    row = Consortium.objects.first()
    read = row.as_read() if row else Consortium()
    read.logo = Logo.objects.of_consortium()
    return read


def languages(request):
    """Give templates the page in each language; no query."""
    return {"editions": SimpleLazyObject(lambda: editions(request))}


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
