"""Rows that are edited inside the form of what they belong to."""

from django import forms
from django.contrib.admin import StackedInline, TabularInline
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from ..models import CityName, ConsortiumText, Contact, InstitutionName, Lab, Participation, RoleText
from .base import DirectoryInline, LoadedForm

NEW_LAB = "new_lab"
NO_KEY = -1  # stands for the key of a lab that has none yet


class OfNewLabForm(LoadedForm):
    """A row that may belong to a lab that the same form makes."""

    new_lab = forms.CharField(
        required=False,
        max_length=300,
        label=_("or a new lab"),
        help_text=_("The name of a lab that you add above in this form."),
    )

    def clean_new_lab(self):
        name = self.cleaned_data[NEW_LAB].strip()
        if name and self._lab_form(name) is None:
            raise ValidationError(_("No lab of this name is added above."))
        if name and self.cleaned_data.get("lab"):
            raise ValidationError(_("Choose a lab or name a new one, not both."))
        return name

    def _lab_form(self, name):
        added = self.formset.lab_forms if hasattr(self, "formset") else []
        return next((form for form in added if (form["name"].value() or "").strip() == name), None)

    def validate_constraints(self):
        """Judge the row as one of a lab, whose key is not known yet."""
        if name := self.cleaned_data.get(NEW_LAB):
            self.instance.lab_id = NO_KEY
        super().validate_constraints()
        if name:
            self.instance.lab_id = None

    def save(self, commit=True):
        if name := self.cleaned_data.get(NEW_LAB):
            self.instance.lab = self._lab_form(name).instance
        return super().save(commit)


class OfNewLab:
    """A formset whose rows know the labs that are added in the same form; see `InstitutionAdmin`."""

    lab_forms = ()

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.formset = self
        return form


class ParticipationFormSet(OfNewLab, BaseInlineFormSet):
    """The roles of one form, compared with one another; the database's rules check only single rows."""

    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            role = getattr(form, "cleaned_data", {}).get("role")
            if role is None or form in self.deleted_forms:
                continue
            taken = (role.pk, form.instance.lab_id, form.cleaned_data.get(NEW_LAB, ""))
            if taken in seen:
                raise ValidationError(_("The role “%(role)s” stands here twice."), params={"role": role})
            seen.add(taken)


class OfLab:
    """A formset of rows that belong to a lab, and so to the lab's institution."""

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.instance.institution_id = self.instance.institution_id
        return form


class LabParticipationFormSet(OfLab, ParticipationFormSet):
    """The roles of a lab."""


class WithoutHistory:
    """A formset of rows that nobody can bring back: one that somebody else saved meanwhile is not deleted untold."""

    def clean(self):
        super().clean()
        for form in self.initial_forms:
            if self._should_delete_form(form) and form.has_error(NON_FIELD_ERRORS, "conflict"):
                raise ValidationError(form.errors[NON_FIELD_ERRORS].as_data())


class ContactFormSet(WithoutHistory, OfNewLab, BaseInlineFormSet):
    """The contacts of an institution."""


class LabContactFormSet(WithoutHistory, OfLab, BaseInlineFormSet):
    """The contacts of a lab."""


class NameInline(DirectoryInline, TabularInline):
    model = InstitutionName


class CityNameInline(DirectoryInline, TabularInline):
    model = CityName


class RoleTextInline(DirectoryInline, StackedInline):
    model = RoleText


class ConsortiumTextInline(DirectoryInline, StackedInline):
    model = ConsortiumText


class LabInline(DirectoryInline, StackedInline):
    """Labs are deleted on their own page, which asks what goes along."""

    model = Lab
    can_delete = False
    # The slug has a line of its own: Django's script writes it into every input of its line.
    fields = [("name", "native_name", "native_language"), "slug", ("city", "verified_on")]
    autocomplete_fields = ["city"]
    prepopulated_fields = {"slug": ["name"]}
    show_change_link = True


class ParticipationInline(DirectoryInline, StackedInline):
    model = Participation
    form = OfNewLabForm
    formset = ParticipationFormSet
    fields = [("role", "state"), ("lab", NEW_LAB), ("since", "until"), "note"]
    autocomplete_fields = ["role", "lab"]


class LabParticipationInline(ParticipationInline):
    form = LoadedForm
    formset = LabParticipationFormSet
    fields = [("role", "state"), ("since", "until"), "note"]
    autocomplete_fields = ["role"]


CONTACT_FIELDS = [
    ("function", "mailbox"),
    ("person", "mail", "phone"),
    "visibility",
    ("basis", "basis_on"),
    "basis_source",
]


class ContactInline(DirectoryInline, StackedInline):
    model = Contact
    form = OfNewLabForm
    formset = ContactFormSet
    fields = [("lab", NEW_LAB), *CONTACT_FIELDS]
    autocomplete_fields = ["lab"]


class LabContactInline(ContactInline):
    form = LoadedForm
    formset = LabContactFormSet
    fields = CONTACT_FIELDS
    autocomplete_fields = []
