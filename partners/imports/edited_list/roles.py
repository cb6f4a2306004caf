"""The cell of roles: which participations of an institution, or of a lab, follow from it."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from ...lists.cells import WrongCellError
from ...models import Institution, Lab, Participation
from .cells import read_role


def edited_roles(
    entry: Institution,
    participations: Sequence[Participation],
    old: Sequence[str],
    new: Sequence[str],
    labs: Mapping[str, int],
) -> tuple[list[Participation], list[Participation]]:
    """Return (participations to save, participations to delete).

    A cell lists the roles of an institution and of its labs together, each text once. A role that no lab has belongs to
    the institution as a whole; for a role that some lab has, the cell does not say whose it is, unless it names the
    lab: `vector (planned) @ vector-lab`. A participation whose state changes keeps its days and its note.

    :param labs: their keys, by address and by name.
    :raises WrongCellError: when a role that some lab has differs, when a differing role has two states, and for a lab
        that is none of the institution's.
    """
    items = list(dict.fromkeys(map(read_role, new)))
    own = {one.role_id: one for one in participations if one.lab_id is None}
    of_labs = {(one.lab_id, one.role_id): one for one in participations if one.lab_id is not None}
    with_lab = [item for item in items if item.lab]
    plain = [item for item in items if not item.lab]
    known = {(role, state) for role, state, _lab in map(read_role, old)}
    differing = {role for role, _state in known ^ {(item.role, item.state) for item in plain}}
    differing -= {item.role for item in with_lab}
    _refuse_doubtful(differing, {role for _lab, role in of_labs}, plain)
    saved, deleted = _of_owner(differing, own, {item.role: item.state for item in plain}, institution=entry)
    for item in with_lab:
        if item.lab not in labs:
            raise WrongCellError(_("“%(lab)s” is no lab of this institution: write its address") % {"lab": item.lab})
        lab = labs[item.lab]
        participation = of_labs.get((lab, item.role)) or Participation(
            institution=entry, lab_id=lab, role_id=item.role, state=""
        )
        if participation.state != item.state:
            participation.state = item.state
            saved.append(participation)
    return saved, deleted


def edited_roles_of_lab(
    lab: Lab, participations: Sequence[Participation], new: Sequence[str]
) -> tuple[list[Participation], list[Participation]]:
    """Return (participations to save, participations to delete) of a lab.

    :raises WrongCellError: when a role has two states, or names a lab.
    """
    items = list(dict.fromkeys(map(read_role, new)))
    if any(item.lab for item in items):
        raise WrongCellError(_("the row is the lab's: write roles without “@”"))
    own = {one.role_id: one for one in participations}
    known = {(one.role_id, one.state) for one in participations}
    differing = {role for role, _state in known ^ {(item.role, item.state) for item in items}}
    _refuse_doubtful(differing, set(), items)
    states = {item.role: item.state for item in items}
    return _of_owner(differing, own, states, institution_id=lab.institution_id, lab=lab)


def _of_owner(differing, own, states, **owner):
    saved = {role: own.get(role) or Participation(**owner, role_id=role) for role in sorted(differing & states.keys())}
    for role, participation in saved.items():
        participation.state = states[role]
    return list(saved.values()), [own[role] for role in sorted(differing - states.keys()) if role in own]


def _refuse_doubtful(differing, of_labs, items):
    if doubtful := sorted(differing & of_labs):
        advice = _("a lab has this role too, so it is edited in the admin: put back what stood here of %(roles)s")
        raise WrongCellError(advice % {"roles": ", ".join(doubtful)})
    times = Counter(item.role for item in items)
    if twice := sorted(role for role in differing if times[role] > 1):
        raise WrongCellError(_("one role, one state: delete the others of %(roles)s") % {"roles": ", ".join(twice)})
