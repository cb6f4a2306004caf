"""The constraints and the indexes of institutions."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .choices import Kind, RegistryStatus, Standing
from .institution_queries import PUBLISHED
from .keys import key_constraint
from .place import point_constraints
from .registry import ROR_PREFIX

FIRST_YEAR, LAST_YEAR = 500, 2100  # the registry's oldest hospitals date from the seventh century
YEARS_AHEAD = {"signed_on": 1, "expected_on": 10, "valid_until": 100}  # a day beyond is a typing error
CONSTRAINTS = [
    key_constraint("institution"),
    models.CheckConstraint(
        condition=~Q(name=""),
        name="institution_has_name",
        violation_error_message=_("An institution needs a name."),
    ),
    models.CheckConstraint(
        condition=~Q(slug="") & ~Q(slug="none"),
        name="institution_has_slug",
        violation_error_message=_("An institution needs an address of its own; “none” is taken."),
    ),
    models.UniqueConstraint(
        fields=["ror_id"],
        condition=~Q(ror_id=""),
        name="institution_ror_id_once",
        violation_error_message=_("Another institution has this ROR id."),
    ),
    models.CheckConstraint(
        condition=Q(ror_id="") | Q(ror_id__startswith=ROR_PREFIX),
        name="institution_ror_id_is_address",
        violation_error_message=_("Write the whole ROR address, for example https://ror.org/05256ym39."),
    ),
    models.CheckConstraint(
        condition=Q(kind__in=Kind.values),
        name="institution_kind_known",
        violation_error_message=_("Choose a kind."),
    ),
    models.CheckConstraint(
        condition=Q(standing="") | Q(standing__in=Standing.values),
        name="institution_standing_known",
        violation_error_message=_("Choose a standing from the list, or none."),
    ),
    models.CheckConstraint(
        condition=Q(status__in=RegistryStatus.values),
        name="institution_status_known",
        violation_error_message=_("Choose a registry status from the list."),
    ),
    models.CheckConstraint(
        condition=Q(founded__isnull=True) | Q(founded__gte=FIRST_YEAR, founded__lte=LAST_YEAR),
        name="institution_founded_in_range",
        violation_error_message=_("The year of foundation lies between 500 and 2100."),
    ),
    models.CheckConstraint(
        condition=Q(expected_on__isnull=True) | ~Q(standing=""),
        name="institution_expected_on_needs_standing",
        violation_error_message=_("A date is expected for an agreement: choose its standing."),
    ),
    models.CheckConstraint(
        condition=Q(signed_on__isnull=True, valid_until__isnull=True)
        | Q(standing__in=[Standing.SIGNED, Standing.SUSPENDED, Standing.FORMER]),
        name="institution_dates_need_agreement",
        violation_error_message=_("A signing or last day belongs to an agreement that is signed, suspended or former."),
    ),
    models.CheckConstraint(
        condition=Q(signed_on__isnull=True) | Q(valid_until__isnull=True) | Q(valid_until__gte=F("signed_on")),
        name="institution_agreement_ends_after_start",
        violation_error_message=_("The agreement's last day lies before its signature."),
    ),
    models.CheckConstraint(
        condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("id")),
        name="institution_not_replaced_by_itself",
        violation_error_message=_("An institution cannot be replaced by itself."),
    ),
    *point_constraints("institution"),
]
# Partial, because SQLite uses no plain index for `is_published` (counts of 31,000 rows: 19 ms, with it 1.5 ms).
INDEXES = [
    models.Index(fields=["sort_key", "id"], name="institution_by_name"),  # the editors' list
    models.Index(fields=["sort_key", "id"], condition=PUBLISHED, name="published_by_name"),
    models.Index(fields=["-created_at", "sort_key", "id"], condition=PUBLISHED, name="published_by_newest"),
    models.Index(fields=["verified_on"], condition=PUBLISHED, name="published_by_verified"),
    models.Index(fields=["country", "sort_key", "id"], condition=PUBLISHED, name="published_by_country"),
    models.Index(fields=["city", "sort_key", "id"], condition=PUBLISHED, name="published_by_city"),
    models.Index(fields=["kind", "sort_key", "id"], condition=PUBLISHED, name="published_by_kind"),
    models.Index(fields=["standing", "sort_key", "id"], condition=PUBLISHED, name="published_by_standing"),
    # With what PUBLISHED asks, or SQLite looks for each row of a key's index in the table: to count the countries of
    # 120,000 takes 14 ms, without it 140.
    models.Index(fields=["country", "is_published", "status", "replaced_by"], name="institution_by_country"),
    models.Index(fields=["city", "is_published", "status", "replaced_by"], name="institution_by_city"),
    # Those that nobody replaced are nearly all, and yet SQLite looked for them in an index of all, before any other.
    models.Index(fields=["replaced_by"], condition=Q(replaced_by__isnull=False), name="replaced_by_heir"),
]


def refuse_far_days(institution):
    """Refuse days of the agreement that lie too far ahead.

    :raises ValidationError: for each such day.
    """
    today = timezone.localdate()
    far = {
        name: _("This day lies more than %(years)d years ahead: a typing error?") % {"years": years}
        for name, years in YEARS_AHEAD.items()
        if (day := getattr(institution, name)) and day > today + datetime.timedelta(days=366 * years)
    }
    if far:
        raise ValidationError(far)
