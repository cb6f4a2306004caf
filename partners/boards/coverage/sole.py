"""What only one partner covers."""

from ...lists.filters import InstitutionFilter
from ...lists.gather import roles_in
from ...lists.takers import EVERYWHERE
from ...models import RoleGroup, State
from .board import COUNTED_STANDINGS, NOT_COUNTED


def only_one_with(institution, participations):
    """Return [(chain role, country or None)] in which this institution is the only operational one, by its own roles.

    None means any country. No query where there is an index, else two. Empty where the board does not count the
    institution.
    """
    operational = {part.role_id for part in participations if part.state == State.OPERATIONAL}
    roles = [role for role in roles_in(RoleGroup.CHAIN) if role.code in operational]
    if not roles or not institution.is_listed or institution.standing in NOT_COUNTED:
        return []
    counted = InstitutionFilter.asking(standing=COUNTED_STANDINGS)
    home = [institution.country_id] if institution.country_id else []
    _total, counts, _only = counted.results.takers([role.code for role in roles], [State.OPERATIONAL], home)
    found = []
    for role in roles:
        if counts[role.code, EVERYWHERE]["total"] == 1:
            found.append((role, None))
        elif institution.country_id and counts[role.code, institution.country_id]["total"] == 1:
            found.append((role, institution.country))
    return found
