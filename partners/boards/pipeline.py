"""Where the agreements stand: what is due, and which gaps an expected signature would close."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..exports.icalendar import Event
from ..facets import NONE
from ..lists.filters import InstitutionFilter
from ..lists.filterset import addresses
from ..lists.gather import RoleRow, countries, roles_in
from ..lists.institutions import INSTITUTION_ROWS
from ..lists.takers import EVERYWHERE
from ..models import Contact, Participation, RoleGroup, Standing
from ..models.institution_queries import NOT_YET, due_on
from ..models.keys import PlainRows
from .coverage import COVERING_STATES

SOON = datetime.timedelta(days=60)
EARLIEST = datetime.date.min
ROWS = 25  # of a standing; the list goes on where they end
ORDER = (Standing.EXPECTED, Standing.SIGNED, Standing.PROSPECT, Standing.SUSPENDED, Standing.FORMER, "")
OF_WHAT_IS_DUE = INSTITUTION_ROWS.only(
    "name", "slug", "url", "standing", "standing_label", "expected_on", "valid_until"
)
OF_STAGES = INSTITUTION_ROWS.only(
    "name",
    "native_name",
    "native_language",
    "slug",
    "url",
    "country",
    "country_name",
    "city",
    "standing",
    "expected_on",
    "signed_on",
    "valid_until",
)
_covering = PlainRows(
    lambda keys: (
        Participation.objects.filter(institution__among=keys, state__in=COVERING_STATES)
        .order_by(*Participation.ORDER)
        .values_list("institution", "role")
    )
)
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


class Gap(NamedTuple):
    """A link of the chain that nobody with a signed agreement covers in a place."""

    role: RoleRow
    country: str  # its code, or `EVERYWHERE`
    place: str  # in words


class Agreement(NamedTuple):  # a page has 150
    """Where the agreement with one institution stands today."""

    institution: tuple  # what pages say of it: a row of `OF_STAGES` or `OF_WHAT_IS_DUE`
    badge: str
    due_on: datetime.date | None  # the awaited day
    days: int | None  # until then; negative when it is past
    closes: tuple[Gap, ...]  # that its signature would close

    @property
    def closes_by_role(self):
        """Return [(role, its gaps)] of `closes`."""
        return [(role, list(gaps)) for role, gaps in groupby(self.closes, attrgetter("role"))]

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


def stages(filterset, today, window=SOON):
    """Return the Stage of each standing over what a valid filterset keeps.

    Three queries and those of places; without an index, one more for each standing, one for their numbers and four for
    the gaps.
    """
    results, asked = filterset.results, filterset.form.cleaned_data["standing"]
    numbers = {code: number for code, number in results.counts("standing").items() if not asked or code in asked}
    totals = {standing: numbers.get(standing or NONE, 0) for standing in ORDER}
    keys = {
        standing: results.keys_in_order("standing", [standing or NONE], "due", ROWS) if total else []
        for standing, total in totals.items()
    }
    rows = {row.key: row for row in OF_STAGES.of_page([key for some in keys.values() for key in some])}
    closes = _closes([rows[key] for key in keys[Standing.EXPECTED]])
    url = addresses(filterset.list_url, "standing", sort="due")
    return [
        Stage(
            standing=standing,
            label=str(Standing(standing).label) if standing else _("no agreement"),
            total=totals[standing],
            url=url([standing or NONE]),
            agreements=tuple(_agreement(rows[key], tuple(closes.get(key, ())), today, window) for key in of_stage),
        )
        for standing, of_stage in keys.items()
    ]


def due(results, today, window=SOON, most=None):
    """Return the Agreements where somebody should act now, the longest past first; a query, without an index four.

    Every page that shows what is due reads it here, home and pipeline among them.
    """
    both, yesterday = [Standing.EXPECTED, Standing.SIGNED], today - datetime.timedelta(days=1)
    past = results.keys_in_order("standing", both, "due", most, (EARLIEST, yesterday))
    ending = results.keys_in_order("standing", [Standing.SIGNED], "due", most, (today, today + window))
    return [_agreement(row, (), today, window) for row in OF_WHAT_IS_DUE.of_page([*past, *ending][:most])]


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


class Whom(NamedTuple):
    """A public contact of an institution."""

    institution: int  # keys
    lab: int | None
    mailbox: str
    person: str
    function: str
    mail: str
    phone: str


_public_contacts = PlainRows(
    lambda keys: Contact.objects.public().filter(institution__among=keys).order_by("pk").values_list(*Whom._fields)
)


def contacts_of(institutions):
    """Return {key of an institution: each Whom, those with an address first}; one query.

    Who is named for two labs is one to call, of no lab.
    """
    contacts = defaultdict(list)
    for contact in map(Whom._make, _public_contacts(institutions)):
        contacts[contact.institution].append(contact)

    def order(contact):
        return not contact.mailbox, not contact.mail, contact.lab is not None

    return {
        key: list(dict.fromkeys(contact._replace(lab=None) for contact in sorted(found, key=order)))
        for key, found in contacts.items()
    }


def awaited_day(row):
    """Return the day by which a row stands in the order `due`, or None where it is unknown."""
    text = row.expected_on if row.standing in NOT_YET else row.valid_until
    return text and datetime.date.fromisoformat(text)


def _agreement(row, closes, today, window):
    day = awaited_day(row)  # of the two that a badge looks at, only this one matters
    days = (day - today).days if day else None
    return Agreement(row, badge(row.standing, day, day, today, window), day, days, closes)


def _closes(rows):
    """Return {key: the Gaps that close when this one signs, in the order of its roles}; one query, if there are rows.

    Without an index four more. Gaps are those of the board of all signed agreements, which names target countries.
    """
    if not rows:
        return {}
    chain = {role.code: role for role in roles_in(RoleGroup.CHAIN)}
    words = {country.code: country.name for country in countries().values() if country.is_target}
    signed = InstitutionFilter.asking(standing=[Standing.SIGNED])
    _total, counts, _only = signed.results.takers(list(chain), COVERING_STATES, list(words))
    words[EVERYWHERE] = _("any country")
    places = {row.key: [place for place in (row.country, EVERYWHERE) if place in words] for row in rows}
    closes = defaultdict(dict)  # each gap once
    for key, role in _covering(places.keys()):
        if role in chain:
            gaps = (Gap(chain[role], place, words[place]) for place in places[key] if not counts[role, place]["total"])
            closes[key] |= dict.fromkeys(gaps)
    return closes
