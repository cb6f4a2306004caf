"""Countries and cities."""

from django.contrib import admin

from ..models import City, Country
from .base import CodedAdmin, DirectoryAdmin
from .filters import CountryFilter
from .inlines import CityNameInline


@admin.register(Country)
class CountryAdmin(CodedAdmin):
    list_display = ["name", "code", "label", "is_target"]
    list_filter = ["is_target"]
    search_fields = ["code"]  # offers the search box; the names are CLDR's and stand in no column

    def get_search_results(self, request, queryset, search_term):
        """Keep the countries whose code and names, in the directory's languages, hold every word."""
        words = search_term.casefold().split()
        texts = {country.pk: " ".join([country.code, *country.texts()]).casefold() for country in queryset}
        found = [code for code, text in texts.items() if all(word in text for word in words)]
        return queryset.filter(pk__in=found), False

    def view_on_site(self, row):
        return row.get_absolute_url()


@admin.register(City)
class CityAdmin(DirectoryAdmin):
    list_display = ["name", "country", "slug", "geonames_id", "latitude", "longitude"]
    list_filter = [("country", CountryFilter), ("geonames_id", admin.EmptyFieldListFilter)]
    list_select_related = ["country"]
    search_fields = ["name", "sort_key", "names__value", "slug"]
    autocomplete_fields = ["country"]
    inlines = [CityNameInline]
    fields = ["country", "name", "slug", "geonames_id", ("latitude", "longitude")]
