"""Former addresses of institutions and labs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FormerSlug(models.Model):
    """An address that an institution or a lab had before, stored so that old links lead on."""

    slug = models.SlugField(_("address"), max_length=120)
    institution = models.ForeignKey(
        "partners.Institution", models.CASCADE, verbose_name=_("institution"), related_name="former_slugs"
    )
    lab = models.ForeignKey(
        "partners.Lab", models.CASCADE, verbose_name=_("lab"), null=True, blank=True, related_name="former_slugs"
    )

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(lab__isnull=True),
                name="former_slug_of_one_institution",
                violation_error_message=_("This address led to another institution before."),
            ),
            models.UniqueConstraint(
                fields=["institution", "slug"],
                condition=Q(lab__isnull=False),
                name="former_slug_of_one_lab",
                violation_error_message=_("This address led to another lab before."),
            ),
        ]

    def __str__(self):
        return self.slug

    @classmethod
    def remember(cls, entry, institution, lab=None):
        """Record the address that a saved entry had in the database, if it changed; only then some queries.

        An address that two labs of an institution had leads to the one that had it last.
        """
        before = getattr(entry, "address_in_database", None)
        now = entry.address_in_database = (institution.pk, entry.slug)
        if before and before != now:
            cls.objects.filter(institution=institution, lab=lab, slug=entry.slug).delete()
            institution_id, slug = before
            cls.objects.update_or_create(
                institution_id=institution_id, slug=slug, lab__isnull=lab is None, defaults={"lab": lab}
            )
