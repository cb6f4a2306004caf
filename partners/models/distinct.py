"""Pairs of entries that look like one organisation and are two."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .text import ComposedCharField, validate_line


class DistinctPair(models.Model):
    """Two entries of which an editor said that they are different organisations; the smaller key comes first."""

    first = models.ForeignKey("partners.Institution", models.CASCADE, verbose_name=_("entry"), related_name="+")
    second = models.ForeignKey("partners.Institution", models.CASCADE, verbose_name=_("other entry"), related_name="+")
    reason = ComposedCharField(_("reason"), max_length=200, validators=[validate_line])
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("editor"), null=True, related_name="+"
    )
    moment = models.DateTimeField(_("moment"), default=timezone.now)

    class Meta:
        ordering = ["-moment", "-pk"]
        verbose_name = _("pair of different entries")
        verbose_name_plural = _("pairs of different entries")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_pair_in_order"),
            models.UniqueConstraint(fields=["first", "second"], name="distinct_pair_once"),
        ]

    def __str__(self):
        return self.reason
