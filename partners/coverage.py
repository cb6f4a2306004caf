"""What is covered and what is missing: roles × countries, gaps, single points, sentences.

A board counts the institutions that a filterset keeps, each once in a cell, by its own country. It asks for roles and
states itself: the filterset's `role` chooses rows, its `state` what counts as taking part, its `country` columns.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import IntEnum

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from .facets import NONE
from .models import Country, Institution, Participation, Role, RoleGroup, Standing, State

NOT_COUNTED = (Standing.SUSPENDED, Standing.FORMER)
COUNTED_STANDINGS = (NONE, *(standing for standing in Standing if standing not in NOT_COUNTED))
COVERING_STATES = (State.OPERATIONAL, State.PLANNED, State.NOT_STATED)
EVERYWHERE = ""  # the code of the column that counts every country, and those whose country is not stated


@dataclass(frozen=True)
class Place:
    """A column: one country, those whose country is not stated, or everywhere."""

    code: str  # as in addresses
    label: str
    url: str = ""  # of the country's page


@dataclass(frozen=True)
class StateCount:
    """How many institutions of a cell are in one state, with the list it counts."""

    state: str
    label: str
    number: int
    url: str


@dataclass(frozen=True)
class Cell:
    """Who takes part in one role in one place; an institution with two labs in different states stands in both."""

    role: Role
    place: Place
    total: int  # distinct institutions
    states: tuple[StateCount, ...]  # of the states that count, zeros included
    url: str  # the list that `total` counts
    gained: int = 0  # those of them whose signature is expected, where the board supposes it
    gained_url: str = ""

    @property
    def is_gap(self):
        """Say whether nobody takes part."""
        return not self.total

    @property
    def operational(self):
        """Return the count of those that work already, or nothing where only other states are asked for."""
        return next((count for count in self.states if count.state == State.OPERATIONAL), None)

    @property
    def is_single_point(self):
        """Say whether exactly one institution works already."""
        return self.operational is not None and self.operational.number == 1

    @property
    def is_closed_gap(self):
        """Say whether only those whose signature is expected take part."""
        return 0 < self.gained == self.total


@dataclass(frozen=True)
class Row:
    """One role: its cells in the order of the places, and the one for everywhere."""

    role: Role
    cells: tuple[Cell, ...]
    everywhere: Cell
    operational_in: tuple[str, ...]  # codes of all countries where somebody works already

    @property
    def all_cells(self):
        """Return the cells of the places, then the one for everywhere."""
        return (*self.cells, self.everywhere)

    @property
    def gaps(self):
        """Return the empty ones of all cells."""
        return tuple(cell for cell in self.all_cells if cell.is_gap)


class Gravity(IntEnum):
    """What a sentence is about, the gravest first."""

    NOBODY = 0
    NOBODY_OPERATIONAL = 1
    ONE_OPERATIONAL = 2
    ONE_COUNTRY = 3
    GAPS = 4


@dataclass(frozen=True)
class Sentence:
    """A finding in words, with the cells that it speaks of and a page that shows more."""

    gravity: Gravity
    text: str
    cells: tuple[Cell, ...]
    url: str

    @property
    def is_gap(self):
        """Say whether it names empty cells; every empty cell is named by one such sentence."""
        return self.gravity in (Gravity.NOBODY, Gravity.GAPS)


@dataclass(frozen=True)
class Board:
    """Roles × places."""

    places: tuple[Place, ...]
    everywhere: Place
    rows: tuple[Row, ...]
    sentences: tuple[Sentence, ...]  # the gravest first
    total: int  # distinct institutions in the rows
    url: str  # the list that `total` counts

    @property
    def cells(self):
        """Return all cells, row by row."""
        return [cell for row in self.rows for cell in row.all_cells]


def board(filterset, group=RoleGroup.CHAIN):
    """Return the Board of the roles of a group over what a valid InstitutionFilter keeps.

    Four queries; one more where exactly the standings *signed* and *expected* are asked for: then each cell says what
    the expected signatures add to the signed ones.
    """
    question = filterset.form.cleaned_data
    states = question["state"] or COVERING_STATES
    institutions = filterset.filter_queryset(filterset.queryset, without={"role", "state"})
    roles = Role.objects.filter(group=group)
    if question["role"]:
        roles = roles.filter(code__in=question["role"])
    codes = [role.code for role in roles]
    counts, gains = _count(institutions, codes, states), {}
    if set(question["standing"]) == {Standing.SIGNED, Standing.EXPECTED}:
        gains = _count(institutions.filter(standing=Standing.EXPECTED), codes, states)
    places, columns = _places(question["country"], occurring={place for _role, place in counts})
    everywhere = Place(EVERYWHERE, _("any of these countries") if question["country"] else _("any country"))

    def cell(role, place):
        asked = {
            "role": [role.code],
            "role_match": None,
            "country": [place.code] if place.code else question["country"],
        }
        numbers, gained = counts[role.code, place.code], gains.get((role.code, place.code), {}).get("total", 0)
        return Cell(
            role=role,
            place=place,
            total=numbers["total"],
            states=tuple(
                StateCount(state, str(State(state).label), numbers[state], filterset.list_url(**asked, state=[state]))
                for state in states
            ),
            url=filterset.list_url(**asked, state=states),
            gained=gained,
            gained_url=filterset.list_url(**asked, state=states, standing=[Standing.EXPECTED]) if gained else "",
        )

    rows = tuple(
        Row(
            role=role,
            cells=tuple(cell(role, place) for place in columns),
            everywhere=cell(role, everywhere),
            operational_in=tuple(place for code, place in places.items() if counts[role.code, code][State.OPERATIONAL]),
        )
        for role in roles
    )
    takes_part = Participation.objects.filter(role__in=codes, state__in=states).values("institution")
    return Board(
        places=columns,
        everywhere=everywhere,
        rows=rows,
        sentences=_sentences(rows, is_whole=not question["country"]),
        total=institutions.filter(pk__in=takes_part).count(),
        url=filterset.list_url(role=codes, role_match=None, state=states),
    )


def _count(institutions, roles, states):
    """Return {(role code, place code): {state or "total": number of institutions}}, zero where missing; one query."""
    rows = (
        institutions.filter(participations__role__in=roles, participations__state__in=states)
        .order_by()
        .values_list("participations__role", "country")
        .annotate(
            total=Count("pk", distinct=True),
            **{state: Count("pk", distinct=True, filter=Q(participations__state=state)) for state in states},
        )
    )
    counts = defaultdict(Counter)
    for role, country, *numbers in rows:
        named = dict(zip(("total", *states), numbers, strict=True))
        counts[role, country or NONE].update(named)
        counts[role, EVERYWHERE].update(named)  # an institution has one country, so the countries add up
    return counts


def _places(ticked, occurring):
    """Return ({code: Place} of all that is named, the columns: what is ticked, else the targets); one query."""
    asked = Q(code__in=ticked) if ticked else Q(is_target=True)
    countries = Country.objects.filter(asked | Q(code__in=occurring)).order_by("-is_target", "sort_key", "code")
    places = {country.code: Place(country.code, country.name, country.get_absolute_url()) for country in countries}
    places[NONE] = Place(NONE, _("country not stated"))
    chosen = ticked or [country.code for country in countries if country.is_target]
    return places, tuple(place for code, place in places.items() if code in chosen)


def _sentences(rows, is_whole):
    """Return what the rows say, the gravest first, then what concerns more cells, then by the order of the rows."""
    found = [sentence for row in rows for sentence in _findings(row, is_whole)]
    return tuple(sorted(found, key=lambda sentence: (sentence.gravity, -len(sentence.cells))))


def _findings(row, is_whole):
    """Yield the sentences about one role; `is_whole` when no country is left out."""
    name = row.role.name
    words = {"role": lower_first(name), "everywhere": row.everywhere.place.label}
    if row.everywhere.is_gap:
        yield Sentence(
            Gravity.NOBODY, _("No %(role)s in %(everywhere)s") % words, row.all_cells, row.role.get_absolute_url()
        )
        return
    operational, here = row.everywhere.operational, (row.everywhere,)
    if operational is not None:
        where = row.operational_in[0].label if row.operational_in else ""
        if not operational.number:
            text = _("No operational %(role)s in %(everywhere)s") % words
            yield Sentence(Gravity.NOBODY_OPERATIONAL, text, here, row.everywhere.url)
        elif operational.number == 1:
            text = _("%(role)s: one partner operational (%(place)s)") % {"role": name, "place": where}
            yield Sentence(Gravity.ONE_OPERATIONAL, text, here, operational.url)
        elif is_whole and len(row.operational_in) == 1 and row.operational_in[0].code != NONE:
            text = _("No operational %(role)s outside %(place)s") % {**words, "place": where}
            yield Sentence(Gravity.ONE_COUNTRY, text, here, operational.url)
    if row.gaps:
        places = get_text_list([cell.place.label for cell in row.gaps], _("or"))
        text = _("No %(role)s in %(places)s") % {**words, "places": places}
        yield Sentence(Gravity.GAPS, text, row.gaps, row.role.get_absolute_url())


def lower_first(text):
    """Return a text as it stands inside a sentence; an abbreviation keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def only_one_with(institution):
    """Return [(chain role, country or nothing)] in which this institution is the only operational one.

    Nothing for the country means: in any country. One query. Empty where the board does not count the institution.
    """
    if not institution.is_listed or institution.standing in NOT_COUNTED:
        return []
    others = Institution.objects.published().exclude(pk=institution.pk).exclude(standing__in=NOT_COUNTED)
    alike = others.filter(participations__role=OuterRef("pk"), participations__state=State.OPERATIONAL)
    mine = institution.participations.filter(role=OuterRef("pk"), state=State.OPERATIONAL)
    roles = Role.objects.filter(Exists(mine), group=RoleGroup.CHAIN).annotate(
        is_elsewhere=Exists(alike), is_nearby=Exists(alike.filter(country=institution.country_id))
    )
    country = institution.country
    return [
        (role, country if role.is_elsewhere else None)
        for role in roles
        if not role.is_elsewhere or (country and not role.is_nearby)
    ]
