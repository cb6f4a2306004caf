"""One institution, one lab."""

from collections import defaultdict

from django.db.models import Q, Value
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..addresses import address_of, mailto
from ..boards.changes import newest_of
from ..boards.coverage import only_one_with
from ..boards.map import point_map
from ..facets import Figure
from ..lists.entry import give_rows, participations_of
from ..lists.gather import roles_in
from ..lists.institutions import INSTITUTION_ROWS
from ..models import Contact, Institution, Lab, RoleGroup, Standing
from ..models.keys import Instances, PlainRows
from .figures import institutions
from .files import consortium, origin
from .linked_data import of_institution, of_lab, show
from .public import public
from .refusals import lead_on

FACTS = ["country", "city", "website", "founded", "ror_id", "verified_on", "source_note"]  # what one asks of everybody
NEIGHBOURS = 8  # institutions of the same city
NEWEST = 10  # changes
NEIGHBOUR_ROWS = INSTITUTION_ROWS.only("name", "url")


@public()
def institution_detail(request, slug):
    """Show an institution; a former address or a replaced entry leads on, a closed one says what became of it."""
    institution = _with_page(slug)
    if institution is None:
        return lead_on(_by_former_slug(slug).get_absolute_url())
    *_replaced, heir = institution.replacements()
    if heir != institution and heir.has_page and heir.replaced_by_id is None:
        return lead_on(heir.get_absolute_url())
    if not institution.is_listed:
        successors = institution.successors.with_page().select_related("country", "city")
        context = {"institution": institution, "successors": successors}
        return render(request, "partners/institution_gone.html", context)
    context = _institution_context(request, institution)
    data = of_institution(institution, origin(request), context["names"], context["participations"], context["labs"])
    return show(
        request, "partners/institution_detail.html", context, data, **_elsewhere("institution", institution.slug)
    )


@public()
def lab_detail(request, slug, lab_slug):
    """Show a lab; a former address of it or of its institution leads on."""
    institution = _with_page(slug)
    if institution is None:
        return lead_on(_lab(_by_former_slug(slug), lab_slug).get_absolute_url())
    if not institution.is_listed:
        return lead_on((_moved_away(institution, lab_slug) or institution).get_absolute_url())
    lab = _lab(institution, lab_slug)
    if (lab.institution_id, lab.slug) != (institution.pk, lab_slug):
        return lead_on(lab.get_absolute_url())
    everybody = _contacts([institution.pk])
    contacts = [contact for contact in everybody if contact.lab_id == lab.pk]
    context = {
        "lab": lab,
        "map": _map(lab),
        "institution": institution,
        "participations": participations_of["lab"]([lab.pk]),
        "contacts": contacts,
        "write_url": _write_url(lab, [*contacts, *everybody]),
        "missing": _missing(lab, ["website", "verified_on", "source_note"]),  # without a city it has its institution's
        "correction_url": _correction_url(request, lab),
        "history": newest_of(institution.pk, NEWEST, lab.pk),
    }
    data = of_lab(lab, origin(request), context["participations"])
    return show(request, "partners/lab_detail.html", context, data, **_elsewhere("lab", institution.slug, lab.slug))


def _elsewhere(name, *slugs):
    """Return what signposts say of the same entry for programs."""
    addresses = {kind: address_of(f"partners:{name}-{kind}", *slugs) for kind in ("jsonld", "json")}
    return {"described_by": addresses["jsonld"], "items": [(addresses["json"], "application/json")]}


_with_pages = Instances(
    Institution,
    lambda slugs: Institution.objects.with_page().filter(slug__among=slugs).order_by(),
    "country",
    "city",
    "logo",
)
_labs = Instances(
    Lab,
    lambda slugs: Lab.objects.filter(institution__slug__among=slugs, slug__among=slugs).order_by(),
    "city",
    "city__country",
)
_contacts = Instances(Contact, lambda keys: Contact.objects.public().filter(institution__among=keys), "lab")


def _with_page(slug):
    return next(iter(_with_pages([slug])), None)


def _by_former_slug(slug):
    with_page = Institution.objects.with_page()
    return get_object_or_404(with_page, former_slugs__slug=slug, former_slugs__lab=None)


def _lab(institution, slug):
    """Return the lab that has an address within an institution, or had it before it moved or was renamed."""
    had_it = Q(former_slugs__institution=institution, former_slugs__slug=slug)
    for lab in _labs([institution.slug, slug]):  # both compare with both: `among` takes one list
        if (lab.institution_id, lab.slug) == (institution.pk, slug):
            lab.institution = institution
            return lab
    return get_object_or_404(Lab.objects.with_page().select_related("institution"), had_it)


def _moved_away(institution, slug):
    """Return the lab that had an address within an institution, and belongs to another one now, or None."""
    had_it = Q(former_slugs__institution=institution, former_slugs__slug=slug)
    return Lab.objects.with_page().filter(had_it).select_related("institution").first()


def _institution_context(request, institution):
    give_rows([institution])
    participations = institution.row_participations
    contacts = _contacts([institution.pk])
    return {
        "institution": institution,
        "names": institution.row_names,
        "participations": participations,
        "labs": institution.row_labs,
        "contacts": contacts,
        "write_url": _write_url(institution, contacts),
        "chain": _chain(participations),
        "missing": _missing(institution, FACTS),
        **_relatives(institution),
        "agreement_dates": _agreement_dates(institution),
        "correction_url": _correction_url(request, institution),
        "map": _map(institution),
        "history": newest_of(institution.pk, NEWEST),
        **_neighbours(institution, participations),
    }


def _relatives(institution):
    """Return the published institutions that it belongs to, those that belong to it, and those that it replaced."""
    found = {"parents": [], "children": [], "replaces": []}
    for relation, _sort_key, _key, name, slug in sorted(_related([institution.pk])):
        found[relation].append({"name": name, "url": address_of("partners:institution-detail", slug)})
    return found


def _all_related(keys):
    """Return (relation, sort key, key, name, slug) of the relatives of institutions."""
    published, columns = Institution.objects.published().order_by(), ("sort_key", "pk", "name", "slug")
    return (
        published.filter(children__among=keys)
        .values_list(Value("parents"), *columns)
        .union(
            published.filter(parents__among=keys).values_list(Value("children"), *columns),
            Institution.objects.with_page()
            .order_by()
            .filter(replaced_by__among=keys)
            .values_list(Value("replaces"), *columns),
            all=True,
        )
    )


_related = PlainRows(_all_related)


def _chain(participations):
    """Return [(link of the chain, {state: its words} in which it is covered)]; the queries of roles()."""
    states = defaultdict(dict)
    for part in participations:
        states[part.role_id][part.state] = part.get_state_display()
    return [(role, states.get(role.code, {})) for role in roles_in(RoleGroup.CHAIN)]


def _missing(entry, names):
    """Return what the fields are called that say nothing yet."""
    return [capfirst(entry._meta.get_field(name).verbose_name) for name in names if not getattr(entry, name)]


def _write_url(entry, contacts):
    """Return the mailto: link to who may be written to, or nothing: the entry's own mailbox, else the consortium's.

    A person's mail is public on consent only, and comes after the mailboxes of functions.
    """
    own = [contact.mailbox for contact in contacts] + [contact.mail for contact in contacts]
    mailbox = next(filter(None, [*own, consortium().correction_mailbox]), "")
    return mailto(mailbox, subject=str(entry)) if mailbox else ""


def _map(entry):
    """Return the map with the entry's point, or nothing where none is known."""
    return point_map(entry.point, entry.place.spoken_name if entry.place else entry.name) if entry.point else None


def _neighbours(institution, participations):
    """Return who else is in the city, who else has its roles, and what only this institution covers."""
    roles, city = dict.fromkeys(part.role for part in participations), institution.city
    everybody = institutions() if roles or city else None
    counts = everybody.counts("role") if roles else {}
    others = everybody.results.keys_in_order("city", [city.slug], "name", NEIGHBOURS + 1) if city else []
    number = len(everybody.results.keys_with("city", city.slug)) if city else 0
    return {
        "only_with": only_one_with(institution, participations),
        "same_roles": [Figure(str(role), counts[role.code], everybody.list_url(role=[role.code])) for role in roles],
        "same_city": NEIGHBOUR_ROWS.of_page([key for key in others if key != institution.pk][:NEIGHBOURS]),
        "nearby": Figure(city.spoken_name, number, everybody.list_url(city=[city.slug])) if city else None,
    }


def _agreement_dates(institution):
    """Return [(label, date or nothing)] of the dates that the standing makes one ask for."""
    expected = (_("Signature expected"), institution.expected_on)
    signed = [(_("Signed"), institution.signed_on), (_("Valid until"), institution.valid_until)]
    return {
        Standing.EXPECTED: [expected],
        Standing.SIGNED: signed,
        Standing.SUSPENDED: signed,
        Standing.FORMER: signed,
    }.get(institution.standing, [expected] if institution.expected_on else [])


def _correction_url(request, entry):
    """Return the mailto: link that proposes a correction with the permalink, or nothing without a mailbox."""
    if not (mailbox := consortium().correction_mailbox):
        return ""
    subject = _("Correction: %(name)s") % {"name": entry}
    permalink = request.build_absolute_uri(entry.get_absolute_url())
    return mailto(mailbox, subject=subject, body=permalink)
