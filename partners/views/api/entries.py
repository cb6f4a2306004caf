"""One institution, one lab, with everything that is public of it but the people: these stand on its page alone."""

from http import HTTPStatus

from django.db.models import Q
from django.http import HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from ...addresses import address_of
from ...lists.institutions import INSTITUTION_ROWS
from ...lists.labs import LAB_ROWS
from ...models import Institution, Lab, Participation
from ...problems import problem
from ..files import origin
from ..linked_data import of_institution, of_lab
from .endpoint import content, endpoint


@endpoint()
def institution(request, slug, as_linked_data=False):
    """Send an institution; a former address or a replaced entry leads on, a closed one is gone."""
    found = Institution.objects.now_at([slug]).get(slug)
    if found is None:
        return _gone(request, slug)
    if found.slug != slug:
        return _lead_on(request, slug=found.slug)
    start = origin(request)
    if as_linked_data:
        parts = found.participations.select_related("role").order_by(*Participation.ORDER)
        return _linked_data(of_institution(found, start, found.names.all(), parts, found.labs.in_order("name")))
    return content(institution_content(found, start))


@endpoint()
def lab(request, slug, lab_slug, as_linked_data=False):
    """Send a lab; a former address of it or of its institution leads on."""
    found = Institution.objects.now_at([slug]).get(slug)
    if found is None:
        return _gone(request, slug)
    had_it = Q(former_slugs__institution=found, former_slugs__slug=lab_slug)
    one = found.labs.filter(slug=lab_slug).first() or get_object_or_404(Lab.objects.published(), had_it)
    if (one.institution.slug, one.slug) != (slug, lab_slug):
        return _lead_on(request, slug=one.institution.slug, lab_slug=one.slug)
    start = origin(request)
    if as_linked_data:
        parts = one.participations.select_related("role").order_by(*Participation.ORDER)
        return _linked_data(of_lab(one, start, parts))
    return content(lab_content(one, start))


@endpoint()
def lab_by_slug(request, lab_slug):
    """Lead on to the lab of an address within its institution, else to the one that had it; of several, say which.

    A lab of a closed institution comes last: within its institution, it is gone. That of a replaced one went on there,
    or is no more.
    """
    published = Lab.objects.published()
    closed = Lab.objects.filter(institution__in=Institution.objects.with_page().filter(replaced_by=None))
    ways = [
        labs.filter(**had)
        for labs in (published, closed)
        for had in ({"slug": lab_slug}, {"former_slugs__slug": lab_slug})
    ]
    found = (list(way.select_related("institution").distinct().order_by("pk")[:10]) for way in ways)
    labs = next(filter(None, found), [])
    if len(labs) == 1:
        return _lead_on(request, "partners:api-lab", slug=labs[0].institution.slug, lab_slug=labs[0].slug)
    start = origin(request)
    choices = [start + address_of("partners:api-lab", one.institution.slug, one.slug) for one in labs]
    said = _("Several labs have this address: name the institution too.") if labs else _("Nothing is at this address.")
    return problem(HTTPStatus.NOT_FOUND, said, **({"choices": choices} if labs else {}))


def institution_content(entry, start):
    """Return what is public of an institution: the columns of its list, and what a row has no room for. Ten queries."""
    published = Institution.objects.published()
    return _row(INSTITUTION_ROWS, entry, start) | {
        "summary": entry.summary,
        "source_note": entry.source_note,
        "funds_research": entry.funds_research,
        "identifiers": [{"scheme": "ror", "value": entry.ror_id}] if entry.ror_id else [],
        "names": list(entry.names.values("value", "kind", "language", "source")),
        "participations": _participations(entry),
        "labs": _links(entry.labs, start),
        "parents": _links(published.filter(children=entry), start),
        "children": _links(published.filter(parents=entry), start),
        "replaces": [{"name": one.name, "slug": one.slug} for one in entry.replaces.with_page()],
    }


def lab_content(entry, start):
    """Return what is public of a lab: the columns of its list, and what a row has no room for. Five queries."""
    return _row(LAB_ROWS, entry, start) | {
        "summary": entry.summary,
        "source_note": entry.source_note,
        "participations": _participations(entry),
    }


def _linked_data(data):
    return content(data, Content_Type="application/ld+json")


def _row(rows, entry, start):
    return {name: value for name, [value] in rows.in_language([entry.pk], start).items()}


def _participations(entry):
    parts = entry.participations.select_related("role", "lab").order_by(*Participation.ORDER)
    return [
        {
            "role": part.role_id,
            "role_name": str(part.role),
            "lab": part.lab.slug if part.lab else None,
            "state": part.state,
            "since": part.since,
            "until": part.until,
            "note": part.note,
        }
        for part in parts
    ]


def _links(entries, start):
    return [
        {"name": one.name, "slug": one.slug, "url": start + one.get_absolute_url()} for one in entries.in_order("name")
    ]


def _lead_on(request, view="", **slugs):
    """Redirect for good to the address of the same form, keeping the parameters."""
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    address = address_of(view or request.resolver_match.view_name, **slugs)
    return HttpResponsePermanentRedirect(address + query, preserve_request=True)


def _gone(request, slug):
    """Say what became of an entry that is closed, or that nothing was ever here."""
    at_address = Q(slug=slug) | Q(former_slugs__slug=slug, former_slugs__lab=None)
    entry = get_object_or_404(Institution.objects.with_page().distinct(), at_address)
    successors = entry.successors.published()
    return problem(
        HTTPStatus.GONE,
        _("This entry has left the lists."),
        registry_status=entry.status,
        successors=_links(successors, origin(request)),
    )
