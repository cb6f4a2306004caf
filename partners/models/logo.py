"""Pictures by which one knows an institution, or the consortium itself."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

LARGEST = 100_000  # bytes: small enough to live beside the rows, in each backup and on each replica


class LogoQuerySet(models.QuerySet):
    """Logos, by who may see them; without the pictures themselves unless they are asked for."""

    def public(self):
        """Keep the logos of the consortium and of institutions that have a page."""
        return self.filter(Q(institution=None) | Q(institution__is_published=True)).defer("picture")

    def of_consortium(self):
        """Return the consortium's own, or nothing."""
        return self.filter(institution=None).defer("picture").order_by("-pk").first()


class Logo(models.Model):
    """A logo as WebP, made anew from what was uploaded: nothing else of the file comes along."""

    institution = models.OneToOneField(
        "partners.Institution",
        models.CASCADE,
        verbose_name=_("institution"),
        null=True,
        blank=True,
        related_name="logo",
        help_text=_("Whose logo it is; empty for the consortium's own."),
    )
    picture = models.BinaryField(_("picture"), max_length=LARGEST)
    width = models.PositiveSmallIntegerField(_("width"), editable=False)
    height = models.PositiveSmallIntegerField(_("height"), editable=False)
    digest = models.CharField(_("digest"), max_length=32, editable=False, db_index=True)  # of the picture, in addresses

    objects = LogoQuerySet.as_manager()

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self):
        return self.institution.name if self.institution else str(_("the consortium"))

    def get_absolute_url(self):
        return reverse("partners:logo", args=[self.digest])
