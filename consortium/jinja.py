"""How the public pages are rendered: by Jinja2, through Django's own backend."""

from functools import lru_cache, partial

from django.template.defaultfilters import capfirst, date, linebreaks_filter, linebreaksbr, urlize
from django.template.defaulttags import querystring
from django.templatetags.static import static
from django.utils.timezone import template_localtime
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

from partners.addresses import address_of, mailto


def environment(**options):
    """Return the environment with what templates need of Django under the names that Django gives it.

    A name that is missing is a mistake, unlike in Django's templates: a misspelt one cannot pass for nothing.
    """
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    del options["autoescape"]  # Django's default, which is said here in plain sight
    jinja = Environment(extensions=["jinja2.ext.i18n"], autoescape=True, **options)
    jinja.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)
    jinja.globals |= {
        "_": gettext,  # a third of the time of the extension's, which also formats
        "get_language": get_language,
        "querystring": partial(querystring, None),
        "static": lru_cache(static),  # the names of files change with a release
        "url": address_of,
    }
    jinja.filters |= {
        "capfirst": capfirst,
        "date": lambda value, form: date(template_localtime(value), form),
        "linebreaks": partial(linebreaks_filter, autoescape=True),
        "linebreaksbr": partial(linebreaksbr, autoescape=True),
        "mailto": mailto,
        "urlize": partial(urlize, autoescape=True),
    }
    return jinja
