"""What an editor can do to the ticked rows of a list."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..models import Operation
from ..models.deadline import unhurried
from ..models.history import record_in_bulk
from ..models.operation import operation

MARKED_AT_MOST = 50_000  # rows; other writers wait some eight seconds for these


@admin.action(description=gettext_lazy("Mark as verified today"), permissions=["change"])
def mark_as_verified(modeladmin, request, queryset):
    """Write today's date into the ticked rows, with a record of the history and an entry of the admin's log for each.

    Some five statements, and on SQLite one more for every 142 entries of the log; more than `MARKED_AT_MOST` rows are
    refused.
    """
    today = timezone.localdate()
    with unhurried():
        ticked = list(queryset.exclude(verified_on=today).order_by().values_list("pk", flat=True))
    if len(ticked) > MARKED_AT_MOST:
        message = _("Too many at once: %(count)d. Filter the list to %(most)d entries at most; nothing was marked.")
        modeladmin.message_user(request, message % {"count": len(ticked), "most": MARKED_AT_MOST}, messages.ERROR)
        return
    with unhurried(), transaction.atomic():
        count = _verify(modeladmin.model, ticked, today, request.user)
    message = ngettext(
        "%(count)d entry marked as verified today.", "%(count)d entries marked as verified today.", count
    )
    modeladmin.message_user(request, message % {"count": count}, messages.SUCCESS)


def _verify(model, keys, day, user):
    """Write the day into rows and return how many; rows that somebody else marked meanwhile are left alone."""
    rows = model.objects.select_for_update().filter(pk__among=keys).exclude(verified_on=day).order_by("pk")
    rows = list(rows.only("name"))  # by which the log calls them
    keys = [row.pk for row in rows]
    model.objects.filter(pk__among=keys).update(verified_on=day)
    with operation(Operation.Kind.BULK, _("Mark as verified today"), user):
        record_in_bulk(model, keys, "~", user=user)
    LogEntry.objects.log_actions(user.pk, rows, CHANGE, [{"changed": {"fields": ["Verified on"]}}])
    return len(rows)
