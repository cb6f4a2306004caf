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
from ...models import RoleGroup, Standing, State
from ...models.choices import words_in
from .cells import Cell, Place, Row, StateCount
from .counts import COVERING_STATES, EVERYWHERE, count_takers
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
    total, counts = count_takers(filterset, codes, states)
    gains = {}
    if set(question["standing"]) == {Standing.SIGNED, Standing.EXPECTED}:
        _gained, gains = count_takers(filterset, codes, states, only_standing=Standing.EXPECTED)
    places, columns = _places(question["country"], occurring={place for _role, place in counts})
    everywhere = Place(EVERYWHERE, _("any of these countries") if question["country"] else _("any country"))
    link, link_of_gained = _links(filterset), _links(filterset, standing=[Standing.EXPECTED])
    labels = words_in(State, get_language())
    # Each part of an address is made once: a board of 200 cells has 800 of them.
    of_states, *of_state = [urlencode({"state": some}, doseq=True) for some in (states, *([state] for state in states))]

    of_country = {place.code: f"country={place.code}" for place in columns}
    of_country[EVERYWHERE] = urlencode({"country": question["country"]}, doseq=True)

    def cell(role, place):
        asked = f"role={role.code}", of_country[place.code]
        numbers, gained = counts[role.code, place.code], gains.get((role.code, place.code), {}).get("total", 0)
        return Cell(
            role=role,
            place=place,
            total=numbers["total"],
            states=tuple(
                StateCount(state, labels[state], numbers[state], link(*asked, part))
                for state, part in zip(states, of_state, strict=True)
            ),
            url=link(*asked, of_states),
            gained=gained,
            gained_url=link_of_gained(*asked, of_states) if gained else "",
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
    return Board(
        places=columns,
        everywhere=everywhere,
        rows=rows,
        sentences=sentences_about(rows, is_whole=not question["country"]),
        total=total,
        url=link(urlencode({"role": codes}, doseq=True), of_states, of_country[EVERYWHERE]),
    )


def _links(filterset, **changes):
    """Return a function that makes a list's address of encoded parts: roles, states and countries of the question."""
    start = filterset.list_url(role=None, role_match=None, state=None, country=None, **changes)
    joint = "" if start.endswith("?") else "&"
    return lambda *parts: start + joint + "&".join(filter(None, parts))


def _places(ticked, occurring):
    """Return ({code: Place} of all places named, columns for the ticked or else the target countries)."""
    known = countries()
    chosen = ticked or [country.code for country in known.values() if country.is_target]
    places = {
        code: Place(code, country.name, country.url)
        for code, country in known.items()
        if code in occurring or code in chosen
    }
    places[NONE] = Place(NONE, _("country not stated"))
    return places, tuple(place for code, place in places.items() if code in chosen)
