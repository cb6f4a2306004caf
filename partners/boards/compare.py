"""What a team of partners covers of the chain, what it lacks, and who could fill the gaps."""

from dataclasses import dataclass
from typing import NamedTuple

from django.core.validators import slug_re

from ..facets import NONE
from ..lists.entry import give_rows
from ..lists.filters import InstitutionFilter
from ..lists.gather import RoleRow, roles_in
from ..lists.institutions import INSTITUTION_ROWS
from ..models import Institution, RoleGroup
from ..models.keys import Instances
from .coverage import COUNTED_STANDINGS, COVERING, COVERING_STATES

MEMBERS_AT_LEAST, MEMBERS_AT_MOST = 2, 6
NAMED = 5  # institutions that could fill a link
_listed = Instances(
    Institution, lambda slugs: Institution.objects.published().filter(slug__among=slugs).order_by(), "country", "city"
)
OFFERED = INSTITUTION_ROWS.only("name", "slug", "url", "city", "country_name")


@dataclass(frozen=True)
class Missing:
    """A link of the chain that the team lacks, with the first of those who could fill it."""

    role: RoleRow
    institutions: tuple[NamedTuple, ...]  # rows of `OFFERED`
    total: int
    url: str  # the list that `total` counts


@dataclass(frozen=True)
class Team:
    """Partners side by side, in the order asked for."""

    members: tuple[Institution, ...]
    chain: tuple[RoleRow, ...]
    covered: frozenset[str]  # codes of the roles of the chain
    missing: tuple[Missing, ...]


def find_members(slugs):
    """Return ([institutions in the order of the slugs, each once], [slugs that lead to no listed one]).

    A former slug and a replaced entry lead to what took their place. Four queries, for which slugs that are no listed
    institution's add those of `now_at()` and one.
    """
    asked = [slug for slug in slugs if slug_re.match(slug)]
    listed = {one.slug: one for one in _listed(asked)}
    if others := [slug for slug in asked if slug not in listed]:
        heirs = Institution.objects.now_at(others)
        by_key = {one.pk: one for one in _listed({heir.slug for heir in heirs.values()})} if heirs else {}
        listed |= {slug: by_key[heir.pk] for slug, heir in heirs.items()}
    members = list({listed[slug].pk: listed[slug] for slug in slugs if slug in listed}.values())
    give_rows(members)
    return members, [slug for slug in slugs if slug not in listed]


def team(members):
    """Return the Team of some institutions that find_members() found.

    One query for the rows of those who could fill a link, the ones of roles() and names_of_countries(), and where there
    is no index two more, and one for each missing link.
    """
    chain = tuple(roles_in(RoleGroup.CHAIN))
    covered = covered_by(members).intersection(role.code for role in chain)
    takers = InstitutionFilter.asking(**COVERING)  # those whom the coverage board counts
    numbers = takers.counts("role")
    first = {
        role: takers.results.keys_in_order("role", [role.code], "name", NAMED)
        for role in chain
        if role.code not in covered
    }
    rows = OFFERED.of_page(list({key for keys in first.values() for key in keys}))
    offered = {row.key: row for row in rows}
    return Team(
        members=tuple(members),
        chain=chain,
        covered=frozenset(covered),
        missing=tuple(
            Missing(
                role,
                tuple(map(offered.__getitem__, keys)),
                numbers.get(role.code, 0),
                takers.list_url(role=[role.code]),
            )
            for role, keys in first.items()
        ),
    )


def covered_by(members):
    """Return the codes of all roles that the coverage board counts for at least one of the members."""
    return {
        participation.role_id
        for institution in members
        if (institution.standing or NONE) in COUNTED_STANDINGS
        for participation in institution.row_participations
        if participation.state in COVERING_STATES
    }
