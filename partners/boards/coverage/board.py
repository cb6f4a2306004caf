"""The board: roles × places.

It counts the institutions that a filterset keeps, each once in a cell, by its own country. It applies roles and
states itself: the filterset's `role` chooses rows, its `state` what counts as taking part, its `country` columns.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ...facets import NONE
from ...lists.gather import countries, roles_in
from ...lists.takers import EVERYWHERE
from ...models import RoleGroup, Standing, State
from ...models.choices import words_in
from .cells import COVERING_STATES, Cell, Place, Row, StateCount
from .sentences import Sentence, sentences_about

NOT_COUNTED = (Standing.SUSPENDED, Standing.FORMER)
COUNTED_STANDINGS = (NONE, *(standing for standing in Standing if standing not in NOT_COUNTED))
# The question of the list of those who cover something: a link without hits is a gap.
COVERING = {"standing": COUNTED_STANDINGS, "state": COVERING_STATES}


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

    No query where the filterset's results come from an index; else four, or six where exactly the standings *signed*
    and *expected* are asked for: then each cell says what the expected signatures add to the signed ones.
    """
    question = filterset.form.cleaned_data
    states = question["state"] or COVERING_STATES
    roles = [role for role in roles_in(group) if not question["role"] or role.code in question["role"]]
    codes = [role.code for role in roles]
    known = countries()
    chosen = question["country"] or [code for code, country in known.items() if country.is_target]
    places = [code for code in (*known, NONE) if code in chosen]
    columns = tuple(_place(known, code) for code in places)
    total, counts, only = filterset.results.takers(codes, states, places)
    gains, start_of_gained = {}, ""
    if set(question["standing"]) == {Standing.SIGNED, Standing.EXPECTED}:
        _gained, gains, _only = filterset.results.takers(codes, states, places, Standing.EXPECTED)
        start_of_gained = _start(filterset, standing=[Standing.EXPECTED])
    everywhere = Place(EVERYWHERE, _("any of these countries") if question["country"] else _("any country"))
    start, labels = _start(filterset), words_in(State, get_language())
    # Each part of an address is made once: a board of 200 cells has 800 of them.
    of_country = {code: f"&country={code}" for code in places}
    of_country[EVERYWHERE] = "".join(of_country[code] for code in question["country"])
    of_state = {state: f"&state={state}" for state in states}
    of_states = "".join(of_state.values())

    def cell(role, place):
        numbers, gained = counts[role.code, place.code], gains.get((role.code, place.code), {}).get("total", 0)
        asked = f"role={role.code}{of_country[place.code]}"
        found = {
            state: StateCount(state, labels[state], numbers[state], start + asked + of_state[state]) for state in states
        }
        return Cell(
            role=role,
            place=place,
            total=numbers["total"],
            states=tuple(found.values()),
            operational=found.get(State.OPERATIONAL),
            url=start + asked + of_states,
            gained=gained,
            gained_url=start_of_gained + asked + of_states if gained else "",
        )

    rows = tuple(
        Row(
            role=role,
            cells=tuple(cell(role, place) for place in columns),
            everywhere=cell(role, everywhere),
            operational_only_in=_place(known, only.get((role.code, State.OPERATIONAL))),
        )
        for role in roles
    )
    return Board(
        places=columns,
        everywhere=everywhere,
        rows=rows,
        sentences=sentences_about(rows, is_whole=not question["country"]),
        total=total,
        url=start + (urlencode({"role": codes}, doseq=True) + of_states + of_country[EVERYWHERE]).removeprefix("&"),
    )


def _start(filterset, **changes):
    """Return a list's address as roles, states and countries go behind it, instead of those of the question."""
    start = filterset.list_url(role=None, role_match=None, state=None, country=None, **changes)
    return start if start.endswith("?") else f"{start}&"


def _place(known, code):
    """Return the Place of a code, or None without one."""
    if code == NONE:
        return Place(NONE, _("country not stated"))
    return Place(code, known[code].name, known[code].url) if code else None
