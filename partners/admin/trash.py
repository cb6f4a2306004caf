"""Deleting in the admin: the entry waits in the trash, and the editor is told where."""

from django.contrib import messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from ..entries import trash


class TrashMixin:
    """An admin whose deleted rows can come back."""

    delete_confirmation_template = "admin/partners/delete_to_trash.html"
    delete_selected_confirmation_template = "admin/partners/delete_several_to_trash.html"

    def delete_model(self, request, obj):
        deletion = trash.delete(obj, request.user)
        told = format_html(
            '{} <a href="{}">{}</a>',
            _("It waits in the trash for 90 days, without its contacts."),
            reverse("admin:partners_operation_undo", args=[deletion.pk]),
            _("Restore…"),
        )
        self.message_user(request, told, messages.INFO)

    def delete_queryset(self, request, queryset):
        for entry in queryset:
            trash.delete(entry, request.user)
