"""How to reach an institution or a lab; persons only on a recorded basis."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .choices import Basis, Visibility
from .text import ComposedCharField, validate_line

NO_PERSON = Q(person="", mail="", phone="")
CONSENTED = Q(basis=Basis.CONSENT)
NAMED_IN_PUBLICATION = Q(basis=Basis.PUBLICATION, mail="", phone="")
ON_A_BASIS = (CONSENTED | NAMED_IN_PUBLICATION) & Q(basis_on__isnull=False) & ~Q(basis_source="")


class ContactQuerySet(models.QuerySet):
    """Who may see a contact."""

    def public(self):
        """Keep what everybody may read; the only way from a public page to a contact."""
        at_home = Q(lab=None) | Q(lab__institution=F("institution"))  # a lab may have moved by plain SQL
        return self.filter(at_home, visibility=Visibility.PUBLIC)


class Contact(models.Model):
    """A role mailbox or a person. In no file, feed or history; a search finds who is public."""

    institution = models.ForeignKey(
        "partners.Institution", models.CASCADE, verbose_name=_("institution"), related_name="contacts"
    )
    lab = models.ForeignKey(
        "partners.Lab", models.CASCADE, verbose_name=_("lab"), null=True, blank=True, related_name="contacts"
    )
    function = ComposedCharField(
        _("function"),
        max_length=120,
        blank=True,
        validators=[validate_line],
        help_text=_("For example: head of the laboratory."),
    )
    mailbox = models.EmailField(
        _("role mailbox"), blank=True, help_text=_("An address of a function, not of a person: office@…")
    )
    person = ComposedCharField(_("person's name"), max_length=200, blank=True, validators=[validate_line])
    mail = models.EmailField(_("person's mail"), blank=True)
    phone = ComposedCharField(_("person's phone"), max_length=40, blank=True, validators=[validate_line])
    visibility = models.CharField(
        _("visibility"),
        max_length=6,
        choices=Visibility,
        default=Visibility.STAFF,
        help_text=_("A person needs a basis to be public."),
    )
    basis = models.CharField(
        _("basis"),
        max_length=11,
        blank=True,
        choices=Basis,
        help_text=_("What allows the person to be shown. A publication allows name and function only."),
    )
    basis_on = models.DateField(
        _("basis since"), null=True, blank=True, help_text=_("The day of the consent or publication.")
    )
    basis_source = ComposedCharField(
        _("basis source"),
        max_length=300,
        blank=True,
        validators=[validate_line],
        help_text=_("Where the consent is filed, or the publication's title and address."),
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(
                condition=~Q(mailbox="") | ~NO_PERSON,
                name="contact_not_empty",
                violation_error_message=_("Enter a role mailbox or a person."),
            ),
            models.CheckConstraint(
                condition=Q(visibility=Visibility.STAFF) | (Q(visibility=Visibility.PUBLIC) & (NO_PERSON | ON_A_BASIS)),
                name="contact_person_public_on_a_basis",
                violation_error_message=_(
                    "A person is shown to everybody only with a basis, its date and its source. A publication allows"
                    " name and function only: keep mail and phone in another contact, for editors."
                ),
            ),
        ]

    def __str__(self):
        return self.function or self.mailbox or str(_("contact"))

    def clean(self):
        if self.lab and self.lab.institution_id != self.institution_id:
            raise ValidationError({"lab": _("This lab belongs to another institution.")})
        if self.basis_on and self.basis_on > timezone.localdate():
            raise ValidationError({"basis_on": _("The day of the basis lies in the future.")})
