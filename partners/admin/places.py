"""Countries and cities."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ..models import City, Country
from ..models.place import city_texts, country_texts
from .base import CodedAdmin, DirectoryAdmin
from .filters import CountryFilter
from .inlines import CityNameInline


@admin.register(Country)
class CountryAdmin(CodedAdmin):
    list_display = ["name", "code", "label", "is_target"]
    list_filter = ["is_target"]
    search_fields = ["code"]  # offers the search box; the names are CLDR's and stand in no column
    vocabulary = ("code", country_texts)

    @admin.display(description=_("name"))
    def name(self, country):
        return country.name

    def view_on_site(self, row):
        return row.get_absolute_url()


@admin.register(City)
class CityAdmin(DirectoryAdmin):
    list_display = ["name", "country", "slug", "geonames_id", "latitude", "longitude"]
    list_filter = [("country", CountryFilter), ("geonames_id", admin.EmptyFieldListFilter)]
    list_select_related = ["country"]
    search_fields = ["name", "sort_key", "names__value", "slug"]
    vocabulary = ("slug", city_texts)
    autocomplete_fields = ["country"]
    inlines = [CityNameInline]
    fields = ["country", "name", "slug", "geonames_id", ("latitude", "longitude")]
