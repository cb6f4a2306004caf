"""Entries that were deleted wait ninety days for whoever wants them back; contacts are gone at once."""

import datetime

from django.db import transaction
from django.utils import timezone

from ..models import Institution, Operation
from ..models.operation import current_operation, operation
from .rows import BY_LABEL, NEVER_BACK, TRACKED, differences, rows_of, rows_of_lab

KEPT = datetime.timedelta(days=90)
# What a last record says when it says no more than that an entry of the registry was deleted.
NOTHING = dict.fromkeys(["name", "slug", "website", "summary", "source_note"], "") | {
    "is_published": False,
    "history_user": None,
    "operation": None,
}


@transaction.atomic
def delete(entry, user):
    """Delete an institution or a lab with all that is its own and return the Operation, by which it can come back.

    Nothing of a contact or a logo is stored. Two queries more for each row than a plain deletion.
    """
    is_institution = isinstance(entry, Institution)
    type(entry).objects.select_for_update().filter(pk=entry.pk).first()
    before = rows_of([entry.pk]) if is_institution else rows_of_lab(entry.pk)
    name = entry.name if is_institution else f"{entry.name} · {entry.institution}"
    with operation(Operation.Kind.DELETE, name, user) as deletion:
        current_operation()
        entry.delete()
    gone = {key: values for key, values in before.items() if BY_LABEL[key[0]] not in NEVER_BACK}
    deletion.changes = differences(gone, {})
    deletion.save()
    return deletion


def waiting():
    """Return the deletions whose entries can come back, newest first."""
    return Operation.objects.filter(kind=Operation.Kind.DELETE, undone_at=None, changes__isnull=False)


@transaction.atomic
def tidy(now=None):
    """Empty the trash of what has waited long enough, with its history; return how many entries went for good.

    The ROR id of an institution stays, by which releases of the registry know that it was deleted.
    """
    due = waiting().filter(moment__lt=(now or timezone.now()) - KEPT)
    count = 0
    for deletion in due.select_for_update():
        for model in TRACKED:
            keys = [change["pk"] for change in deletion.changes if BY_LABEL[change["model"]] is model]
            records = model.history.filter(id__in=keys)
            if model is Institution:
                in_registry = records.filter(history_type="-").exclude(ror_id="")
                in_registry.update(**NOTHING)
                records = records.exclude(pk__in=in_registry.values("pk"))
            records.delete()
        deletion.changes = None
        deletion.save(update_fields=["changes"])
        count += 1
    return count
