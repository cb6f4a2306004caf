"""What the directory stores from the Research Organization Registry: its ids and the values of the last import."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

ROR_PREFIX = "https://ror.org/"
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"  # base 32 without i, l, o, u
_FORM = re.compile(rf"{re.escape(ROR_PREFIX)}0([{_CROCKFORD}]{{6}})([0-9]{{2}})\Z")


def validate_ror_id(value):
    """Accept a full ROR address whose two last digits fit the six letters before them.

    The checksum is ISO/IEC 7064 MOD 97-10 over the base 32 number, as ROR's documentation of its ids says.

    :raises ValidationError: when the form or the checksum is wrong.
    """
    match = _FORM.match(value)
    if match is None:
        raise ValidationError(_("Write the whole ROR address, for example https://ror.org/05256ym39."), code="ror_form")
    number = 0
    for letter in match[1]:
        number = number * 32 + _CROCKFORD.index(letter)
    if 98 - number * 100 % 97 != int(match[2]):
        raise ValidationError(_("This ROR id has a typing error: its check digits do not fit."), code="ror_checksum")


class RegistryRecord(models.Model):
    """What the last import wrote into an institution, so that the next one can tell an editor's value from its own."""

    institution = models.OneToOneField(
        "partners.Institution",
        models.CASCADE,
        verbose_name=_("institution"),
        primary_key=True,
        related_name="registry_record",
        editable=False,
    )
    values = models.JSONField(_("values"), editable=False)
    held = models.JSONField(_("held back by an editor's value"), default=dict, editable=False)  # {field: its value}
    refused = models.JSONField(_("refused for good"), default=list, editable=False)  # names of fields

    class Meta:
        verbose_name = _("registry record")
        verbose_name_plural = _("registry records")

    def __str__(self):
        return str(self.pk)
