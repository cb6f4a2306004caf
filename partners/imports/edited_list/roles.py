"""The cell of roles: which participations of an institution as a whole follow from it."""

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from ...lists.cells import WrongCellError
from ...models import Institution, Participation
from .cells import role_and_state


def edited_roles(
    entry: Institution, participations: Sequence[Participation], old: Sequence[str], new: Sequence[str]
) -> tuple[list[Participation], list[Participation]]:
    """Return (participations to save, participations to delete).

    A cell lists the roles of an institution and of its labs together, each text once. A role that no lab has belongs to
    the institution as a whole; for a role that some lab has, the cell does not say whose it is. A participation whose
    state changes keeps its days and its note.

    :raises WrongCellError: when a role that some lab has differs, or a differing role has two states.
    """
    own = {participation.role_id: participation for participation in participations if participation.lab_id is None}
    of_labs = {participation.role_id for participation in participations if participation.lab_id is not None}
    differing = {role_and_state(text)[0] for text in set(old) ^ set(new)}
    _refuse_doubtful(differing, of_labs, new)
    states = dict(map(role_and_state, new))
    written = {
        role: own.get(role) or Participation(institution=entry, role_id=role) for role in differing & states.keys()
    }
    for role, participation in written.items():
        participation.state = states[role]
    return list(written.values()), [own[role] for role in differing - states.keys()]


def _refuse_doubtful(differing: set[str], of_labs: set[str], new: Sequence[str]) -> None:
    if doubtful := sorted(differing & of_labs):
        advice = _("a lab has this role too, so it is edited in the admin: put back what stood here of %(roles)s")
        raise WrongCellError(advice % {"roles": ", ".join(doubtful)})
    times = Counter(role_and_state(text)[0] for text in set(new))
    if twice := sorted(role for role in differing if times[role] > 1):
        raise WrongCellError(_("one role, one state: delete the others of %(roles)s") % {"roles": ", ".join(twice)})
