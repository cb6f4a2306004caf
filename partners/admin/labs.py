"""Labs."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from ..lists.filters import LabFilter
from ..models import Institution, Lab
from ..models.institution_queries import IS_PUBLISHED
from .actions import mark_as_verified
from .base import DirectoryAdmin
from .file_imports import FileImportAdmin
from .filters import CountryFilter, VerifiedFilter
from .history import HistoryMixin
from .inlines import LabContactInline, LabParticipationInline
from .trash import TrashMixin


@admin.register(Lab)
class LabAdmin(HistoryMixin, TrashMixin, FileImportAdmin, DirectoryAdmin):
    list_display = ["name", "native_name", "institution", "city", "verified_on"]
    list_filter = [
        ("institution__country", CountryFilter),
        "institution__is_published",
        "participations__role",
        VerifiedFilter,
    ]
    public_list = LabFilter
    in_public_list = Exists(Institution.objects.filter(IS_PUBLISHED, pk=OuterRef("institution")))
    search_fields = ["name", "sort_key", "native_name", "slug", "institution__name"]
    actions = [mark_as_verified]
    autocomplete_fields = ["institution", "city"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [LabParticipationInline, LabContactInline]
    fieldsets = [
        (None, {"fields": ["institution", "name", "native_name", "native_language", "slug", "city"]}),
        (_("Facts"), {"fields": ["website", "summary"]}),
        (_("Trust"), {"fields": ["source_note", "verified_on"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("institution__city", "city")

    def autocomplete_label(self, row):
        return " · ".join(str(part) for part in [row.name, row.institution, row.place] if part)

    def view_on_site(self, row):
        return row.get_absolute_url() if row.has_page else None
