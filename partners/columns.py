"""The columns of the files: what a row says; add at the end, never rename."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .exports import Column


def _place_columns():
    return [
        Column("country", lambda row: row.country.code if row.country else None, _("ISO 3166-1 alpha-2 code, or XK")),
        Column("country_name", lambda row: row.country.name if row.country else None, _("the country's name")),
        Column("city", lambda row: row.place.name if row.place else None, _("the city's name in English")),
        Column("latitude", lambda row: row.point[0] if row.point else None, _("degrees north, WGS 84")),
        Column("longitude", lambda row: row.point[1] if row.point else None, _("degrees east, WGS 84")),
        Column("roles", _roles, _("codes of the roles, each with its state in brackets")),
    ]


def _roles(row):
    """Return “vector (planned)” for each participation once, in the order of the roles."""
    return list(dict.fromkeys(f"{part.role_id} ({part.state})" for part in row.participations.all()))


def institution_columns(origin=""):
    """Return the columns of the list of institutions; `origin` is the site's scheme and host."""
    prefix = origin + reverse("partners:institution-list")
    return [
        Column("name", lambda row: row.name, _("the name shown first, in English or Latin letters")),
        Column("native_name", lambda row: row.native_name and row.native_name.value, _("its name at home")),
        Column("acronym", lambda row: row.acronym and row.acronym.value, _("the first of its acronyms")),
        Column("slug", lambda row: row.slug, _("its key in this directory")),
        Column("url", lambda row: f"{prefix}{row.slug}/", _("its page; the address is kept when it changes")),
        Column("ror_id", lambda row: row.ror_id or None, _("its address in the Research Organization Registry")),
        Column("kind", lambda row: row.kind, _("university, institute, hospital, company and so on")),
        *_place_columns(),
        Column("labs", lambda row: [lab.name for lab in row.labs.all()], _("the names of its labs")),
        Column("standing", lambda row: row.standing or None, _("where its agreement is; empty for none")),
        Column("expected_on", lambda row: row.expected_on, _("the day its signature is expected; empty for unknown")),
        Column("signed_on", lambda row: row.signed_on, _("the day of the signature; empty for unknown")),
        Column("valid_until", lambda row: row.valid_until, _("the agreement's last day; empty for unknown")),
        Column("website", lambda row: row.website or None, _("its own pages")),
        Column("founded", lambda row: row.founded, _("the year; empty for unknown")),
        Column("verified_on", lambda row: row.verified_on, _("the day somebody confirmed the entry; empty for never")),
    ]


def lab_columns(origin=""):
    """Return the columns of the list of labs; `origin` is the site's scheme and host."""
    prefix = origin + reverse("partners:institution-list")
    return [
        Column("name", lambda row: row.name, _("the name shown first, in English or Latin letters")),
        Column("native_name", lambda row: row.native_name or None, _("its name at home")),
        Column("slug", lambda row: row.slug, _("its key within its institution")),
        Column(
            "url",
            lambda row: f"{prefix}{row.institution.slug}/labs/{row.slug}/",
            _("its page; the address is kept when it changes"),
        ),
        Column("institution", lambda row: row.institution.name, _("the institution it belongs to")),
        Column("institution_slug", lambda row: row.institution.slug, _("that institution's key in this directory")),
        *_place_columns(),
        Column("website", lambda row: row.website or None, _("its own pages")),
        Column("verified_on", lambda row: row.verified_on, _("the day somebody confirmed the entry; empty for never")),
    ]
