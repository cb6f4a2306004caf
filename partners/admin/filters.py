"""What an editor can narrow a list by, beyond the values of a field."""

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..boards.coverage import COVERING_STATES, NOT_COUNTED
from ..boards.pipeline import due
from ..entries import twins
from ..facets import FRESHNESS, freshness
from ..lists.filters import InstitutionFilter
from ..models import Country, Institution, Participation, RoleGroup
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
        code, conditions = self.value(), freshness("verified_on")
        return queryset.filter(conditions[code]) if code in conditions else queryset


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


class DueFilter(admin.SimpleListFilter):
    """A filter by what is due: the rule, and the entries it judges, are those of the pipeline and of home."""

    title = _("agreement")
    parameter_name = "due"
    badges = {"due": ("overdue", "expired"), "expiring": ("expiring",)}

    def lookups(self, request, model_admin):
        return [("due", _("due")), ("expiring", _("expires soon"))]

    def queryset(self, request, queryset):
        if self.value() not in self.badges:
            return queryset
        judged = due(InstitutionFilter.asking().results, timezone.localdate())
        return queryset.filter(
            pk__in=[agreement.institution.key for agreement in judged if agreement.badge in self.badges[self.value()]]
        )


class ContactFilter(admin.SimpleListFilter):
    """A filter by whether anybody can be reached."""

    title = _("contact")
    parameter_name = "contact"

    def lookups(self, request, model_admin):
        return [("none", _("without contact"))]

    def queryset(self, request, queryset):
        return queryset.filter(contacts=None) if self.value() == "none" else queryset


class HeldFilter(admin.SimpleListFilter):
    """A filter by whether the registry says something else than an editor."""

    title = _("registry")
    parameter_name = "held"

    def lookups(self, request, model_admin):
        return [("yes", _("held back by an editor's value"))]

    def queryset(self, request, queryset):
        if self.value() != "yes":
            return queryset
        return queryset.filter(registry_record__isnull=False).exclude(registry_record__held={})


class GapFilter(admin.SimpleListFilter):
    """A filter of the roles of the chain that nobody has in some target country, not even a prospect."""

    title = _("gap")
    parameter_name = "gap"

    def lookups(self, request, model_admin):
        return [("yes", _("in a target country, without prospect"))]

    def queryset(self, request, queryset):
        if self.value() != "yes":
            return queryset
        taken = Participation.objects.filter(
            role=OuterRef("pk"),
            state__in=COVERING_STATES,
            institution__in=Institution.objects.published().exclude(standing__in=NOT_COUNTED),
            institution__country__is_target=True,
        )
        countries = taken.order_by().values("role").annotate(count=Count("institution__country", distinct=True))
        targets = Country.objects.filter(is_target=True).count()
        covered = Coalesce(Subquery(countries.values("count")), 0)
        return queryset.filter(group=RoleGroup.CHAIN).alias(covered=covered).filter(covered__lt=targets)
