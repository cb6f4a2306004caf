"""Institutions, their names and their former addresses."""

from django.contrib import admin
from django.contrib.admin.checks import ModelAdminChecks
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from ..lists.filters import InstitutionFilter
from ..models import FormerSlug, Institution, InstitutionName, InstitutionParent, Lab, NameKind
from ..models.institution_queries import IS_PUBLISHED
from .actions import mark_as_verified
from .base import DirectoryAdmin
from .conflicts import ConflictForm
from .file_imports import FileImportAdmin
from .filters import ContactFilter, CountryFilter, DueFilter, HeldFilter, PartnerFilter, TwinFilter, VerifiedFilter
from .history import HistoryMixin
from .inlines import ContactInline, LabInline, NameInline, ParticipationInline
from .merging import MergeMixin
from .registry import RegistryAdmin
from .several import SeveralAdmin, change_several
from .trash import TrashMixin
from .twins import TwinsMixin
from .undoing import UndoAdmin


class InstitutionForm(ConflictForm):
    """Refuses parents that would make a circle."""

    def clean_parents(self):
        parents = self.cleaned_data["parents"]
        for parent in parents if self.instance.pk else ():
            InstitutionParent(from_institution=self.instance, to_institution=parent).clean()
        return parents


class ChecksOfLinks(ModelAdminChecks):
    """Django's checks, which take fields of links with a history for fields that no form shows."""

    def _check_field_spec_item(self, obj, field_name, label):
        return [one for one in super()._check_field_spec_item(obj, field_name, label) if one.id != "admin.E013"]


@admin.register(Institution)
class InstitutionAdmin(
    *(MergeMixin, TwinsMixin, HistoryMixin, TrashMixin),
    *(RegistryAdmin, SeveralAdmin, UndoAdmin, FileImportAdmin),
    DirectoryAdmin,
):
    list_display = ["name", "native_name", "country", "city", "kind", "standing", "is_published", "verified_on"]
    list_filter = [
        "is_published",
        PartnerFilter,
        "standing",
        DueFilter,
        ContactFilter,
        HeldFilter,
        "kind",
        ("country", CountryFilter),
        "participations__role",
        "status",
        VerifiedFilter,
        TwinFilter,
    ]
    public_list = InstitutionFilter
    in_public_list = IS_PUBLISHED
    checks_class = ChecksOfLinks
    search_fields = ["name", "sort_key", "names__value", "ror_id", "slug"]
    actions = [mark_as_verified, change_several]
    autocomplete_fields = ["country", "city", "parents", "replaced_by", "successors"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["registry_says"]
    form = InstitutionForm
    inlines = [NameInline, LabInline, ParticipationInline, ContactInline]  # labs are saved before what belongs to them
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", "is_published"]}),
        (_("Place"), {"fields": ["country", "city", ("latitude", "longitude")]}),
        (_("Facts"), {"fields": ["website", "founded", "summary", "parents"]}),
        (_("Agreement"), {"fields": ["standing", ("expected_on", "signed_on", "valid_until")]}),
        (
            _("Registry"),
            {"fields": ["ror_id", "registry_says", "funds_research", "status", "replaced_by", "successors"]},
        ),
        (_("Trust"), {"fields": ["source_note", "verified_on"]}),
    ]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Return the field of links that have a history, which Django leaves out."""
        widget = AutocompleteSelectMultiple(db_field, self.admin_site)
        return db_field.formfield(queryset=self.get_field_queryset(None, db_field, request), widget=widget)

    def get_queryset(self, request):
        native_names = InstitutionName.objects.filter(kind=NameKind.NATIVE)
        rows = super().get_queryset(request).select_related("country", "city")
        return rows.prefetch_related(Prefetch("names", native_names, to_attr="row_names"))

    @admin.display(description=_("native name"))
    def native_name(self, institution):
        return institution.native_name

    def _create_formsets(self, request, obj, change):
        """Let rows of roles and contacts find the labs that the same form adds."""
        formsets, inlines = super()._create_formsets(request, obj, change)
        if request.method == "POST":
            labs = [form for formset in formsets if formset.model is Lab for form in formset.extra_forms]
            for formset in formsets:
                formset.lab_forms = labs
        return formsets, inlines

    def autocomplete_label(self, row):
        return " · ".join(str(part) for part in [row.name, row.native_name, row.city or row.country] if part)

    def view_on_site(self, row):
        return row.get_absolute_url() if row.has_page else None

    def save_model(self, request, obj, form, change):
        """Save an entry; whether its old name is a former one is only known when the names of the form are saved."""
        form.name_before, obj.name_in_database = getattr(obj, "name_in_database", None), None
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        """Save what belongs to an entry, then its former name where it needs one."""
        super().save_related(request, form, formsets, change)
        form.instance.name_in_database = form.name_before
        InstitutionName.remember(form.instance)


@admin.register(InstitutionName)
class InstitutionNameAdmin(DirectoryAdmin):
    list_display = ["value", "kind", "language", "institution", "source"]
    list_filter = ["kind"]
    list_select_related = ["institution"]
    search_fields = ["value", "institution__name", "institution__sort_key"]
    autocomplete_fields = ["institution"]


@admin.register(FormerSlug)
class FormerSlugAdmin(DirectoryAdmin):
    """Former addresses, which saving records; here an editor can look one up, and remove it on purpose."""

    list_display = ["slug", "institution", "lab"]
    list_filter = [("lab", admin.EmptyFieldListFilter)]
    list_select_related = ["institution", "lab"]
    search_fields = ["slug", "institution__name", "lab__name"]
    ordering = ["slug", "pk"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
