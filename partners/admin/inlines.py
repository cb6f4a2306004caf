"""Rows that are edited inside the form of what they belong to."""

from django.contrib.admin import StackedInline, TabularInline
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from ..models import CityName, ConsortiumText, Contact, InstitutionName, Lab, Participation, RoleText
from .base import DirectoryInline


class ParticipationFormSet(BaseInlineFormSet):
    """The roles of one form, compared with one another; the database's rules check only single rows."""

    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            role = getattr(form, "cleaned_data", {}).get("role")
            if role is None or form in self.deleted_forms:
                continue
            if (role.pk, form.instance.lab_id) in seen:
                raise ValidationError(_("The role “%(role)s” stands here twice."), params={"role": role})
            seen.add((role.pk, form.instance.lab_id))


class OfLab:
    """A formset of rows that belong to a lab, and so to the lab's institution."""

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.instance.institution_id = self.instance.institution_id
        return form


class LabParticipationFormSet(OfLab, ParticipationFormSet):
    """The roles of a lab."""


class LabContactFormSet(OfLab, BaseInlineFormSet):
    """The contacts of a lab."""


class NameInline(DirectoryInline, TabularInline):
    model = InstitutionName


class CityNameInline(DirectoryInline, TabularInline):
    model = CityName


class RoleTextInline(DirectoryInline, StackedInline):
    model = RoleText


class ConsortiumTextInline(DirectoryInline, StackedInline):
    model = ConsortiumText


class LabInline(DirectoryInline, TabularInline):
    model = Lab
    fields = ["name", "native_name", "slug", "city", "verified_on"]
    autocomplete_fields = ["city"]
    prepopulated_fields = {"slug": ["name"]}
    show_change_link = True


class ParticipationInline(DirectoryInline, TabularInline):
    model = Participation
    formset = ParticipationFormSet
    fields = ["role", "lab", "state", "since", "until", "note"]
    autocomplete_fields = ["role", "lab"]


class LabParticipationInline(ParticipationInline):
    formset = LabParticipationFormSet
    fields = ["role", "state", "since", "until", "note"]
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
    fields = ["lab", *CONTACT_FIELDS]
    autocomplete_fields = ["lab"]


class LabContactInline(ContactInline):
    formset = LabContactFormSet
    fields = CONTACT_FIELDS
    autocomplete_fields = []
