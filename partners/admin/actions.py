"""What an editor can do to the ticked rows of a list."""

from django.contrib import admin, messages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


@admin.action(description=_("Mark as verified today"), permissions=["change"])
@transaction.atomic
def mark_as_verified(modeladmin, request, queryset):
    """Write today's date into the ticked rows; each is saved by itself, so that its history tells of it."""
    today = timezone.localdate()
    rows = list(queryset.exclude(verified_on=today))
    for row in rows:
        row.verified_on = today
        row.save(update_fields=["verified_on"])
        modeladmin.log_change(request, row, [{"changed": {"fields": ["Verified on"]}}])
    count = len(rows)
    told = ngettext("%(count)d entry marked as verified today.", "%(count)d entries marked as verified today.", count)
    modeladmin.message_user(request, told % {"count": count}, messages.SUCCESS)
