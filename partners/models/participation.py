"""Who does what in the consortium."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .choices import State, display_of
from .history import PublicHistory
from .role import Role
from .text import ComposedCharField, validate_line


class Participation(models.Model):
    """An institution, or one of its labs, in a role."""

    ORDER = ("role__group", "role__position", "pk")

    institution = models.ForeignKey(
        "partners.Institution", models.CASCADE, verbose_name=_("institution"), related_name="participations"
    )
    lab = models.ForeignKey(
        "partners.Lab",
        models.CASCADE,
        verbose_name=_("lab"),
        null=True,
        blank=True,
        related_name="participations",
        help_text=_("The lab that does it. Empty: the institution as a whole."),
    )
    role = models.ForeignKey(Role, models.PROTECT, verbose_name=_("role"), related_name="participations")
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.NOT_STATED)
    since = models.DateField(
        pgettext_lazy("participation", "since"), null=True, blank=True, help_text=_("First day. Empty: not known.")
    )
    until = models.DateField(
        pgettext_lazy("participation", "until"),
        null=True,
        blank=True,
        help_text=_("Last day. Empty: open or not known."),
    )
    note = ComposedCharField(
        _("note"),
        max_length=300,
        blank=True,
        validators=[validate_line],
        help_text=_("Shown beside the role. Everybody sees it."),
    )

    get_state_display = display_of("state", State)

    history = PublicHistory(
        verbose_name=_("historical participation"), verbose_name_plural=_("historical participations")
    )

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values),
                name="participation_state_known",
                violation_error_message=_("Choose a state from the list."),
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="participation_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.UniqueConstraint(
                fields=["institution", "role"],
                condition=Q(lab__isnull=True),
                name="participation_of_institution_once",
                violation_error_message=_("The institution has this role already: change that entry."),
            ),
            models.UniqueConstraint(
                fields=["lab", "role"],
                condition=Q(lab__isnull=False),
                name="participation_of_lab_once",
                violation_error_message=_("The lab has this role already: change that entry."),
            ),
        ]
        indexes = [models.Index(fields=["role", "state", "institution"], name="participation_role_state")]

    def __str__(self):
        return f"{self.role_id} ({self.state})"

    def clean(self):
        if self.lab and self.lab.institution_id != self.institution_id:
            raise ValidationError({"lab": _("This lab belongs to another institution.")})
