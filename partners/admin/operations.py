"""What was done to the directory, by whom, and the way back."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..entries.undo import CannotUndoError, entries_of, reasons_against, undo
from ..models import Operation

TRASH = {"kind__exact": Operation.Kind.DELETE, "undone_at__isempty": "1"}


@admin.register(Operation)
class OperationAdmin(admin.ModelAdmin):
    """A list to look things up in: operations are made by what they name, and taken back on a page of their own."""

    list_display = ["moment", "kind", "label", "user", "undone_at", "way_back"]
    list_display_links = None
    list_filter = ["kind", ("undone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user"]
    list_per_page = 50
    search_fields = ["label"]
    date_hierarchy = "moment"
    show_full_result_count = False

    def get_urls(self):
        undo_path = path(
            "<int:operation_id>/undo/", self.admin_site.admin_view(self.undo_view), name="partners_operation_undo"
        )
        return [undo_path, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        """Call what was deleted and can come back as the button does that leads there."""
        is_trash = request.GET.dict() == TRASH
        return super().changelist_view(request, {"title": _("Trash")} if is_trash else extra_context)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("partners.change_institution")

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=gettext_lazy("undo"))
    def way_back(self, done):
        if done.undone_at or not done.changes:
            return "–"
        title = _("Restore…") if done.kind == Operation.Kind.DELETE else _("Undo…")
        return format_html(
            '<a href="{}">{} <span class="visually-hidden">{}</span></a>',
            reverse("admin:partners_operation_undo", args=[done.pk]),
            title,
            done.label,
        )

    def undo_view(self, request, operation_id):
        """Say what would come back, and bring it back."""
        done = get_object_or_404(Operation, pk=operation_id)
        needed = "partners.add_institution" if done.kind == Operation.Kind.DELETE else "partners.change_institution"
        if not request.user.has_perm(needed):
            raise PermissionDenied
        reasons = reasons_against(done)
        if request.method == "POST":
            try:
                undo(done, request.user)
            except CannotUndoError as error:
                reasons = error.reasons
            except ValidationError as error:
                reasons = error.messages
            else:
                self.message_user(request, _("Done: everything is as it was before."), messages.SUCCESS)
                return self._lead_to(request, done)
        is_deletion = done.kind == Operation.Kind.DELETE
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Restore") if is_deletion else _("Undo"),
            "operation": done,
            "reasons": reasons,
            "is_deletion": is_deletion,
        }
        return TemplateResponse(request, "admin/partners/operation/undo.html", context)

    def _lead_to(self, request, done):
        for entry in (entries := entries_of(done)):
            self.log_change(request, entry, _("Undone: %(operation)s") % {"operation": done})
        if not entries:
            return redirect("admin:partners_operation_changelist")
        return redirect(f"admin:partners_{entries[0]._meta.model_name}_change", entries[0].pk)
