"""Partners side by side, as a page and as a file."""

from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..addresses import address_of, without_entities
from ..boards.compare import MEMBERS_AT_LEAST, MEMBERS_AT_MOST, covered_by, find_members, team
from ..exports import Column, Table, file_response, write
from ..lists.filters import InstitutionFilter
from ..lists.institutions import INSTITUTION_ROWS
from ..lists.wording import unknown_names
from ..models import Standing
from ..models.text import lower_first
from .files import about, origin
from .public import public
from .questions import downloads
from .refusals import refuse

PARAMETERS = ("i", "q")  # of the page: the members, and the name of one more
FOUND_AT_MOST = 8  # of those that a text finds
OFFERED_AT_MOST = 25  # of those that an address names: a page of a list
AGREED = (Standing.SIGNED, Standing.SUSPENDED, Standing.FORMER)
DATES = (
    ("expected_on", gettext_lazy("Signature expected")),
    ("signed_on", gettext_lazy("Signed")),
    ("valid_until", gettext_lazy("Valid until")),
)


@public(*PARAMETERS)
def compare(request):
    """Show two to six partners side by side; with fewer, how to pick them; a text looks for one more."""
    members, problems = _ask(request)
    if problems:
        return _refusal(request, members, problems)
    if len(members) < MEMBERS_AT_LEAST:
        context = {"team": None, "members": members, "problems": [], **_one_more(request, members)}
        return render(request, "partners/compare.html", context)
    found = team(members)
    slugs = [member.slug for member in members]
    context = {
        "team": found,
        **_one_more(request, members),
        "sentence": _sentence(found),
        "columns": [(member, _others(member, found), _address(_without(member, slugs))) for member in members],
        "dates": [(label, [_day(member, name) for member in members]) for name, label in DATES],
        "links": [(role, role.code in found.covered, _cells(role, members)) for role in found.chain],
        "missing": [(missing, _offers(missing, slugs)) for missing in found.missing],
        "without_query": "?" + urlencode({"without": slugs}, doseq=True),
        "downloads": downloads("compare-file", _query(slugs), _("Download this comparison (%(format)s)")),
    }
    return render(request, "partners/compare.html", context)


@public("i")
def compare_file(request, format_name):
    """Send the same partners in the same order as a file, with the links of the chain that each covers."""
    members, problems = _ask(request)
    if not problems and len(members) < MEMBERS_AT_LEAST:
        problems = [_("A comparison needs two partners at least.")]
    if problems:
        return _refusal(request, members, problems, format_name)
    found = team(members)
    slugs = [member.slug for member in members]
    columns = [*INSTITUTION_ROWS.table_columns(), _covers_column(members, found)]
    chunks = INSTITUTION_ROWS.chunks([member.pk for member in members], origin(request))
    source = about(request, _sentence(found), _address(slugs))
    export = write(Table("compare", columns, chunks, source, " ".join(slugs)), format_name)
    return file_response(export)


def _one_more(request, members):
    """Return the form that looks for one more partner by name, and [(row, the comparison with it)] of what it found.

    What the address says beside members and name is no parameter, and named.
    """
    asked, slugs = InstitutionFilter({"q": request.GET.get("q", "")}), [member.slug for member in members]
    is_asked = asked.is_valid() and asked.has_text and len(slugs) < MEMBERS_AT_MOST
    rows = INSTITUTION_ROWS.of_page(asked.results.keys(0, FOUND_AT_MOST)) if is_asked else []
    return {
        "not_understood": unknown_names(without_entities(request.GET), PARAMETERS),
        "asked": asked.form,
        "is_asked": is_asked,
        "is_full": len(slugs) >= MEMBERS_AT_MOST,
        "slugs": slugs,
        "found": [(row, _address([*slugs, row.slug])) for row in rows if row.slug not in slugs],
    }


def _covers_column(members, found):
    covers = {member.slug: _covers(member, found) for member in members}
    return Column(
        "covers",
        lambda chunk: [covers[slug] for slug in chunk["slug"]],
        _("codes of the links of the chain that it covers"),
    )


def _ask(request):
    """Return (members, problems) of the team that the address names; of too many, the first ones."""
    slugs = list(dict.fromkeys(slug for slug in without_entities(request.GET).getlist("i") if slug))
    members, unknown = find_members(slugs[:OFFERED_AT_MOST])
    problems = [_("“%(slug)s” is no institution of the lists.") % {"slug": slug[:40]} for slug in unknown]
    if len(slugs) > MEMBERS_AT_MOST:
        too_many = _("Choose at most %(most)d partners: the address names %(number)d.")
        problems.insert(0, too_many % {"most": MEMBERS_AT_MOST, "number": len(slugs)})
    return members, problems


def _refusal(request, members, problems, format_name=""):
    """Say what the address asks for that cannot be compared, and let the visitor choose among the rest."""
    context = {"team": None, "members": members, "problems": problems, **_one_more(request, [])}
    return refuse(request, "partners/compare.html", context, {"i": problems}, format_name)


def _address(slugs):
    """Return the path of the comparison of some partners."""
    return address_of("partners:compare") + _query(slugs)


def _query(slugs):
    return "?" + urlencode({"i": slugs}, doseq=True)


def _sentence(found):
    """Return what the team covers and lacks, in words."""
    number = len(found.chain)
    covers = ngettext(
        "This team covers %(covered)d of %(number)d link of the chain",
        "This team covers %(covered)d of %(number)d links of the chain",
        number,
    ) % {"covered": len(found.covered), "number": number}
    if not found.missing:
        return covers
    roles = ", ".join(lower_first(str(missing.role)) for missing in found.missing)
    return _("%(covers)s; missing: %(roles)s") % {"covers": covers, "roles": roles}


def _others(member, found):
    """Return the participations of one partner beside the chain."""
    links = {role.code for role in found.chain}
    return [participation for participation in member.row_participations if participation.role_id not in links]


def _day(member, name):
    """Return (a day of the agreement or nothing, whether the standing makes one ask for it)."""
    applies = member.standing == Standing.EXPECTED if name == "expected_on" else member.standing in AGREED
    return getattr(member, name), applies


def _cells(role, members):
    """Return the participations in one role, a list for each partner."""
    return [
        [participation for participation in member.row_participations if participation.role_id == role.code]
        for member in members
    ]


def _without(member, slugs):
    return [slug for slug in slugs if slug != member.slug]


def _covers(member, found):
    """Return the codes of the links that one partner covers, in the order of the chain."""
    covered = covered_by([member])
    return [role.code for role in found.chain if role.code in covered]


def _offers(missing, slugs):
    """Return [(row, the comparison with it, or nothing where the team is full)]."""
    is_full = len(slugs) >= MEMBERS_AT_MOST
    return [(row, "" if is_full else _address([*slugs, row.slug])) for row in missing.institutions]
