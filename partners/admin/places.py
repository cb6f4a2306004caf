"""Countries and cities."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..models import City, Country, Institution
from ..models.history import record_in_bulk
from ..models.place import city_texts, country_texts
from .base import CodedAdmin
from .conflicts import ConflictForm
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


class CityForm(ConflictForm):
    """Asks before the institutions of a city change country with it."""

    takes_along = forms.BooleanField(
        required=False,
        label=_("its institutions change country too"),
        help_text=_("Only to correct a city that stood in the wrong country."),
    )

    def clean(self):
        super().clean()
        if self.instance.pk is None or "country" not in self.changed_data or self.cleaned_data.get("takes_along"):
            return
        if count := Institution.objects.filter(city=self.instance).count():
            told = ngettext(
                "%(count)d institution is in this city: tick this, and it changes country too.",
                "%(count)d institutions are in this city: tick this, and they change country too.",
                count,
            )
            raise ValidationError({"takes_along": told % {"count": count}})


@admin.register(City)
class CityAdmin(CodedAdmin):
    form = CityForm
    list_display = ["name", "country", "slug", "geonames_id", "latitude", "longitude"]
    list_filter = [("country", CountryFilter), ("geonames_id", admin.EmptyFieldListFilter)]
    list_select_related = ["country"]
    search_fields = ["name", "sort_key", "names__value", "slug"]
    vocabulary = ("slug", city_texts)
    autocomplete_fields = ["country"]
    inlines = [CityNameInline]
    fields = ["country", "takes_along", "name", "slug", "geonames_id", ("latitude", "longitude")]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        elsewhere = Institution.objects.filter(city=obj).exclude(country=obj.country_id)
        if keys := list(elsewhere.values_list("pk", flat=True)):
            Institution.objects.filter(pk__among=keys).update(country=obj.country_id)
            record_in_bulk(Institution, keys, "~", user=request.user)
