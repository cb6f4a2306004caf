"""What an editor can narrow a list by, beyond the values of a field."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models.institution import is_partner

FRESH = timedelta(days=365)


class CountryFilter(admin.RelatedFieldListFilter):
    """Offer the target countries and those of the list's rows; all 250 would bury the other filters."""

    def field_choices(self, field, request, model_admin):
        ordering = self.field_admin_ordering(field, request, model_admin)
        of_rows = model_admin.model.objects.order_by().values(self.field_path)
        offered = Q(is_target=True) | Q(pk__in=of_rows)
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to=offered)


class PartnerFilter(admin.SimpleListFilter):
    """Part the partners from organisations that only a registry knows."""

    title = _("partner or registry only")
    parameter_name = "partner"

    def lookups(self, request, model_admin):
        return [("yes", _("partner")), ("no", _("registry only"))]

    def queryset(self, request, queryset):
        conditions = {"yes": is_partner(), "no": ~is_partner()}
        return queryset.filter(conditions[self.value()]) if self.value() in conditions else queryset


class VerifiedFilter(admin.SimpleListFilter):
    """Find the entries that nobody has confirmed for long."""

    title = _("verified")
    parameter_name = "verified"

    def lookups(self, request, model_admin):
        return [("fresh", _("within 12 months")), ("older", _("longer ago")), ("never", _("never"))]

    def queryset(self, request, queryset):
        limit = timezone.localdate() - FRESH
        conditions = {
            "fresh": {"verified_on__gte": limit},
            "older": {"verified_on__lt": limit},
            "never": {"verified_on": None},
        }
        return queryset.filter(**conditions.get(self.value(), {}))
