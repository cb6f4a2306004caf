"""The page on which two entries of one organisation become one."""

import hashlib
import json

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from ..entries.merge import CannotMergeError, merge, refuse
from ..entries.merge_preview import KEPT, OTHER, field_choices, moving, role_choices
from ..entries.rows import rows_of
from ..models import Institution

WITH = "with"  # the parameter that names the other entry


class OtherForm(forms.Form):
    """Asks for the other entry, with the autocomplete that tells namesakes apart."""

    use_required_attribute = False  # HTML allows none on a list that has no values yet

    def __init__(self, *args, admin, request, **kwargs):
        super().__init__(*args, **kwargs)
        link = Institution._meta.get_field("replaced_by")
        field = forms.ModelChoiceField(
            admin.get_queryset(request), label=_("The other entry"), widget=AutocompleteSelect(link, admin.admin_site)
        )
        field.label_from_instance = admin.autocomplete_label
        self.fields[WITH] = field


class MergeForm(forms.Form):
    """One choice for each thing that the two have differently, and a digest of what the editor saw."""

    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, kept, other, **kwargs):
        self.state = hashlib.sha256(
            json.dumps(sorted(map(repr, rows_of([kept.pk, other.pk]).items()))).encode()
        ).hexdigest()
        super().__init__(*args, initial={"shown": self.state}, **kwargs)
        self.entries = field_choices(kept, other)
        self.roles = role_choices(kept, other)
        for key, choice in self._keyed():
            if choice.differs:
                values = [(KEPT, choice.kept or "–"), (OTHER, choice.other or "–")]
                self.fields[key] = forms.ChoiceField(
                    choices=values, initial=choice.proposed, label=choice.label, widget=forms.RadioSelect
                )

    def _keyed(self):
        yield from ((choice.key, choice) for choice in self.entries)
        yield from ((f"role-{choice.key}", choice) for choice in self.roles)

    def rows(self):
        """Return [(choice, its field or nothing)] of what stands side by side."""
        return [(choice, self[key] if key in self.fields else None) for key, choice in self._keyed()]

    def clean_shown(self):
        if self.cleaned_data["shown"] != self.state:
            self.data = self.data.copy()
            self.data["shown"] = self.state
            for name, field in self.fields.items():  # what differs only since has not been chosen yet
                self.data.setdefault(name, field.initial)
            raise ValidationError(
                _("Somebody else changed one of the two since you opened this page. Look at both again, then merge.")
            )
        return self.state


class MergeMixin:
    """An admin of institutions that can make one of two."""

    def get_urls(self):
        merge_path = path(
            "<path:object_id>/merge/", self.admin_site.admin_view(self.merge_view), name="partners_institution_merge"
        )
        return [merge_path, *super().get_urls()]

    def merge_view(self, request, object_id):
        """Ask for the other entry, show both side by side, make one of them."""
        kept = self._entry(request, unquote(object_id))
        if not request.GET.get(WITH):
            return self._ask_for_other(request, kept)
        other = self._entry(request, request.GET[WITH])
        try:
            refuse(kept, other)
            with transaction.atomic():
                return self._merge(request, kept, other)
        except CannotMergeError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect("admin:partners_institution_merge", kept.pk)

    def _entry(self, request, key):
        try:
            entry = self.get_queryset(request).filter(pk=key).first()
        except (ValueError, ValidationError, OverflowError):
            entry = None
        if entry is None:
            raise Http404
        if not self.has_change_permission(request, entry):
            raise PermissionDenied
        return entry

    def _ask_for_other(self, request, kept):
        form = OtherForm(request.GET or None, admin=self, request=request)
        context = self._context(request, kept) | {"form": form, "media": self.media + form.media}
        return TemplateResponse(request, "admin/partners/institution/merge_with.html", context)

    def _merge(self, request, kept, other):
        posted = request.POST or None
        if posted:  # nobody changes one of them between the question whether it is as shown, and the merge
            list(Institution.objects.select_for_update().filter(pk__in=[kept.pk, other.pk]).order_by("pk"))
            kept, other = (self._entry(request, entry.pk) for entry in (kept, other))
        form = MergeForm(posted, kept=kept, other=other)
        if posted and form.is_valid():
            try:
                with transaction.atomic():
                    done = merge(kept, other, form.cleaned_data, request.user)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                return self._told(request, kept, other, done)
        context = self._context(request, kept) | {
            "form": form,
            "other": other,
            "moving": moving(kept, other),
            "turned": f"{reverse('admin:partners_institution_merge', args=[other.pk])}?{WITH}={kept.pk}",
            "becomes_public": kept.is_published and not other.is_published,
        }
        return TemplateResponse(request, "admin/partners/institution/merge.html", context)

    def _told(self, request, kept, other, done):
        told = _("Merged: %(other)s") % {"other": other.name}
        for entry in (kept, other):
            self.log_change(request, entry, str(done))
        undo = format_html(
            '{}. <a href="{}">{}</a>', told, reverse("admin:partners_operation_undo", args=[done.pk]), _("Undo…")
        )
        self.message_user(request, undo, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:partners_institution_change", args=[kept.pk]))

    def _context(self, request, kept):
        return self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Merge with another entry"),
            "kept": kept,
            "media": self.media,
        }
