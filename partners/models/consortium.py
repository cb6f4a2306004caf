"""The consortium whose directory this is."""

import uuid
from copy import copy

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .languages import TextInLanguage, text_of
from .text import ComposedCharField, ComposedTextField, validate_line, validate_text, validate_web_address


class Consortium(models.Model):
    """The one row that says whose directory this is."""

    id = models.PositiveSmallIntegerField(_("number"), primary_key=True, default=1, editable=False)
    name = ComposedCharField(
        _("name"), max_length=300, validators=[validate_line], help_text=_("The title of the home page.")
    )
    short_name = ComposedCharField(
        _("short name"),
        max_length=60,
        validators=[validate_line],
        help_text=_("Stands in the head of every page and in file names."),
    )
    story = ComposedTextField(
        _("story"),
        blank=True,
        validators=[validate_text],
        help_text=_("Shown on the home page; an empty line parts paragraphs."),
    )

    # Data
    sources = ComposedTextField(
        _("sources"),
        blank=True,
        validators=[validate_text],
        help_text=_("Where the entries come from; shown on “About the data”."),
    )
    licence = ComposedCharField(
        _("licence"),
        max_length=200,
        blank=True,
        validators=[validate_line],
        help_text=_("The licence of the data, by its full name."),
    )
    licence_url = models.URLField(
        _("web address of the licence"),
        blank=True,
        validators=[validate_web_address],
        help_text=_("Where the licence can be read."),
    )
    citation = ComposedTextField(
        _("citation"),
        blank=True,
        validators=[validate_text],
        help_text=_("How to cite the directory; shown on “About the data”."),
    )
    correction_mailbox = models.EmailField(
        _("correction mailbox"),
        blank=True,
        help_text=_(
            "A role mailbox. When it is set, every entry offers “Suggest a correction” to it. Everybody sees it."
        ),
    )

    # Programs
    seed = models.UUIDField(_("seed of ids"), default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = _("consortium")
        verbose_name_plural = _("consortium")
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="consortium_is_one_row",
                violation_error_message=_("There is one consortium: change the row that is there."),
            )
        ]

    def __str__(self):
        return self.name

    def urn(self, *names):
        """Return the `urn:uuid` of something in feeds and calendars, the same at whatever address it is asked for."""
        return uuid.uuid5(self.seed, "/".join(map(str, names))).urn

    def as_read(self):
        """Return a copy in the page's language as far as it has texts; never save it. One query, none in English."""
        reading = copy(self)
        for field in WORDED:
            setattr(reading, field, text_of(self, ConsortiumText, field))
        return reading


class ConsortiumText(TextInLanguage):
    """The consortium's texts in another language."""

    owner = "consortium"

    consortium = models.ForeignKey(Consortium, models.CASCADE, verbose_name=_("consortium"), related_name="texts")
    name = ComposedCharField(_("name"), max_length=300, blank=True, validators=[validate_line])
    short_name = ComposedCharField(_("short name"), max_length=60, blank=True, validators=[validate_line])
    story = ComposedTextField(_("story"), blank=True, validators=[validate_text])
    sources = ComposedTextField(_("sources"), blank=True, validators=[validate_text])
    citation = ComposedTextField(_("citation"), blank=True, validators=[validate_text])

    class Meta:
        ordering = ["language"]
        verbose_name = _("text in another language")
        verbose_name_plural = _("texts in other languages")
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "language"],
                name="consortium_text_once_a_language",
                violation_error_message=_("The consortium has its texts in this language already."),
            )
        ]


WORDED = ("name", "short_name", "story", "sources", "citation")
