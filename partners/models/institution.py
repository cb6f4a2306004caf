"""Institutions."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .choices import Kind, NameKind, RegistryStatus, Standing, display_of
from .former_slug import FormerSlug
from .history import PublicHistory, in_trash
from .institution_queries import InstitutionQuerySet
from .institution_rules import CONSTRAINTS, FIRST_YEAR, INDEXES, LAST_YEAR, refuse_far_days
from .name import InstitutionName, first_of_kind, name_at_home
from .place import City, Country
from .registry import validate_ror_id
from .text import (
    SORT_KEY_LENGTH,
    ComposedCharField,
    ComposedTextField,
    sort_key,
    validate_line,
    validate_text,
    validate_web_address,
)


class Institution(models.Model):
    """An organisation: university, hospital, company, regulator, foundation."""

    # Names
    name = ComposedCharField(
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
        db_index=False,  # `INDEXES` has one that says more
    )
    city = models.ForeignKey(
        City,
        models.PROTECT,
        verbose_name=_("city"),
        null=True,
        blank=True,
        related_name="institutions",
        help_text=_("Empty: not stated."),
        db_index=False,  # `INDEXES` has one that says more
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
    summary = ComposedTextField(
        _("summary"),
        blank=True,
        validators=[validate_text],
        help_text=_("What it does for the consortium. Everybody sees it."),
    )
    parents = models.ManyToManyField(
        "self",
        verbose_name=_("parent organisations"),
        through="partners.InstitutionParent",
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
        db_index=False,  # `INDEXES` has a partial one
    )
    successors = models.ManyToManyField(
        "self",
        verbose_name=_("successors"),
        through="partners.InstitutionSuccessor",
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
    source_note = ComposedTextField(
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

    get_kind_display = display_of("kind", Kind)
    get_standing_display = display_of("standing", Standing)

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
        constraints = CONSTRAINTS
        indexes = INDEXES

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.sort_key = sort_key(self.name)
        super().save(**kwargs)
        FormerSlug.remember(self, self)
        InstitutionName.remember(self)

    def get_absolute_url(self):
        return reverse("partners:institution-detail", args=[self.slug])

    @classmethod
    def from_db(cls, db, field_names, values):
        institution = super().from_db(db, field_names, values)
        institution.address_in_database = (institution.pk, institution.slug) if "slug" in field_names else None
        institution.name_in_database = institution.name if "name" in field_names else None
        return institution

    def clean(self):
        if self.city and self.country_id != self.city.country_id:
            raise ValidationError({"city": _("This city lies in another country than the one chosen.")})
        if self.verified_on and self.verified_on > timezone.localdate():
            raise ValidationError({"verified_on": _("The day of the confirmation lies in the future.")})
        refuse_far_days(self)
        if self.replaced_by and self in self.replaced_by.replacements():
            raise ValidationError({"replaced_by": _("That entry is itself replaced by this one.")})
        is_known = getattr(self, "address_in_database", None) == (self.pk, self.slug)
        if is_known or "\0" in self.slug:  # PostgreSQL looks for no such thing; the field says what is wrong
            return
        if FormerSlug.objects.filter(slug=self.slug, lab=None).exclude(institution=self.pk).exists():
            raise ValidationError({"slug": _("This address led to another institution before: choose a new one.")})
        if in_trash(Institution).filter(slug=self.slug).exists():
            raise ValidationError({"slug": _("An entry in the trash has this address: choose a new one.")})

    def replacements(self):
        """Return this institution and those that replaced it, in order; one query a step; a cycle ends it."""
        chain = [self]
        while (following := chain[-1].replaced_by) and following not in chain:
            chain.append(following)
        return chain

    @property
    def has_page(self):
        """Say whether `with_page()` keeps this row."""
        return self.is_published

    @property
    def is_listed(self):
        """Say whether `published()` keeps this row."""
        return self.is_published and self.status == RegistryStatus.ACTIVE and self.replaced_by_id is None

    @property
    def native_name(self):
        """Return the name in the page's language, else the first native one, or None; see `name_at_home`.

        No query where `row_names` holds the names.
        """
        return name_at_home(self._row_names(), self.name)

    @property
    def acronym(self):
        """Return the first acronym, or None. No query where `row_names` holds the names."""
        return first_of_kind(self._row_names(), NameKind.ACRONYM)

    def _row_names(self):
        return self.row_names if hasattr(self, "row_names") else self.names.all()

    @property
    def place(self):
        """Return the city or None; a lab has the same property."""
        return self.city

    @property
    def point(self):
        """Return (latitude, longitude) in degrees: its own, else the city's, else None."""
        place = self if self.latitude is not None else self.city
        return (place.latitude, place.longitude) if place and place.latitude is not None else None
