"""Labs: the units of an institution that do the work."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .former_slug import FormerSlug
from .history import PublicHistory, in_trash
from .institution import Institution
from .institution_queries import IS_PUBLISHED
from .keys import key_constraint
from .languages import tags_of
from .orders import Rank, order_terms
from .place import City, validate_language
from .text import (
    SORT_KEY_LENGTH,
    ComposedCharField,
    ComposedTextField,
    TextOfRow,
    sort_key,
    validate_line,
    validate_text,
    validate_web_address,
)


class LabQuerySet(models.QuerySet):
    """Labs, by the purpose for which they are read."""

    def published(self):
        """Keep the labs of institutions that everybody may see in lists."""
        # Not `__in`, for which SQLite reads every institution first.
        return self.filter(Exists(Institution.objects.filter(IS_PUBLISHED, pk=OuterRef("institution"))))

    def with_page(self):
        """Keep labs with a page; the address of a closed institution's lab leads on to the institution."""
        return self.published()

    def on_own_point(self):
        """Keep labs that stand at their institution's own point, which no city of a known point stands for."""
        alone = Q(institution__city=None) | Q(institution__city__latitude=None)
        at_home = self.filter(alone, city=None, institution__latitude__isnull=False)
        return at_home.select_related("institution__country", "institution__city")

    def texts(self):
        """Return (pk, text, `TextOfRow`) for every text that finds a lab: its names, and its institution's."""
        listed, other = self.order_by(), Value(TextOfRow.OTHER)
        names_of_institution = listed.filter(institution__names__isnull=False)
        return listed.values_list("pk", "name", Value(TextOfRow.NAME)).union(
            listed.exclude(native_name="").values_list("pk", "native_name", Value(TextOfRow.FURTHER_NAME)),
            listed.values_list("pk", "institution__name", other),
            names_of_institution.values_list("pk", "institution__names__value", other),
            all=True,
        )

    def in_order(self, order):
        """Order by one of `ORDERS`; ties by name, then primary key, so that pages never overlap."""
        return self.order_by(*order_terms(ORDERS[order]))


class Lab(models.Model):
    """A unit of one institution, with a place and a page of its own."""

    institution = models.ForeignKey(Institution, models.CASCADE, verbose_name=_("institution"), related_name="labs")
    name = ComposedCharField(
        _("name"), max_length=300, validators=[validate_line], help_text=_("In English or Latin letters.")
    )
    native_name = ComposedCharField(
        _("native name"),
        max_length=300,
        blank=True,
        validators=[validate_line],
        help_text=_("As the lab writes itself at home."),
    )
    native_language = models.CharField(
        _("language of the native name"),
        max_length=35,
        blank=True,
        db_default="",  # rows of a release that does not know it yet
        validators=[validate_language],
        help_text=_("BCP 47, for example ru. Empty: unknown. Visitors of this language see the native name first."),
    )
    slug = models.SlugField(
        _("address"),
        max_length=120,
        help_text=_("The last part of the page's address. After a change the old address leads here."),
    )
    sort_key = models.CharField(_("sort key"), max_length=SORT_KEY_LENGTH, editable=False)
    city = models.ForeignKey(
        City,
        models.PROTECT,
        verbose_name=_("city"),
        null=True,
        blank=True,
        related_name="labs",
        help_text=_("Only where it is another city than the institution's."),
    )
    website = models.URLField(_("website"), max_length=500, blank=True, validators=[validate_web_address])
    summary = ComposedTextField(
        _("summary"),
        blank=True,
        validators=[validate_text],
        help_text=_("What the lab does for the consortium. Everybody sees it."),
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

    objects = LabQuerySet.as_manager()
    history = PublicHistory(
        verbose_name=_("historical lab"),
        verbose_name_plural=_("historical labs"),
        excluded_fields=["sort_key", "created_at"],
    )

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("lab")
        verbose_name_plural = _("labs")
        constraints = [
            key_constraint("lab"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(slug=""),
                name="lab_has_name_and_slug",
                violation_error_message=_("A lab needs a name and an address of its own."),
            ),
            models.UniqueConstraint(
                fields=["institution", "slug"],
                name="lab_slug_once_in_institution",
                violation_error_message=_("Another lab of this institution has this address."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.sort_key = sort_key(self.name)
        super().save(**kwargs)
        before = getattr(self, "address_in_database", None)
        if before and before[0] != self.institution_id:
            self.take_along()
        FormerSlug.remember(self, self.institution, self)

    def get_absolute_url(self):
        return reverse("partners:lab-detail", args=[self.institution.slug, self.slug])

    @classmethod
    def from_db(cls, db, field_names, values):
        lab = super().from_db(db, field_names, values)
        is_known = {"slug", "institution_id"} <= set(field_names)
        lab.address_in_database = (lab.institution_id, lab.slug) if is_known else None
        return lab

    def clean(self):
        if self.verified_on and self.verified_on > timezone.localdate():
            raise ValidationError({"verified_on": _("The day of the confirmation lies in the future.")})
        is_known = getattr(self, "address_in_database", None) == (self.institution_id, self.slug)
        if is_known or "\0" in self.slug:  # PostgreSQL looks for no such thing; the field says what is wrong
            return
        if in_trash(Lab).filter(institution=self.institution_id, slug=self.slug).exists():
            raise ValidationError({"slug": _("A lab in the trash has this address: choose a new one.")})

    def is_named_at_home_in(self, language):
        """Say whether its native name is known to be in a language of the interface."""
        return bool(self.native_name) and self.native_language in tags_of(language)

    def take_along(self):
        """Let the roles and contacts of a lab that moved follow it; two queries, and three for each role."""
        for participation in self.participations.exclude(institution=self.institution_id):
            participation.institution_id = self.institution_id
            participation.save()
        self.contacts.exclude(institution=self.institution_id).update(institution=self.institution_id)

    @property
    def has_page(self):
        """Say whether `with_page()` keeps this row."""
        return self.institution.is_listed

    @property
    def place(self):
        """Return the lab's city, else its institution's, else None."""
        return self.city or self.institution.city

    @property
    def country(self):
        """Return the country of the lab's own city, else its institution's, else None."""
        return self.city.country if self.city else self.institution.country

    @property
    def point(self):
        """Return (latitude, longitude) in degrees: its own city's, else the institution's, else None."""
        if self.city is None:
            return self.institution.point
        return (self.city.latitude, self.city.longitude) if self.city.latitude is not None else None


COUNTRY = Coalesce("city__country", "institution__country")
CITY = Coalesce("city", "institution__city")
CITY_SLUG = Coalesce("city__slug", "institution__city__slug")
ORDERS = {
    "name": None,
    "country": Rank(Coalesce("city__country__sort_key", "institution__country__sort_key")),
    "verified": Rank(F("verified_on"), descending=True),
    "newest": Rank(F("created_at"), descending=True, nullable=False),
}
