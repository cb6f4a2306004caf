"""Institutions."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .choices import Kind, NameKind, RegistryStatus, Standing
from .former_slug import FormerSlug
from .history import PublicHistory
from .keys import key_constraint
from .name import InstitutionName, first_of_kind, name_at_home
from .orders import Rank, order_terms
from .participation import Participation
from .place import City, Country, point_constraints
from .registry import ROR_PREFIX, validate_ror_id
from .text import SORT_KEY_LENGTH, TextOfRow, sort_key, validate_line, validate_text, validate_web_address

FIRST_YEAR, LAST_YEAR = 500, 2100  # the oldest hospitals of the registry are of the seventh century
PUBLISHED = Q(is_published=True, status=RegistryStatus.ACTIVE, replaced_by__isnull=True)


def is_partner():
    """Return the condition that parts partners from organisations that only a registry knows.

    Not `pk__in`: what does not fit into its `work_mem`, PostgreSQL reads again for each row.
    """
    return ~Q(standing="") | Exists(Participation.objects.filter(institution=OuterRef("pk")))


class InstitutionQuerySet(models.QuerySet):
    """The purposes institutions are read for."""

    def published(self):
        """Keep what everybody may see in lists: published, active and not replaced."""
        return self.filter(PUBLISHED)

    def partners(self):
        """Keep institutions with a standing or a participation; the others come from a registry only."""
        return self.filter(is_partner())

    def texts(self):
        """Return (pk, text, `TextOfRow`) for all that an institution is found by: its names, and those of its labs."""
        listed = self.order_by()
        return listed.values_list("pk", "name", Value(TextOfRow.NAME)).union(
            listed.filter(names__isnull=False).values_list("pk", "names__value", Value(TextOfRow.FURTHER_NAME)),
            listed.filter(labs__isnull=False).values_list("pk", "labs__name", Value(TextOfRow.OTHER)),
            all=True,
        )

    def in_order(self, order):
        """Order by one of `ORDERS`; ties by name, then primary key, so that pages never overlap."""
        return self.order_by(*order_terms(ORDERS[order]))

    def for_display(self):
        """Load what a row shows: place, the names of rows, participations, labs. Five queries in all."""
        row_names = InstitutionName.objects.of_rows()
        return self.select_related("country", "city").prefetch_related(
            Prefetch("names", row_names, to_attr="row_names"),
            Prefetch("participations", Participation.objects.select_related("role").order_by(*Participation.ORDER)),
            "labs",
        )


class Institution(models.Model):
    """An organisation: university, hospital, company, regulator, foundation."""

    # Names
    name = models.CharField(
        _("name"),
        max_length=300,
        validators=[validate_line],
        help_text=_("The name shown first, in English or Latin letters. Other names go below."),
    )
    slug = models.SlugField(
        _("address"),
        max_length=120,
        unique=True,
        help_text=_("The last part of the page's address. After a change the old address leads here."),
    )
    sort_key = models.CharField(_("sort key"), max_length=SORT_KEY_LENGTH, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)

    # Place
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        verbose_name=_("country"),
        null=True,
        blank=True,
        related_name="institutions",
        help_text=_("Empty: not stated."),
    )
    city = models.ForeignKey(
        City,
        models.PROTECT,
        verbose_name=_("city"),
        null=True,
        blank=True,
        related_name="institutions",
        help_text=_("Empty: not stated."),
    )
    latitude = models.FloatField(
        _("latitude"),
        null=True,
        blank=True,
        help_text=_("Only where the institution's own point is known; else the city's is used."),
    )
    longitude = models.FloatField(_("longitude"), null=True, blank=True, help_text=_("Degrees east."))

    # Facts
    website = models.URLField(_("website"), max_length=500, blank=True, validators=[validate_web_address])
    founded = models.PositiveSmallIntegerField(
        _("founded"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
        help_text=_("The year. Empty: not known."),
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        validators=[validate_text],
        help_text=_("What it does for the consortium. Everybody sees it."),
    )
    parents = models.ManyToManyField(
        "self",
        verbose_name=_("parent organisations"),
        symmetrical=False,
        blank=True,
        related_name="children",
        help_text=_("Organisations it belongs to."),
    )

    # Registry
    ror_id = models.CharField(
        _("ROR id"),
        max_length=30,
        blank=True,
        validators=[validate_ror_id],
        help_text=_("The whole address, for example https://ror.org/05256ym39. Empty: none known."),
    )
    funds_research = models.BooleanField(
        _("funds research"), default=False, help_text=_("The registry names it as a funder of research.")
    )
    status = models.CharField(
        _("registry status"),
        max_length=9,
        choices=RegistryStatus,
        default=RegistryStatus.ACTIVE,
        help_text=_("Only active institutions stand in the lists; the page of another one says what became of it."),
    )
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("replaced by"),
        null=True,
        blank=True,
        related_name="replaces",
        help_text=_("The entry that took its place: visitors are led there, and this one leaves the lists."),
    )
    successors = models.ManyToManyField(
        "self",
        verbose_name=_("successors"),
        symmetrical=False,
        blank=True,
        related_name="predecessors",
        help_text=_("Where several took its place: its page links to them."),
    )

    # Agreement
    standing = models.CharField(
        _("standing"),
        max_length=9,
        blank=True,
        choices=Standing,
        help_text=_("Where the agreement with it is. Empty: none."),
    )
    expected_on = models.DateField(
        _("expected on"),
        null=True,
        blank=True,
        help_text=_("The day the signature is expected. Empty: unknown, and the page says so."),
    )
    signed_on = models.DateField(
        _("signed on"), null=True, blank=True, help_text=_("The day of the signature. Empty: unknown.")
    )
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The agreement's last day. Empty: unknown.")
    )

    # Entry
    is_published = models.BooleanField(
        _("published"), default=True, help_text=_("Unticked, only editors see the entry, its labs and its contacts.")
    )
    source_note = models.TextField(
        _("source note"),
        blank=True,
        validators=[validate_text],
        help_text=_("Where these facts come from. Everybody sees it."),
    )
    verified_on = models.DateField(
        _("verified on"),
        null=True,
        blank=True,
        help_text=_("The day somebody confirmed that the entry is right. Empty: never."),
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    objects = InstitutionQuerySet.as_manager()
    history = PublicHistory(
        verbose_name=_("historical institution"),
        verbose_name_plural=_("historical institutions"),
        excluded_fields=["sort_key", "created_at"],
        indexes=[
            models.Index(fields=["id", "history_date"], condition=Q(is_published=False), name="record_of_draft"),
        ],
    )

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        constraints = [
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
                violation_error_message=_(
                    "A signing or last day belongs to an agreement that is signed, suspended or former."
                ),
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
        indexes = [
            models.Index(fields=["sort_key", "id"], condition=PUBLISHED, name="published_by_name"),
            models.Index(fields=["-created_at", "sort_key", "id"], condition=PUBLISHED, name="published_by_newest"),
            models.Index(fields=["verified_on"], condition=PUBLISHED, name="published_by_verified"),
            models.Index(fields=["country", "sort_key", "id"], condition=PUBLISHED, name="published_by_country"),
            models.Index(fields=["city", "sort_key", "id"], condition=PUBLISHED, name="published_by_city"),
            models.Index(fields=["kind", "sort_key", "id"], condition=PUBLISHED, name="published_by_kind"),
            models.Index(fields=["standing", "sort_key", "id"], condition=PUBLISHED, name="published_by_standing"),
        ]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.sort_key = sort_key(self.name)
        super().save(**kwargs)
        FormerSlug.remember(self, self)

    def get_absolute_url(self):
        return reverse("partners:institution-detail", args=[self.slug])

    @classmethod
    def from_db(cls, db, field_names, values):
        institution = super().from_db(db, field_names, values)
        institution.address_in_database = (institution.pk, institution.slug) if "slug" in field_names else None
        return institution

    def clean(self):
        if self.city and self.country_id != self.city.country_id:
            raise ValidationError({"city": _("This city lies in another country than the one chosen.")})
        if self.verified_on and self.verified_on > timezone.localdate():
            raise ValidationError({"verified_on": _("The day of the confirmation lies in the future.")})
        if self.replaced_by and self in self.replaced_by.replacements():
            raise ValidationError({"replaced_by": _("That entry is itself replaced by this one.")})
        if FormerSlug.objects.filter(slug=self.slug, lab=None).exclude(institution=self.pk).exists():
            raise ValidationError({"slug": _("This address led to another institution before: choose a new one.")})

    def replacements(self):
        """Return this institution and those that replaced it, in order; one query a step, a cycle is cut."""
        chain = [self]
        while (following := chain[-1].replaced_by) and following not in chain:
            chain.append(following)
        return chain

    @property
    def is_listed(self):
        """Say whether `published()` keeps this row."""
        return self.is_published and self.status == RegistryStatus.ACTIVE and self.replaced_by_id is None

    @property
    def native_name(self):
        """Return the name in the page's language, else the first native one, or nothing.

        The display name is never repeated. After `for_display()` without a query.
        """
        return name_at_home(self._row_names(), self.name)

    @property
    def acronym(self):
        """Return the first acronym, or nothing. After `for_display()` without a query."""
        return first_of_kind(self._row_names(), NameKind.ACRONYM)

    def _row_names(self):
        return self.row_names if hasattr(self, "row_names") else self.names.all()

    @property
    def place(self):
        """Return the city or nothing; a lab answers the same question."""
        return self.city

    @property
    def point(self):
        """Return (latitude, longitude) in degrees: its own, else the city's, else nothing."""
        place = self if self.latitude is not None else self.city
        return (place.latitude, place.longitude) if place and place.latitude is not None else None


ORDERS = {
    "name": None,
    "country": Rank(F("country__sort_key")),
    "verified": Rank(F("verified_on"), descending=True),
    "newest": Rank(F("created_at"), descending=True, nullable=False),
}
