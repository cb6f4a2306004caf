"""The history of an institution or a lab: who changed what, when, by what, and the way back."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from ..entries.versions import Versions, restore_value, restore_version

STEPS = 50  # a page


class HistoryMixin:
    """An admin whose history shows values and brings them back."""

    def history_view(self, request, object_id, extra_context=None):
        """Show the steps of an entry, newest first; restore what is posted."""
        entry = self.get_object(request, unquote(object_id))
        if entry is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, entry):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_change_permission(request, entry):
                raise PermissionDenied
            with transaction.atomic():
                if entry := self.get_object(request, unquote(object_id)):  # locked until it is restored
                    self._restore(request, entry, Versions(entry))
            return HttpResponseRedirect(request.get_full_path())
        versions = Versions(entry)
        pages = Paginator(versions.steps(), STEPS)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Change history: %s") % entry,
            "entry": entry,
            "newest": versions.newest,
            "page": pages.get_page(request.GET.get("p")),
            "may_restore": self.has_change_permission(request, entry),
        }
        return TemplateResponse(request, "admin/partners/history.html", context | (extra_context or {}))

    def _restore(self, request, entry, versions):
        if request.POST.get("newest") != versions.newest:
            told = _("Somebody else changed this entry since you opened its history. Look at it again, then restore.")
            self.message_user(request, told, messages.ERROR)
            return
        try:
            if value := request.POST.get("value"):
                kind, key, name = _parts(value, 3)
                row = restore_value(versions, kind, key, name, request.user)
            else:
                kind, key = _parts(request.POST.get("version", ""), 2)
                row = restore_version(versions, kind, key, request.user)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return
        told = _("Restored: %(row)s") % {"row": row}
        self.log_change(request, entry, told)
        self.message_user(request, told, messages.SUCCESS)


def _parts(text, count):
    """Return what a button names: kind of row, key of its record, and of a value the field."""
    kind, *rest = text.split(".")
    if len(rest) != count - 1 or not rest[0].isdecimal():
        raise ValidationError(_("This is not in the history of the entry."))
    return kind, int(rest[0]), *rest[1:]
