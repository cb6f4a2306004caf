"""The consortium's own texts."""

from django.contrib import admin
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from ..models import Consortium
from .base import DirectoryAdmin
from .inlines import ConsortiumTextInline


@admin.register(Consortium)
class ConsortiumAdmin(DirectoryAdmin):
    """One row: the list leads to it, and no second one is offered."""

    inlines = [ConsortiumTextInline]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "story"]}),
        (_("Data"), {"fields": ["sources", ("licence", "licence_url"), "citation", "correction_mailbox"]}),
    ]

    def changelist_view(self, request, extra_context=None):
        row = Consortium.objects.first()
        if row is None:
            return redirect("admin:partners_consortium_add")
        return redirect("admin:partners_consortium_change", row.pk)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Consortium.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False
