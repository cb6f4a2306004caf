"""What only one partner covers."""

from django.db.models import Exists, OuterRef

from ...models import Institution, Role, RoleGroup, State
from .board import NOT_COUNTED


def only_one_with(institution):
    """Return [(chain role, country or None)] in which this institution is the only operational one.

    None means any country. One query. Empty where the board does not count the institution.
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
