"""Entries that may be one organisation: told while a name is typed, told on saving, listed for the directory."""

from contextlib import suppress

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import OperationalError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..entries import twins
from ..models import DistinctPair, Institution
from .merging import WITH

TOLD = 5  # of the entries that may be the one that is typed
ROWS = 50  # pairs a page
KEY_LENGTH = 18  # digits; longer ones are no keys


class DismissForm(forms.ModelForm):
    """Says why two entries are different organisations."""

    first = forms.IntegerField(widget=forms.HiddenInput)
    second = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = DistinctPair
        fields = ["reason"]
        labels = {"reason": gettext_lazy("Why they are different")}

    def clean(self):
        keys = {key for key in map(self.cleaned_data.get, ("first", "second")) if key and 0 < key < 10**KEY_LENGTH}
        found = Institution.objects.filter(pk__among=keys).order_by("pk").values_list("pk", flat=True)
        if len(found) != 2:
            raise forms.ValidationError(_("One of the two has been deleted meanwhile."))
        self.instance.first_id, self.instance.second_id = found


class TwinsMixin:
    """An admin of institutions that tells of twins."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("twins/", view(self.twins_view), name="partners_institution_twins"),
            path("twins/like/", view(self.like_view), name="partners_institution_like"),
            *super().get_urls(),
        ]

    def like_view(self, request):
        """Return a fragment with the entries that may be the one that is typed; asked by the form's script."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        asked = request.GET
        names = [name[:300] for name in asked.getlist("name")[:30] if name.strip()]
        facts = {
            "ror_id": asked.get("ror_id", ""),
            "website": asked.get("website", ""),
            "city": _key(asked.get("city")),
        }
        key = _key(asked.get("key"))
        found = twins.like(names, key, **facts)[:TOLD]
        return TemplateResponse(
            request, "admin/partners/institution/like.html", {"found": self._labelled(found), "key": key, "WITH": WITH}
        )

    def twins_view(self, request):
        """List the pairs of the directory that may be one, the likeliest first; dismiss one with a reason."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = DismissForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            pair = form.instance
            DistinctPair.objects.get_or_create(
                first_id=pair.first_id, second_id=pair.second_id, defaults={"reason": pair.reason, "user": request.user}
            )
            self.message_user(request, _("Noted: they are different."), messages.SUCCESS)
            return HttpResponseRedirect(request.get_full_path())
        page = Paginator(twins.pairs(), ROWS).get_page(request.GET.get("p"))
        keys = {key for first, second, _reasons in page for key in (first, second)}
        entries = self.get_queryset(request).in_bulk(keys)
        rows = [
            (entries[first], entries[second], [twins.REASONS[reason] for reason in reasons])
            for first, second, reasons in page
            if first in entries and second in entries
        ]
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Possible twins"),
            "page": page,
            "rows": [
                (self.autocomplete_label(first), self.autocomplete_label(second), first, second, reasons)
                for first, second, reasons in rows
            ],
            "form": form,
            "total": page.paginator.count,
        }
        return TemplateResponse(request, "admin/partners/institution/twins.html", context)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if {"name", "ror_id", "website", "city"} & set(form.changed_data) or _names_changed(formsets):
            request.saved_entry = form.instance

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Warn of twins after saving, for whom no script told while typing; not before the transaction is over.

        Where the database does not answer any more, what was saved is saved, and the list of twins has it later.
        """
        response = super().changeform_view(request, object_id, form_url, extra_context)
        if entry := getattr(request, "saved_entry", None):
            with suppress(OperationalError):
                self._warn(request, entry)
        return response

    def _warn(self, request, entry):
        names = [entry.name, *entry.names.exclude(kind="acronym").values_list("value", flat=True)]
        found = twins.like(names, entry.pk, ror_id=entry.ror_id, website=entry.website, city=entry.city_id)[:TOLD]
        if not found:
            return
        others = format_html_join(
            "; ",
            '{} ({}) <a href="{}?with={}">{}</a>',
            (
                (label, ", ".join(map(str, reasons)), self._merge_url(entry.pk), other.pk, _("Merge…"))
                for other, label, reasons in self._labelled(found)
            ),
        )
        told = _("Another entry has this name: %(others)s. If it is the same organisation, keep one of them.")
        if not any(twins.NAME in reasons for _other, reasons in found):
            told = _("Another entry looks like this one: %(others)s. If it is the same organisation, keep one of them.")
        before, _mark, after = told.partition("%(others)s")
        messages.warning(request, format_html("{}{}{}", before, others, after))

    def _merge_url(self, key):
        return reverse("admin:partners_institution_merge", args=[key])

    def _labelled(self, found):
        return [
            (other, self.autocomplete_label(other), [twins.REASONS[reason] for reason in reasons])
            for other, reasons in found
        ]


def _names_changed(formsets):
    return any(formset.prefix == "names" and formset.has_changed() for formset in formsets)


def _key(text):
    """Return the key that a text says, or None."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= KEY_LENGTH else None
