"""The roles that somebody can have in the consortium."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .choices import RoleGroup
from .history import PublicHistory
from .languages import TextInLanguage, text_of
from .text import ComposedCharField, ComposedTextField, validate_line, validate_text


class Role(models.Model):
    """A function in the consortium: a row that editors maintain, never code."""

    code = models.SlugField(
        _("code"), max_length=60, primary_key=True, help_text=_("Stands in addresses and files; keep it short.")
    )
    group = models.CharField(
        _("group"),
        max_length=12,
        choices=RoleGroup,
        help_text=_("Links of the chain are what the coverage is counted for."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), help_text=_("Order inside the group; for the chain, the order of work.")
    )
    name = ComposedCharField(_("name"), max_length=120, validators=[validate_line], help_text=_("Everybody sees it."))
    definition = ComposedTextField(
        _("definition"),
        blank=True,
        validators=[validate_text],
        help_text=_("What a partner does who has this role. Everybody sees it."),
    )

    history = PublicHistory(  # whoever had it names it when it is gone
        verbose_name=_("historical role"),
        verbose_name_plural=_("historical roles"),
        excluded_fields=["group", "position", "definition"],
    )

    class Meta:
        ordering = ["group", "position", "code"]
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name=""),
                name="role_has_code_and_name",
                violation_error_message=_("A role needs a code and a name."),
            ),
            models.CheckConstraint(
                condition=~Q(code="none"),
                name="role_code_not_reserved",
                violation_error_message=_("The code “none” means “no role” in addresses: choose another."),
            ),
            models.CheckConstraint(
                condition=Q(group__in=RoleGroup.values),
                name="role_group_known",
                violation_error_message=_("Choose one of the three groups."),
            ),
            models.UniqueConstraint(
                fields=["group", "position"],
                name="role_position_once",
                violation_error_message=_("Another role of this group stands at this position."),
            ),
        ]

    def __str__(self):
        return text_of(self, RoleText, "name")

    def get_absolute_url(self):
        return reverse("partners:role-detail", args=[self.code])

    @property
    def meaning(self):
        """Return the definition in the page's language, else in English."""
        return text_of(self, RoleText, "definition")


class RoleText(TextInLanguage):
    """A role's name and definition in another language."""

    owner = "role"

    role = models.ForeignKey(Role, models.CASCADE, verbose_name=_("role"), related_name="texts")
    name = ComposedCharField(
        _("name"), max_length=120, blank=True, validators=[validate_line], help_text=_("Everybody sees it.")
    )
    definition = ComposedTextField(_("definition"), blank=True, validators=[validate_text])

    class Meta:
        ordering = ["language"]
        verbose_name = _("text in another language")
        verbose_name_plural = _("texts in other languages")
        constraints = [
            models.UniqueConstraint(
                fields=["role", "language"],
                name="role_text_once_a_language",
                violation_error_message=_("The role has its text in this language already."),
            )
        ]


def role_texts():
    """Yield (code, text, whether it is a name) for names and definitions in every language, and codes. Two queries."""
    for code, name, definition in Role.objects.order_by().values_list("code", "name", "definition"):
        yield from ((code, name, True), (code, definition, False), (code, code, False))
    for code, name, definition in RoleText.objects.order_by().values_list("role", "name", "definition"):
        yield from ((code, name, True), (code, definition, False))
