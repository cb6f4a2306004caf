"""What an editor can narrow a list by, beyond the values of a field."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from ..entries import twins
from ..facets import FRESHNESS, freshness
from ..models.institution_queries import is_partner


class CountryFilter(admin.RelatedFieldListFilter):
    """A choice of the target countries and those of the list's rows; all 250 would bury the other filters."""

    def field_choices(self, field, request, model_admin):
        ordering = self.field_admin_ordering(field, request, model_admin)
        has_rows = Exists(model_admin.model.objects.filter(**{self.field_path: OuterRef("pk")}))
        offered = Q(is_target=True) | Q(has_rows)
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to=offered)


class PartnerFilter(admin.SimpleListFilter):
    """A filter that separates partners from organisations that only a registry knows."""

    title = _("partner or registry only")
    parameter_name = "partner"

    def lookups(self, request, model_admin):
        return [("yes", _("partner")), ("no", _("registry only"))]

    def queryset(self, request, queryset):
        conditions = {"yes": is_partner(), "no": ~is_partner()}
        return queryset.filter(conditions[self.value()]) if self.value() in conditions else queryset


class VerifiedFilter(admin.SimpleListFilter):
    """A filter by when somebody last confirmed an entry."""

    title = _("verified")
    parameter_name = "verified"

    def lookups(self, request, model_admin):
        return FRESHNESS

    def queryset(self, request, queryset):
        code = self.value()
        return queryset.filter(freshness("verified_on", code)) if code in dict(FRESHNESS) else queryset


class TwinFilter(admin.SimpleListFilter):
    """A filter for entries that may be the same organisation as another one."""

    title = _("possible twin")
    parameter_name = "twin"

    def lookups(self, request, model_admin):
        return [("yes", _("yes"))]

    def queryset(self, request, queryset):
        if self.value() != "yes":
            return queryset
        return queryset.filter(pk__among={key for *pair, _reasons in twins.pairs() for key in pair})
