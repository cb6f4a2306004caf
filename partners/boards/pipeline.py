"""Where the agreements stand: what is due, and which gaps an expected signature would close."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from heapq import nsmallest
from itertools import groupby
from operator import attrgetter

from django.db.models import Case, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..exports.icalendar import Event
from ..facets import NONE
from ..models import Contact, Institution, Standing
from .coverage import COVERING_STATES, EVERYWHERE, Cell

SOON = datetime.timedelta(days=60)
ROWS = 100  # of a standing
NOT_YET = (Standing.PROSPECT, Standing.EXPECTED)
ORDER = (Standing.EXPECTED, Standing.SIGNED, Standing.PROSPECT, Standing.SUSPENDED, Standing.FORMER, "")
BADGES = {
    "overdue": gettext_lazy("overdue"),
    "expired": gettext_lazy("expired"),
    "expiring": gettext_lazy("expires soon"),
    "unknown": gettext_lazy("date not stated"),
    "": "",
}
# What the calendar says of the day on which something is due.
DUE = {
    Standing.PROSPECT: gettext_lazy("Signature expected: %(name)s"),
    Standing.EXPECTED: gettext_lazy("Signature expected: %(name)s"),
    Standing.SIGNED: gettext_lazy("Agreement ends: %(name)s"),
}


def badge(standing, expected_on, valid_until, today, window=SOON):
    """Return the badge of an agreement today: a key of `BADGES`.

    A signature is overdue the day after it was expected. An agreement is valid on its last day, expires soon
    from the window before, and has expired the day after. Only expected and signed agreements are judged.
    """
    if standing == Standing.EXPECTED:
        if expected_on is None:
            return "unknown"
        return "overdue" if expected_on < today else ""
    if standing == Standing.SIGNED:
        if valid_until is None:
            return "unknown"
        if valid_until < today:
            return "expired"
        return "expiring" if valid_until <= today + window else ""
    return ""


@dataclass(frozen=True)
class Agreement:
    """Where the agreement with one institution stands today."""

    institution: Institution
    badge: str
    days: int | None  # until what is due; negative when it is past
    closes: tuple[Cell, ...]  # gaps among the signed that its signature would close

    @property
    def closes_by_role(self):
        """Return [(role, its gaps)] of `closes`."""
        return [(role, list(cells)) for role, cells in groupby(self.closes, attrgetter("role"))]

    @property
    def badge_label(self):
        """Return the badge in words."""
        return BADGES[self.badge]

    @property
    def days_past(self):
        """Return how many days ago it was due."""
        return -self.days

    @property
    def is_due(self):
        """Say whether somebody should act now."""
        return self.badge in ("overdue", "expired", "expiring")


@dataclass(frozen=True)
class Stage:
    """The agreements of one standing, by the awaited day, unknown days last."""

    standing: str
    label: str
    total: int
    url: str  # the list that `total` counts
    agreements: tuple[Agreement, ...]  # the first `ROWS`

    @property
    def hidden(self):
        """Return how many are only in the list."""
        return self.total - len(self.agreements)

    @property
    def has_expected(self):
        """Say whether a signature is awaited here."""
        return self.standing in NOT_YET

    @property
    def has_agreement(self):
        """Say whether there is or was an agreement with dates."""
        return bool(self.standing) and not self.has_expected


def due_on():
    """Return the expression of the awaited day: `expected_on` before the signature, else `valid_until`."""
    return Case(When(standing__in=NOT_YET, then="expected_on"), default="valid_until")


def stages(filterset, signed, today, window=SOON):
    """Return the Stage of each standing over what a valid filterset keeps.

    `signed` is the board of all signed agreements. Five queries.
    """
    partners = _rows(filterset).annotate(due_on=due_on())
    in_stages = {standing: [] for standing in ORDER}
    for standing, day, *name in partners.order_by().values_list("standing", "due_on", "sort_key", "pk"):
        in_stages[standing].append((day is None, day, *name))
    shown = {standing: [key for *_rank, key in nsmallest(ROWS, some)] for standing, some in in_stages.items()}
    loaded = partners.for_display().in_bulk([key for keys in shown.values() for key in keys])
    gaps = {(cell.role.code, cell.place.code): cell for cell in signed.cells if cell.is_gap}
    found = {standing: [loaded[key] for key in keys] for standing, keys in shown.items()}
    return [
        Stage(
            standing=standing,
            label=str(Standing(standing).label) if standing else _("no agreement"),
            total=len(in_stages[standing]),
            url=filterset.list_url(standing=[standing or NONE]),
            agreements=tuple(
                _agreement(one, _closes(one, gaps) if standing == Standing.EXPECTED else (), today, window)
                for one in some
            ),
        )
        for standing, some in found.items()
    ]


def due(institutions, today, window=SOON):
    """Return the Agreements where somebody should act now, the longest past first; four queries.

    Every page that shows what is due reads it here, home and pipeline among them.
    """
    judged = institutions.filter(standing__in=[Standing.EXPECTED, Standing.SIGNED]).annotate(due_on=due_on())
    near = (
        judged.filter(due_on__lte=today + window).order_by("due_on", "sort_key", "pk").select_related("country", "city")
    )
    agreements = [_agreement(institution, (), today, window) for institution in near]
    return [agreement for agreement in agreements if agreement.is_due]


def events(institutions, address_of, urn):
    """Yield an Event for each signature that is expected and each agreement that ends; one query.

    `address_of` returns the whole address of an institution, `urn` the id of what some names say.
    """
    waiting = institutions.filter(standing__in=DUE).annotate(due_on=due_on()).filter(due_on__isnull=False)
    for institution in waiting.order_by("due_on", "sort_key", "pk"):
        kind = "expected" if institution.standing in NOT_YET else "valid-until"
        yield Event(
            uid=urn(kind, institution.pk),
            day=institution.due_on,
            summary=DUE[institution.standing] % {"name": institution.name},
            url=address_of(institution),
        )


def _rows(filterset):
    """Return the rows of a filterset: where these are partners, as most are, by the keys that results know."""
    results = filterset.results
    only_partners = filterset.form.cleaned_data["partner"] == ["partner"]
    return results.rows_with("partner", "partner") if only_partners else results.rows()


def contacts_of(institutions):
    """Return {key of an institution: its public contacts, those with an address first}; one query."""
    contacts = defaultdict(list)
    for contact in Contact.objects.public().filter(institution__in=institutions).select_related("lab").order_by("pk"):
        contacts[contact.institution_id].append(contact)
    return {
        key: sorted(found, key=lambda contact: (not contact.mailbox, not contact.mail, contact.lab_id is not None))
        for key, found in contacts.items()
    }


def _agreement(institution, closes, today, window):
    dates = institution.expected_on, institution.valid_until
    days = (institution.due_on - today).days if institution.due_on else None
    return Agreement(institution, badge(institution.standing, *dates, today, window), days, closes)


def _closes(institution, gaps):
    """Return the gaps that close when this institution signs, in the order of its roles, without a query."""
    cells = [
        gaps.get((part.role_id, place))
        for part in institution.participations.all()
        if part.state in COVERING_STATES
        for place in (institution.country_id or NONE, EVERYWHERE)
    ]
    return tuple(dict.fromkeys(cell for cell in cells if cell))
