"""What was done to many rows at once on this day, and the button that takes it back."""

from django.contrib import messages
from django.db import IntegrityError, OperationalError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import Operation
from ..models.deadline import unhurried
from ..models.undo import FOR, KINDS, can_be_undone, undo
from .file_imports import for_importers

NAMED = 20  # entries that were left


class UndoAdmin:
    """The addresses below the list of institutions by which imports and changes of several rows are taken back."""

    def get_urls(self):
        """Put these before the admin's own, which end with one that answers every address."""
        return [
            path("undo/", for_importers(self.admin_site, self.undoable_view), name="partners_institution_undo"),
            path(
                "undo/<int:pk>/", for_importers(self.admin_site, self.undo_view), name="partners_institution_undo_one"
            ),
            *super().get_urls(),
        ]

    def undoable_view(self, request):
        """Name what can be taken back."""
        recent = Operation.objects.filter(kind__in=KINDS, moment__gte=timezone.now() - FOR).select_related("user")
        return self._undo_page(request, "admin/partners/undoable.html", operations=recent)

    def undo_view(self, request, pk):
        """Ask, and take back."""
        one = Operation.objects.filter(pk=pk, kind__in=KINDS).select_related("user").first()
        if one is None:
            raise Http404
        if request.method != "POST":
            return self._undo_page(request, "admin/partners/undo.html", one=one, is_open=can_be_undone(one))
        try:
            with unhurried():
                count, left = undo(one, request.user)
        except Operation.DoesNotExist:
            messages.error(request, _("This cannot be undone any more."))
        except IntegrityError:
            messages.error(request, _("Nothing was undone: a role, a city or a lab that it needs is gone by now."))
        except OperationalError:
            messages.error(request, _("Somebody else is writing just now. Nothing was undone: try again."))
        else:
            message = ngettext("%(count)d entry is what it was.", "%(count)d entries are what they were.", count)
            messages.success(request, message % {"count": count})
            if left:
                names = "; ".join(left[:NAMED]) + "; …" * (len(left) > NAMED)
                message = _("Left as they are, because they were edited since: %(names)s")
                messages.warning(request, message % {"names": names})
        return redirect(reverse("admin:partners_institution_undo"))

    def _undo_page(self, request, template, **context):
        frame = self.admin_site.each_context(request) | {"opts": self.opts, "title": _("Imports and changes of a day")}
        return render(request, template, frame | context)
