"""Taking an operation back: a merge comes apart, a deleted entry returns."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Institution, Lab, Operation
from ..models.history import record_if_missing
from ..models.operation import operation
from .rows import in_the_way, take_back


class CannotUndoError(Exception):
    """An operation that cannot be taken back; `reasons` says in words what stands in the way."""

    def __init__(self, reasons):
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def reasons_against(done):
    """Return in words why an operation cannot be taken back; nothing means that it can."""
    if done.undone_at:
        return [_("This has been taken back already.")]
    if not done.changes:
        return [_("Nothing is stored by which it could be taken back.")]
    return in_the_way(done.changes, done)


@transaction.atomic
def undo(done, user):
    """Write everything again as it was before an operation, and let its records say that it was undone.

    :raises CannotUndoError: when something stands in the way, somebody else's undo meanwhile among it.
    :raises ValidationError: when a row would break a rule that holds by now; nothing is written then.
    """
    done = Operation.objects.select_for_update().get(pk=done.pk)
    keys = {change["pk"] for change in done.changes or [] if change["model"] == Institution._meta.label_lower}
    list(Institution.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if reasons := reasons_against(done):
        raise CannotUndoError(reasons)
    done.undone_at = timezone.now()
    done.save(update_fields=["undone_at"])
    is_merge = done.kind == Operation.Kind.MERGE
    with operation(Operation.Kind.UNMERGE if is_merge else Operation.Kind.RESTORE, str(done), user):
        take_back(done.changes)
        merged = Institution.history.filter(operation=done) if is_merge else Institution.history.none()
        for entry in Institution.objects.filter(pk__in=merged.values("id")):
            record_if_missing(entry, user)


def entries_of(done):
    """Return the institutions, or else the labs, that an operation was about and that are there; two queries."""
    for model in (Institution, Lab):
        label = model._meta.label_lower
        keys = [change["pk"] for change in done.changes or [] if change["model"] == label]
        if found := list(model.objects.filter(pk__in=keys).order_by("pk")):
            return found
    return []
