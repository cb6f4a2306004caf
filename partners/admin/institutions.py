"""Institutions, their names and their former addresses."""

from django.contrib import admin, messages
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from ..lists.filters import InstitutionFilter
from ..models import FormerSlug, Institution, InstitutionName, NameKind
from .actions import mark_as_verified
from .base import DirectoryAdmin
from .filters import CountryFilter, PartnerFilter, VerifiedFilter
from .inlines import ContactInline, LabInline, NameInline, ParticipationInline

NAMESAKES = 3  # named in the warning


@admin.register(Institution)
class InstitutionAdmin(DirectoryAdmin):
    list_display = ["name", "native_name", "country", "city", "kind", "standing", "is_published", "verified_on"]
    list_filter = [
        "is_published",
        PartnerFilter,
        "standing",
        "kind",
        ("country", CountryFilter),
        "participations__role",
        "status",
        VerifiedFilter,
    ]
    public_list = InstitutionFilter
    search_fields = ["name", "sort_key", "names__value", "ror_id", "slug"]
    actions = [mark_as_verified]
    autocomplete_fields = ["country", "city", "parents", "replaced_by", "successors"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [NameInline, ParticipationInline, LabInline, ContactInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", "is_published"]}),
        (_("Place"), {"fields": ["country", "city", ("latitude", "longitude")]}),
        (_("Facts"), {"fields": ["website", "founded", "summary", "parents"]}),
        (_("Agreement"), {"fields": ["standing", ("expected_on", "signed_on", "valid_until")]}),
        (_("Registry"), {"fields": ["ror_id", "funds_research", "status", "replaced_by", "successors"]}),
        (_("Trust"), {"fields": ["source_note", "verified_on"]}),
    ]

    def get_queryset(self, request):
        native_names = InstitutionName.objects.filter(kind=NameKind.NATIVE)
        rows = super().get_queryset(request).select_related("country", "city")
        return rows.prefetch_related(Prefetch("names", native_names, to_attr="row_names"))

    @admin.display(description=_("native name"))
    def native_name(self, institution):
        return institution.native_name

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "name" in form.changed_data and (others := self._namesakes(request, obj)):
            message = _("Another entry has this name: %(others)s. If it is the same organisation, keep one of them.")
            messages.warning(request, message % {"others": "; ".join(map(self.autocomplete_label, others))})

    def _namesakes(self, request, institution):
        """Return some other entries with the same sort key: names are not unique, but two entries may be one."""
        return self.get_queryset(request).filter(sort_key=institution.sort_key).exclude(pk=institution.pk)[:NAMESAKES]

    def autocomplete_label(self, row):
        return " · ".join(str(part) for part in [row.name, row.native_name, row.city or row.country] if part)

    def view_on_site(self, row):
        return row.get_absolute_url() if row.has_page else None


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
