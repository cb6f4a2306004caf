"""The overviews: countries, roles, about the data."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from ..addresses import address_of
from ..boards.charts import bars, coverage_over_time
from ..boards.coverage import COVERING
from ..exports import FORMATS
from ..facets import NONE, Download, Figure
from ..lists import LISTS
from ..lists.filters import LabFilter
from ..lists.filterset import addresses
from ..lists.gather import CountryRow, countries, roles, roles_in
from ..lists.institutions import INSTITUTION_ROWS
from ..models import Country, Kind, RoleGroup, Standing, State
from .figures import (
    CURRENT_PARTNERS,
    current_partners_in_words,
    figure,
    institutions,
    institutions_in_words,
    labs_in_words,
    prospects_in_words,
)
from .files import origin
from .linked_data import of_dataset, show
from .public import public
from .refusals import lead_on

PARTNERS_SHOWN = 50  # partners on the page of a country or a role
STEPS = [(step, step.label) for step in (Standing.PROSPECT, Standing.EXPECTED, Standing.SIGNED)]


def _figures_by(name, filterset, options):
    """Return {code: Figure} for (code, label) options of one facet, zeros included; one query."""
    counts, url = filterset.counts(name), addresses(filterset.list_url, name)
    return {code: Figure(label, counts.get(code, 0), url([code]), code) for code, label in options}


def _countries(occurring):
    """Return the target countries, then the others that occur; and the options that they are."""
    rows = [country for country in countries().values() if country.is_target or occurring.get(country.code)]
    return rows, [(country.code, country.name) for country in rows]


def _coded(rows, code):
    """Return the row of a code, which may be written in capitals or small letters.

    :raises Http404: where none has it.
    """
    alike = (row for row in rows.values() if row.code.lower() == code.lower())
    if row := rows.get(code) or next(alike, None):
        return row
    raise Http404


def _largest_first(figures):
    return sorted(figures.values(), key=lambda figure: -figure.count)


@public()
def country_list(request):
    """Show the target countries and those where somebody is, with what is there; last whoever states no country."""
    everybody = institutions()
    occurring = everybody.counts("country")
    shown, options = _countries(occurring)
    if occurring.get(NONE):
        nowhere = CountryRow("", _("country not stated"), is_target=False)
        shown, options = [*shown, nowhere], [*options, (NONE, nowhere.name)]
    columns = [
        _figures_by("country", filterset, options).values()
        for filterset in (institutions(**CURRENT_PARTNERS), everybody, LabFilter.asking())
    ]
    rows = list(zip(shown, *columns, strict=True))
    return render(request, "partners/country_list.html", {"countries": rows})


@public()
def country_detail(request, code):
    """Show what the consortium has in one country, and which links of the chain nobody there covers."""
    country = _coded(countries(), code)
    if country.code != code:
        return lead_on(country.url)
    partners = institutions(partner=["partner"], country=[code])
    chain = roles_in(RoleGroup.CHAIN)
    covering = institutions(country=[code], **COVERING)
    figures = _figures_by("role", covering, [(role.code, str(role)) for role in chain])
    context = {
        "country": country,
        "figures": [
            figure(current_partners_in_words, institutions(**CURRENT_PARTNERS, country=[code])),
            figure(prospects_in_words, institutions(standing=[Standing.PROSPECT], country=[code])),
            figure(institutions_in_words, institutions(country=[code])),
            figure(labs_in_words, LabFilter.asking(country=[code])),
        ],
        "roles": [(role, figures[role.code]) for role in chain],
        "partners": INSTITUTION_ROWS.of_page(partners.results.keys(0, PARTNERS_SHOWN)),
        "partners_url": partners.list_url(),
    }
    return render(request, "partners/country_detail.html", context)


@public()
def role_list(request):
    """Show every role in its group: how many institutions cover it, and how many have it in which state."""
    shown = roles().values()
    options = [(role.code, str(role)) for role in shown]
    covering = _figures_by("role", institutions(**COVERING), options)
    by_state = [
        {
            code: figure._replace(label=label, code=state)
            for code, figure in _figures_by("role", institutions(state=[state]), options).items()
        }
        for state, label in State.choices
    ]
    rows = [(role, covering[role.code], [figures[role.code] for figures in by_state]) for role in shown]
    groups = [(label, [row for row in rows if row[0].group == group]) for group, label in RoleGroup.choices]
    return render(request, "partners/role_list.html", {"groups": groups})


@public()
def role_detail(request, code):
    """Show what a role means, who has it and where nobody covers it."""
    role = _coded(roles(), code)
    if role.code != code:
        return lead_on(role.url)
    takers = institutions(role=[code])
    covering = institutions(role=[code], **COVERING)
    occurring = covering.counts("country")
    shown, options = _countries(occurring)
    figures = _figures_by("country", covering, options)
    context = {
        "role": role,
        "group": RoleGroup(role.group).label,
        "figures": _figures_by("state", takers, State.choices).values(),
        "countries": [(country, figures[country.code]) for country in shown],
        "partners": INSTITUTION_ROWS.of_page(takers.results.keys(0, PARTNERS_SHOWN)),
        "partners_url": takers.list_url(),
    }
    return render(request, "partners/role_detail.html", context)


@public()
def charts(request):
    """Show partners by country, kind and standing as bars that are links, and the coverage of the last months."""
    options = [*((country.code, country.name) for country in Country.objects.all()), (NONE, _("country not stated"))]
    current, everybody = institutions(**CURRENT_PARTNERS), institutions(partner=["partner"])
    context = {
        "charts": [
            (_("Current partners by country"), bars(_largest_first(_figures_by("country", current, options)))),
            (_("Current partners by kind"), bars(_largest_first(_figures_by("kind", current, Kind.choices)))),
            (_("From prospect to agreement"), bars(_figures_by("standing", everybody, STEPS).values())),
        ],
        "coverage": coverage_over_time(timezone.localdate()),
    }
    return render(request, "partners/charts.html", context)


@public()
def about(request):
    """Show licence, sources, how to cite and correct, and what the columns of the files mean."""
    context = {
        "tables": [(listing.title, listing.rows.file_columns) for listing in LISTS],
        "downloads": [
            Download(f"{listing.title} ({name.upper()})", address_of(f"partners:{listing.thing}-file", name))
            for listing in LISTS
            for name in FORMATS
        ]
        + [Download(_("Everything in one archive (ZIP, Data Package)"), address_of("partners:dump"))],
    }
    data = of_dataset(origin(request))
    items = [(download.url, "") for download in context["downloads"]]
    return show(request, "partners/about.html", context, data, items=items)
