"""Two entries of one organisation become one."""

from django.db import transaction
from django.utils.translation import gettext as _

from ..models import (
    Contact,
    Institution,
    InstitutionName,
    InstitutionParent,
    InstitutionSuccessor,
    Logo,
    NameKind,
    Operation,
    Participation,
    RegistryRecord,
)
from ..models.history import record_if_missing
from ..models.operation import current_operation, operation
from .merge_preview import FIELDS, OTHER
from .rows import differences, rows_of


class CannotMergeError(Exception):
    """Two entries that cannot become one; the text says why."""


def refuse(kept, other):
    """Refuse a pair that cannot be merged.

    :raises CannotMergeError: naming the reason.
    """
    if kept.pk == other.pk:
        raise CannotMergeError(_("This is the same entry: choose another one."))
    if kept.replaced_by_id:
        told = _("This entry is replaced by %(entry)s: merge into that one.")
        raise CannotMergeError(told % {"entry": kept.replaced_by})
    if other.replaced_by_id not in (None, kept.pk):
        told = _("%(other)s is replaced by %(entry)s: merge that one.")
        raise CannotMergeError(told % {"other": other, "entry": other.replaced_by})


@transaction.atomic
def merge(kept, other, chosen, user):
    """Make one entry of two and return the Operation, by which `undo` finds the way back.

    `chosen` has KEPT or OTHER by the key of each Choice that differs, roles under "role-" and their code. The other
    entry stays, replaced by the kept one and without anything of its own but a second logo, so that its addresses lead
    there. Some twelve statements, and three for each row that moves.

    :raises CannotMergeError: when the two cannot be merged, or not any more.
    :raises ValidationError: when what was chosen does not fit together; nothing is written then.
    """
    keys = [kept.pk, other.pk]
    found = Institution.objects.select_for_update().filter(pk__in=keys).order_by("pk").in_bulk()
    if len(found) < len(set(keys)):
        raise CannotMergeError(_("One of the two has been deleted meanwhile."))
    kept, other = found[kept.pk], found[other.pk]
    refuse(kept, other)
    before = rows_of(keys)
    with operation(Operation.Kind.MERGE, f"{other.name} → {kept.name}", user) as merging:
        current_operation()  # which has a row, even if nothing but a contact moves
        names = [other.name, kept.name]
        _take_fields(kept, other, chosen)
        _move_names(kept, other, [name for name in names if name != kept.name])
        kept.save()  # now that its own name is an alias, too, none of the two is a former one
        _move_labs(kept, other)
        _move_roles(kept, other, chosen)
        Contact.objects.filter(institution=other).update(institution=kept)
        if not Logo.objects.filter(institution=kept).exists():
            Logo.objects.filter(institution=other).update(institution=kept)
        _move_links(kept, other)
        record_if_missing(kept, user)
    merging.changes = differences(before, rows_of(keys))
    merging.save()
    return merging


def _take_fields(kept, other, chosen):
    other.replaced_by = kept
    for names in FIELDS:
        if chosen.get(names[0]) != OTHER:
            continue
        for name in names:
            mine, theirs = getattr(kept, name), getattr(other, name)
            setattr(kept, name, theirs)
            if name == "ror_id":
                other.ror_id = mine  # a ROR id is there once; the registry goes on to find both
    if kept.ror_id != other.ror_id and chosen.get("ror_id") == OTHER:
        Institution.objects.filter(pk__in=[kept.pk, other.pk]).update(ror_id="")
        _swap_registry_records(kept, other)
    kept.validate_constraints()
    other.save()


def _swap_registry_records(kept, other):
    """Let what the registry wrote, and an editor holds back or refused, stay with the ROR id under which it wrote."""
    records = list(RegistryRecord.objects.filter(pk__in=[kept.pk, other.pk]))
    RegistryRecord.objects.filter(pk__in=[kept.pk, other.pk]).delete()
    turned = {kept.pk: other.pk, other.pk: kept.pk}
    for record in records:
        record.pk = turned[record.pk]
        record.save(force_insert=True)


def _move_names(kept, other, display_names):
    """Let the other's names find the kept one: aliases, but for kinds of which the kept one has no name."""
    mine = list(kept.names.all())
    kinds, known = {name.kind for name in mine}, {name.value for name in mine} | {kept.name}
    for name in other.names.all():
        if name.value in known:
            name.delete()
            continue
        known.add(name.value)
        if name.kind in kinds or name.kind == NameKind.OFFICIAL:
            name.kind = NameKind.ALIAS
        name.institution = kept
        name.save()
    for value in display_names:
        if value not in known:
            known.add(value)
            InstitutionName.objects.create(institution=kept, value=value, kind=NameKind.ALIAS)


def _move_labs(kept, other):
    taken = set(kept.labs.values_list("slug", flat=True))
    taken |= set(kept.former_slugs.exclude(lab=None).values_list("slug", flat=True))
    for lab in other.labs.all():
        slug, number = lab.slug, 1
        while lab.slug in taken:
            number += 1
            lab.slug = f"{slug[:110]}-{number}"
        taken.add(lab.slug)
        lab.institution = kept
        lab.save()


def _move_roles(kept, other, chosen):
    mine = {part.role_id: part for part in kept.participations.filter(lab=None)}
    for part in Participation.objects.filter(institution=other):
        twin = mine.get(part.role_id) if part.lab_id is None else None
        if twin is None:
            part.institution = kept
            part.save()
            continue
        part.delete()
        if chosen.get(f"role-{part.role_id}") == OTHER:
            for name in ("state", "since", "until", "note"):
                setattr(twin, name, getattr(part, name))
            twin.save()


def _move_links(kept, other):
    """Move links to and from the other entry; none may lead to the entry itself or round in a circle."""
    above = InstitutionParent.objects.above([kept.pk])
    for link in InstitutionParent.objects.filter(from_institution=other):
        link.delete()
        parent = link.to_institution_id
        if parent != kept.pk and kept.pk not in InstitutionParent.objects.above([parent]):
            kept.parents.add(parent)
    for link in InstitutionParent.objects.filter(to_institution=other):
        link.delete()
        child = link.from_institution_id
        if child != kept.pk and child not in above:
            Institution(pk=child).parents.add(kept.pk)
    for link in InstitutionSuccessor.objects.filter(to_institution=other):
        link.delete()
        if link.from_institution_id != kept.pk:
            Institution(pk=link.from_institution_id).successors.add(kept.pk)
