"""One change of many rows: chosen in a list, shown as a preview, written at once, taken back within a day."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.db import OperationalError, transaction
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..imports.edited_list.rules import broken_rules
from ..models import City, Country, Institution, Kind, Operation, Participation, Role, Standing, State
from ..models.bulk import Writes
from ..models.deadline import unhurried
from ..models.operation import operation
from .file_imports import for_importers

AT_MOST = 50_000  # rows
SHOWN = 200  # rows of the preview
YES_NO = [("", "---------"), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]
LEAVE = [("", "---------")]
DAYS = ("expected_on", "signed_on", "valid_until", "verified_on")
EMPTY = dict.fromkeys(("country", "city", *DAYS)) | {"standing": ""}  # what an entry may lack, and its lack


def _label(name):
    return str(Institution._meta.get_field(name).verbose_name).capitalize()


class SeveralForm(forms.Form):
    """What changes in every row; what is left empty stays as it is, unless it is to be emptied."""

    keys = forms.RegexField(r"\A\d{1,18}(,\d{1,18})*\Z", widget=forms.HiddenInput, max_length=2_000_000)
    kind = forms.ChoiceField(choices=[*LEAVE, *Kind.choices], required=False)
    country = forms.ModelChoiceField(Country.objects.all(), required=False)
    city = forms.ModelChoiceField(City.objects.none(), required=False, to_field_name="slug", widget=forms.TextInput)
    standing = forms.ChoiceField(choices=[*LEAVE, *Standing.choices], required=False)
    expected_on = forms.DateField(required=False, widget=AdminDateWidget)
    signed_on = forms.DateField(required=False, widget=AdminDateWidget)
    valid_until = forms.DateField(required=False, widget=AdminDateWidget)
    verified_on = forms.DateField(required=False, widget=AdminDateWidget)
    is_published = forms.ChoiceField(choices=YES_NO, required=False)
    emptied = forms.MultipleChoiceField(
        choices=lambda: [(name, _label(name)) for name in EMPTY],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Empty these values"),
    )
    role = forms.ModelChoiceField(Role.objects.all(), required=False, label=gettext_lazy("Add the role"))
    state = forms.ChoiceField(
        choices=[*LEAVE, *State.choices],
        required=False,
        label=gettext_lazy("its state"),
        help_text=gettext_lazy("Empty: not stated where the role is new; where it is there already, its state stays."),
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)  # the digest of the preview

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["city"].queryset = City.objects.all()
        self.fields["city"].help_text = _("Its code, for example ru-kazan.")
        for name in ("kind", "country", "city", "standing", *DAYS, "is_published"):
            self.fields[name].label = _label(name)

    def clean(self):
        """Refuse a form that changes nothing, or one value in two ways.

        :raises ValidationError: then.
        """
        cleaned = super().clean()
        self.changes = {
            name: cleaned[name]
            for name in ("kind", "country", "city", "standing", *DAYS)
            if cleaned.get(name) not in (None, "")
        }
        if cleaned.get("is_published"):
            self.changes["is_published"] = cleaned["is_published"] == "yes"
        for name in cleaned.get("emptied", ()):
            if name in self.changes:
                self.add_error(name, _("Write a value or empty it, not both."))
            self.changes[name] = EMPTY[name]
        if not self.errors and not self.changes and not cleaned.get("role"):
            raise forms.ValidationError(_("Say what is to change."))
        return cleaned


@dataclass
class Several:
    """What a change does to each row: those that change with their old values, those that cannot, the rest."""

    changed: list = field(default_factory=list)  # (entry, [(name of the field, old value)])
    refused: list = field(default_factory=list)  # (entry, what stands against it)
    unchanged: int = 0
    writes: Writes = field(default_factory=Writes)

    @property
    def digest(self):
        """Return what tells whether the same rows change in the same way as in a preview."""
        changed = [(row.pk, differences) for row, differences in self.changed]
        return hashlib.sha256(repr(changed).encode()).hexdigest()


def change(rows, changes, role=None, state=""):
    """Return the Several of a change of institutions; nothing is written. One query for the roles."""
    several = Several()
    rows = list(rows)
    roles = {}
    if role is not None:
        own = Participation.objects.filter(institution__among=[row.pk for row in rows], lab=None, role=role)
        roles = {one.institution_id: one for one in own}
    for row in rows:
        old = [(name, getattr(row, name)) for name, value in changes.items() if getattr(row, name) != value]
        for name, _value in old:
            setattr(row, name, changes[name])
        if broken := broken_rules(row, [name for name, _value in old]):
            several.refused.append((row, " ".join(one for of_field in broken.values() for one in of_field)))
            continue
        differences = [(_label(name), _in_words(value), _in_words(changes[name])) for name, value in old]
        several.writes.change(row, [name for name, _value in old])
        if role is not None and (part := _role(roles.get(row.pk), row, role, state, several.writes)):
            differences.append(part)
        if differences:
            several.changed.append((row, differences))
        else:
            several.unchanged += 1
    return several


def _role(participation, row, role, state, writes):
    if participation is None:
        state = state or State.NOT_STATED
        writes.add(Participation(institution=row, role=role, state=state))
        return str(role), "–", str(State(state).label)
    if not state or participation.state == state:
        return None
    old, participation.state = participation.state, state
    writes.change(participation, ["state"])
    return str(role), str(State(old).label), str(State(state).label)


def _in_words(value):
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return date_format(value)
    return "–" if value in (None, "") else str(value)


@admin.action(description=gettext_lazy("Change these entries…"), permissions=["change"])
def change_several(modeladmin, request, queryset):
    """Ask what is to change in the ticked rows."""
    keys = list(queryset.order_by().values_list("pk", flat=True)[: AT_MOST + 1])
    if len(keys) > AT_MOST:
        message = _("Too many at once. Filter the list to %(most)d entries at most; nothing was changed.")
        modeladmin.message_user(request, message % {"most": AT_MOST}, messages.ERROR)
        return None
    return modeladmin.several_page(request, SeveralForm(initial={"keys": ",".join(map(str, keys))}), len(keys))


class SeveralAdmin:
    """The address below the list of institutions where one change of many rows is shown and written."""

    def get_urls(self):
        """Put this before the admin's own, which end with one that answers every address."""
        guarded = partial(for_importers, self.admin_site)
        return [path("several/", guarded(self.several_view), name="partners_institution_several"), *super().get_urls()]

    def several_view(self, request):
        """Show what a change does, and write it when the page says so."""
        if request.method != "POST":
            return redirect("admin:partners_institution_changelist")
        form = SeveralForm(request.POST)
        if not form.is_valid():
            count = len(request.POST.get("keys", "").split(","))
            return self.several_page(request, form, count)
        keys = list(map(int, form.cleaned_data["keys"].split(",")))[:AT_MOST]
        part = {"role": form.cleaned_data["role"], "state": form.cleaned_data["state"]}
        rows = Institution.objects.filter(pk__among=keys).select_related("city", "country").order_by("sort_key", "pk")
        if "write" not in request.POST:
            with unhurried():
                return self.several_page(request, form, len(keys), change(rows, form.changes, **part))
        try:
            with unhurried(), operation(Operation.Kind.BULK, _named(form), request.user), transaction.atomic():
                several = change(rows.select_for_update(of=["self"]), form.changes, **part)
                if is_as_shown := form.cleaned_data["shown"] == several.digest:
                    several.writes.save(user=request.user)
        except OperationalError:
            form.add_error(None, _("Somebody else is writing just now. Nothing was written: press the button again."))
            return self.several_page(request, form, len(keys))
        if not is_as_shown:
            form.add_error(None, _("This is not what was shown before. Look again, then press the button."))
            return self.several_page(request, form, len(keys), several)
        count = len(several.changed)
        message = ngettext("%(count)d entry was changed.", "%(count)d entries were changed.", count) % {"count": count}
        messages.success(request, f"{message} {_('For a day it can be undone.')}")
        return redirect(reverse("admin:partners_institution_undo"))

    def several_page(self, request, form, count, several=None):
        """Return the form, with a preview where it was filled in."""
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Change several entries"),
            "form": form,
            "count": count,
            "several": several,
            "shown": several.changed[:SHOWN] if several else [],
            "refused": several.refused[:SHOWN] if several else [],
            "media": self.media + form.media,
        }
        return render(request, "admin/partners/several.html", context)


def _named(form):
    names = [_label(name) for name in form.changes]
    return ", ".join([*names, *([str(form.cleaned_data["role"])] if form.cleaned_data["role"] else [])])
