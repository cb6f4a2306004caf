"""What happened between two days, by the dates of the facts: agreements, roles, and the gaps between them."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from ...lists.gather import RoleRow, countries, roles_in
from ...lists.takers import EVERYWHERE
from ...models import Institution, Participation, RoleGroup, Standing, State
from ..coverage import COVERING_STATES
from ..coverage.board import NOT_COUNTED

ROWS = 100  # of a section
PARTICIPATION = frozenset(["role", "state"])  # the filters that gaps apply by themselves


@dataclass(frozen=True)
class Fact:
    """Something with a date, and the page that shows it."""

    day: datetime.date
    title: str
    institution: Institution
    url: str
    lab: str = ""
    state: str = ""
    state_label: str = ""


@dataclass(frozen=True)
class Section:
    """Facts of one sort, oldest first: the first `ROWS` of them."""

    title: str
    facts: tuple[Fact, ...]
    total: int

    @property
    def hidden(self):
        """Return how many are not shown."""
        return self.total - len(self.facts)


@dataclass(frozen=True)
class Gap:
    """A role that nobody covered in a place on exactly one of the two days."""

    role: RoleRow
    place: str  # in words
    url: str  # the list of those who have, or had, the role there


@dataclass(frozen=True)
class Period:
    """What happened from the first day to the last, both included."""

    since: datetime.date
    until: datetime.date
    sections: tuple[Section, ...]
    opened: tuple[Gap, ...]
    closed: tuple[Gap, ...]


def period(filterset):
    """Return the Period between the days of a valid filterset, over what it keeps. Ten queries at most."""
    since, until = filterset.days
    days = (since, until)
    institutions = filterset.results.rows().order_by()
    parts = _parts_of(institutions)
    if filterset.form.cleaned_data["role"]:
        parts = parts.filter(role__in=filterset.form.cleaned_data["role"])
    opened, closed = _gaps(filterset, since - datetime.timedelta(1), until)
    return Period(
        since=since,
        until=until,
        sections=(
            _section(_("Agreements signed"), institutions, "signed_on", days, _agreement),
            _section(_("Agreements that ended"), institutions, "valid_until", days, _agreement),
            _section(_("Roles that began"), parts, "since", days, _participation),
            _section(_("Roles that ended"), parts, "until", days, _participation),
        ),
        opened=opened,
        closed=closed,
    )


def in_force(day):
    """Return the condition of a participation that covers its role on a day, as far as its dates say.

    An unknown first day counts as long ago. An ended participation and a former partner count until their last day, if
    it is known; a paused participation and a suspended partner never count.
    """
    begun = Q(since=None) | Q(since__lte=day)
    lasting = Q(state__in=COVERING_STATES) & (Q(until=None) | Q(until__gte=day))
    ended = Q(state=State.ENDED, until__gte=day)
    counted = ~Q(institution__standing__in=NOT_COUNTED)
    former = Q(institution__standing=Standing.FORMER, institution__valid_until__gte=day)
    return begun & (lasting | ended) & (counted | former)


def _parts_of(institutions):
    # Not `__in`: the dates, which leave few rows, should be compared first.
    return Participation.objects.filter(Exists(institutions.filter(pk=OuterRef("institution"))))


def _gaps(filterset, before, after):
    """Return (gaps of the second day only, gaps of the first day only); two queries."""
    question = filterset.form.cleaned_data
    roles = [role for role in roles_in(RoleGroup.CHAIN) if not question["role"] or role.code in question["role"]]
    places = [
        (country.code, country.name)
        for country in countries().values()
        if (country.code in question["country"] if question["country"] else country.is_target)
    ]
    institutions = filterset.filter_queryset(filterset.queryset, without=PARTICIPATION)
    parts = _parts_of(institutions.order_by()).filter(role__group=RoleGroup.CHAIN)
    then, now = (_covered(parts, day) for day in (before, after))
    places.append((EVERYWHERE, _("any of these countries") if question["country"] else _("any country")))
    cells = [
        (
            (role.code, code),
            Gap(role, place, filterset.list_url(role=[role.code], role_match=None, state=None, **of_place)),
        )
        for role in roles
        for code, place in places
        for of_place in [{"country": [code]} if code else {}]
    ]
    opened = tuple(gap for cell, gap in cells if cell in then - now)
    closed = tuple(gap for cell, gap in cells if cell in now - then)
    return opened, closed


def _covered(parts, day):
    """Return {(role, place)} that somebody covers on a day; one query."""
    pairs = set(parts.filter(in_force(day)).order_by().values_list("role", "institution__country").distinct())
    return pairs | {(role, EVERYWHERE) for role, _country in pairs}


def _section(title, rows, field, days, fact_of):
    """Return the rows whose date lies between two days; two queries."""
    found = rows.filter(**{f"{field}__range": days})
    prefix = "" if rows.model is Institution else "institution__"
    first = found.order_by(field, f"{prefix}sort_key", "pk")
    if prefix:
        first = first.select_related("institution__country", "institution__city", "role", "lab__institution")
    else:
        first = first.select_related("country", "city")
    facts = tuple(fact_of(row, getattr(row, field)) for row in first[:ROWS])
    return Section(title, facts, found.count() if len(facts) == ROWS else len(facts))


def _agreement(institution, day):
    return Fact(
        day=day,
        title=institution.name,
        institution=institution,
        url=institution.get_absolute_url(),
        state=institution.standing,
        state_label=institution.get_standing_display(),
    )


def _participation(part, day):
    entry = part.lab or part.institution
    return Fact(
        day=day,
        title=str(part.role),
        institution=part.institution,
        url=entry.get_absolute_url(),
        lab=part.lab.name if part.lab else "",
        state=part.state,
        state_label=part.get_state_display(),
    )
