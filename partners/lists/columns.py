"""The columns of the files: what their rows say; add at the end, never rename."""

from operator import attrgetter

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..exports import Column


def institution_columns(origin=""):
    """Return the columns of the list of institutions; `origin` is the site's scheme and host."""
    prefix = origin + reverse("partners:institution-list")
    return [
        _column("name", _("the name shown first, in English or Latin letters")),
        _column("native_name", _("its name at home")),
        _column("acronym", _("the first of its acronyms")),
        _column("slug", _("its key in this directory")),
        Column(
            "url",
            lambda chunk: [f"{prefix}{slug}/" for slug in chunk.slug],
            _("its page; the address is kept when it changes"),
        ),
        _column("ror_id", _("its address in the Research Organization Registry")),
        _column("kind", _("university, institute, hospital, company and so on")),
        *_place_columns(),
        _column("labs", _("the names of its labs")),
        _column("standing", _("where its agreement is; empty for none")),
        _column("expected_on", _("the day its signature is expected; empty for unknown")),
        _column("signed_on", _("the day of the signature; empty for unknown")),
        _column("valid_until", _("the agreement's last day; empty for unknown")),
        _column("website", _("its own pages")),
        _column("founded", _("the year; empty for unknown")),
        _column("verified_on", _("the day somebody confirmed the entry; empty for never")),
    ]


def lab_columns(origin=""):
    """Return the columns of the list of labs; `origin` is the site's scheme and host."""
    prefix = origin + reverse("partners:institution-list")
    return [
        _column("name", _("the name shown first, in English or Latin letters")),
        _column("native_name", _("its name at home")),
        _column("slug", _("its key within its institution")),
        Column(
            "url",
            lambda chunk: [
                f"{prefix}{institution}/labs/{slug}/"
                for institution, slug in zip(chunk.institution_slug, chunk.slug, strict=True)
            ],
            _("its page; the address is kept when it changes"),
        ),
        _column("institution", _("the institution it belongs to")),
        _column("institution_slug", _("that institution's key in this directory")),
        *_place_columns(),
        _column("website", _("its own pages")),
        _column("verified_on", _("the day somebody confirmed the entry; empty for never")),
    ]


def _place_columns():
    return [
        _column("country", _("ISO 3166-1 alpha-2 code, or XK")),
        _column("country_name", _("the country's name in English")),
        _column("city", _("the city's name in English")),
        _column("latitude", _("degrees north, WGS 84")),
        _column("longitude", _("degrees east, WGS 84")),
        _column("roles", _("codes of the roles, each with its state in brackets")),
    ]


def _column(name, explanation):
    return Column(name, attrgetter(name), explanation)
