"""The first page: what this consortium is, in ten seconds."""

import datetime
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.utils import timezone

from ..addresses import address_of
from ..boards.changes import Timeline
from ..boards.coverage import COVERING_STATES, board
from ..boards.filters import BoardFilter
from ..boards.map import city_map
from ..boards.map.filters import on_map
from ..boards.pipeline import due
from ..lists import INSTITUTION_LIST
from ..models import Institution, Logo, Participation, RoleGroup
from ..models.keys import PlainRows, with_zone
from .figures import CURRENT_PARTNERS, of_directory
from .files import origin
from .linked_data import of_consortium, show
from .public import public

GRAVEST = 3  # sentences of the coverage board
DUE = 5  # agreements
CHANGES = 20  # of which days are made
NEWEST = 100  # partners, of which days are made
DAYS = 3  # on which partners were added or changed
NAMED = 5  # partners of one day
LOGOS = 24
# Few institutions have a logo, so that these are found sooner than those that govern.
_logos_of_leaders = PlainRows(
    lambda _keys: (
        Logo.objects.public()
        .filter(
            Exists(
                Participation.objects.filter(
                    institution=OuterRef("institution"),
                    role__group=RoleGroup.GOVERNANCE,
                    state__in=COVERING_STATES,
                )
            )
        )
        .order_by("institution__sort_key", "pk")
        .values_list("pk", "institution")
    )
)
_newcomers = PlainRows(
    lambda keys: (
        Institution.objects.filter(pk__among=keys)
        .order_by("-created_at", "pk")
        .values_list("slug", "name", "created_at")
    )
)


class Newcomer(NamedTuple):
    """A partner that was added."""

    name: str
    url: str


@dataclass(frozen=True)
class Arrival:
    """The partners that were added on one day."""

    day: datetime.date
    named: list[Newcomer]  # the newest of them
    number: int
    is_cut: bool  # whether there may be more of that day


@public()
def home(request):
    """Show the figures, the gravest gaps, where the partners are, what is due, what changed and who is new."""
    everywhere = on_map(INSTITUTION_LIST).asking()
    chain = board(BoardFilter.asking())
    partners = everywhere.results
    context = {
        "figures": of_directory(everywhere),
        "chain": chain,
        "gaps": chain.sentences[:GRAVEST],
        "due": due(partners, timezone.localdate(), most=DUE),
        "map": city_map(everywhere, everywhere.page_url()),
        "changed": _changed(Timeline(partners).changed(CHANGES)),
        "arrivals": _arrivals(partners.keys_in_order("standing", CURRENT_PARTNERS["standing"], "newest", NEWEST)),
        "newest_url": everywhere.list_url(**CURRENT_PARTNERS, sort="newest"),
        "logos": _logos(partners),
        "form": everywhere.form,
    }
    return show(request, "partners/home.html", context, of_consortium(origin(request)))


def _logos(partners):
    """Return the logos of partners that lead or fund the consortium now, or are its industrial partners.

    One query, one more where there are some, and one without an index.
    """
    leaders = _logos_of_leaders()
    if not leaders:
        return []
    among = set(partners.keys_with("standing", *CURRENT_PARTNERS["standing"]))
    keys = [key for key, owner in leaders if owner in among][:LOGOS]
    logos = Logo.objects.public().filter(pk__in=keys).select_related("institution")
    return logos.order_by("institution__sort_key", "pk")


def _arrivals(keys):
    """Return an Arrival for each of the last days on which some of the newest partners were added; one query."""
    by_day = groupby(_newcomers(keys), _day_of(lambda row: with_zone(row[-1])))
    days = [(day, list(added)) for day, added in by_day]
    is_cut = len(keys) == NEWEST
    return [
        Arrival(
            day,
            [Newcomer(name, address_of("partners:institution-detail", slug)) for slug, name, _moment in added[:NAMED]],
            len(added),
            is_cut and day == days[-1][0],
        )
        for day, added in days[:DAYS]
    ]


def _changed(changes):
    """Return (day, address of its changes, up to `NAMED` institutions) for the last days of (moment, institution)."""
    days = []
    for day, of_day in groupby(changes, _day_of(itemgetter(0))):
        changed = {institution.key: institution for _moment, institution in of_day}
        address = f"{address_of('partners:changes')}?{urlencode({'since': day, 'until': day})}"
        days.append((day, address, list(changed.values())[:NAMED]))
    return days[:DAYS]


def _day_of(moment):
    """Return a function that gives the local day of a row's moment; the zone is asked for once."""
    zone = timezone.get_current_timezone()
    return lambda row: moment(row).astimezone(zone).date()
