"""Texts of rows in the language of the page; English stands in the rows themselves."""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .keys import Instances

_cache = ContextVar("cached_texts", default=None)  # {(model, language): {key of the row: its text}}


def other_languages():
    """Return [(code, name)] of the interface's languages but English."""
    return [(code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


class TextInLanguage(models.Model):
    """A row's texts in another language; the subclass names its key to the row in `owner`. Empty: English is shown."""

    owner: str

    language = models.CharField(_("language"), max_length=35, choices=other_languages)

    class Meta:
        abstract = True

    def __str__(self):
        return self.get_language_display()


@contextmanager
def cached_texts():
    """Cache the texts of each model inside the block, so that one request reads them at most once."""
    token = _cache.set({})
    try:
        yield
    finally:
        _cache.reset(token)


def text_of(row, model, field, instead_of=""):
    """Return a row's text in the page's language, else its own, which the field `instead_of` may hold.

    One query a model and language for a whole request, none in English. `model.owner` names the key to the row.
    """
    return getattr(texts_by_row(model).get(row.pk), field, "") or getattr(row, instead_of or field)


def texts_by_row(model):
    """Return {key of the row: its text} in the page's language; {} in English. One query for a whole request."""
    language = get_language() or settings.LANGUAGE_CODE
    return {} if language == settings.LANGUAGE_CODE else _texts(model, language)


def _texts(model, language):
    cache = _cache.get()
    if cache is None:
        return _read(model)
    if (model, language) not in cache:
        cache[model, language] = _read(model)
    return cache[model, language]


def _read(model):
    return {getattr(text, f"{model.owner}_id"): text for text in _texts_of(model)()}


@cache
def _texts_of(model):
    """Return what reads the texts of a model in the active language."""
    return Instances(model, lambda _keys: model.objects.filter(language__in=tags_of(get_language())))


def tags_of(language):
    """Return the BCP 47 tags under which a name in an interface language may be recorded; none for English.

    English names are the ones shown first anyway.
    """
    if language in (None, settings.LANGUAGE_CODE):
        return []
    main, _hyphen, script = language.partition("-")
    return [main, *([f"{main}-{script.title()}", language] if script else [])]
