"""How the public pages are rendered: by Jinja2, through Django's own backend."""

import datetime
import re
from contextvars import ContextVar
from functools import cache, lru_cache, partial
from typing import NamedTuple

from django.conf import settings
from django.template.defaultfilters import capfirst, date, linebreaks_filter, linebreaksbr, urlize
from django.template.defaulttags import querystring
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import template_localtime
from django.utils.translation import get_language, gettext, ngettext, npgettext, override, pgettext
from jinja2 import Environment, StrictUndefined, Template
from jinja2.compiler import CodeGenerator
from jinja2.nodes import Name
from markupsafe import Markup, _escape_inner
from markupsafe import escape as as_markup

from partners.addresses import address_in, mailto
from partners.models.languages import tags_of
from partners.models.text import is_web_address

DAYS_CACHED = 10_000
LONG_NUMBER = re.compile(r"\d{4,}")


class _Pieces(CodeGenerator):
    """The code of a template, which writes a value as a piece of text and not as `Markup`: it is joined anyway.

    What needs nothing of the context is called as in Python, a list page's three hundred macros, texts and addresses.
    """

    def _output_child_pre(self, node, frame, finalize):
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Call(self, node, frame, forward_caller=False):  # noqa: N802 - Jinja2's name
        called = node.node.name if isinstance(node.node, Name) else ""
        is_passed = hasattr(self.environment.globals.get(called), "jinja_pass_arg")
        if is_passed or forward_caller or node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")


class _Texts(dict):
    """The texts of templates in one language, each asked of gettext once; it is the active one."""

    def __missing__(self, text):
        self[text] = found = gettext(text)
        return found


_texts_in = cache(lambda _language: _Texts())


class _Spoken(NamedTuple):
    """What a page finds once, and not for each of its texts and addresses: a list page has seventy and thirty."""

    language: str
    script_prefix: str
    texts: _Texts

    @classmethod
    def now(cls):
        """Return what is active."""
        language = get_language()
        return cls(language, get_script_prefix(), _texts_in(language))


_spoken = ContextVar("spoken", default=None)  # by the page that is being rendered


def translated(text):
    """Return a text of a template in the language of the page."""
    return (_spoken.get() or _Spoken.now()).texts[text]


def url(view, /, *args, language=None, **named):
    """Return what `address_of()` says, on this page."""
    spoken = _spoken.get() or _Spoken.now()
    return address_in(view, args, tuple(named.items()), language or spoken.language, spoken.script_prefix)


class _Page(Template):
    """A template that finds its language once."""

    def render(self, *args, **kwargs):
        token = _spoken.set(_Spoken.now())
        try:
            return super().render(*args, **kwargs)
        finally:
            _spoken.reset(token)


class _Environment(Environment):
    """Jinja2's environment, whose templates escape a text in a fifth of the time; a list page has 1,100."""

    code_generator_class = _Pieces
    template_class = _Page

    def make_globals(self, d):
        """Return the globals of a template as one dictionary: each import and include goes through all of them."""
        return {**self.globals, **(d or {})}

    @staticmethod
    def escaped(value):
        """Return a value as text of a page."""
        if type(value) is str:
            return _escape_inner(value)  # as `escape()` does, without an object around it
        return value.__html__() if hasattr(value, "__html__") else _escape_inner(str(value))


def environment(**options):
    """Return the environment with what templates need of Django, under Django's own names.

    Unlike in Django's templates, an unknown name is an error, so that a misspelt one does not pass as empty.
    """
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    del options["autoescape"]  # Django's default, which the next line makes explicit
    jinja = _Environment(extensions=["jinja2.ext.i18n"], autoescape=True, **options)
    jinja.install_gettext_callables(translated, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)
    jinja.globals |= {
        "_": translated,  # the extension's also formats, which takes three times as long
        "get_language": get_language,
        "querystring": partial(querystring, None),
        "time_zone": time_zone,
        "tags_of": tags_of,
        "static": lru_cache(static),  # the names of files change with a release
        "url": url,
    }
    jinja.filters |= {
        "capfirst": capfirst,
        "day": lambda value, language=None: day(value, language or get_language()),
        "date": lambda value, form: moment(value, form, get_language()),
        "grouped": grouped,
        "linebreaks": partial(linebreaks_filter, autoescape=True),
        "linebreaksbr": partial(linebreaksbr, autoescape=True),
        "mailto": mailto,
        "urlize": partial(urlize, autoescape=True),
    }
    jinja.tests |= {"web_address": is_web_address, "in_english": is_in_english}
    return jinja


def is_in_english(text):
    """Say whether a text of a row is English on a page that is not: what editors write in a row itself is, in ASCII."""
    return get_language() != settings.LANGUAGE_CODE and text.isascii()


def time_zone():
    """Return the zone of the times on a page, as in “Europe/Moscow (UTC+03:00)”."""
    offset = timezone.localtime().strftime("%z")
    return f"{timezone.get_current_timezone_name()} (UTC{offset[:3]}:{offset[3:]})"


def grouped(value):
    """Return a number, or a text that says one, with its thousands apart.

    The style sheet writes what parts them in the page's language: programs go on reading the digits as one number.
    """
    text = str(value) if type(value) is int else as_markup(value)
    return Markup(LONG_NUMBER.sub(_in_groups, text))  # noqa: S704 - escaped, and elements about digits


def _in_groups(match):
    first, *others = f"{int(match[0]):,}".split(",")
    return first + "".join(f'<i class="k">{digits}</i>' for digits in others)


@lru_cache(DAYS_CACHED)  # what an import changed, it changed at one moment
def moment(value, form, language):
    """Return a moment in the site's zone, written by one of Django's formats in a language."""
    with override(language):
        return date(template_localtime(value), form)


@lru_cache(DAYS_CACHED)  # a list shows the same few days in each of its rows
def day(value, language):
    """Return a day (or its text in ISO 8601) as people write it in a language, in a `<time>` for programs."""
    value = datetime.date.fromisoformat(value) if isinstance(value, str) else value
    with override(language):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), date_format(value, "DATE_FORMAT"))
