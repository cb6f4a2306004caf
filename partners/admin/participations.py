"""Who does what."""

from django.contrib import admin

from ..models import Participation
from .base import DirectoryAdmin
from .filters import CountryFilter


@admin.register(Participation)
class ParticipationAdmin(DirectoryAdmin):
    list_display = ["institution", "lab", "role", "state", "since", "until"]
    list_filter = ["state", "role", ("institution__country", CountryFilter)]
    list_select_related = ["institution", "lab", "role"]
    date_hierarchy = "since"
    search_fields = ["institution__name", "institution__sort_key", "lab__name", "role__name", "note"]
    autocomplete_fields = ["institution", "lab", "role"]
    ordering = ["institution__sort_key", "institution", "role__group", "role__position", "pk"]
