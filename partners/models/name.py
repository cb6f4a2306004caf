"""The further names of an institution."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .choices import NameKind, display_of
from .history import PublicHistory
from .languages import tags_of
from .place import validate_language
from .text import ComposedCharField, sort_key, validate_line

SPOKEN = (NameKind.NATIVE, NameKind.OFFICIAL, NameKind.ALIAS)  # kinds of names that people use in their language


def name_at_home(names, name):
    """Return the name in the page's language, else the first native one, or None.

    A name in the page's language is passed over if it repeats `name`, the one shown first.
    """
    tags = tags_of(get_language())
    spoken = [other for other in names if other.language in tags and other.kind in SPOKEN and other.value != name]
    return min(spoken, key=lambda other: SPOKEN.index(other.kind), default=None) or first_of_kind(
        names, NameKind.NATIVE
    )


def first_of_kind(names, kind):
    """Return the first name of a kind, or None."""
    return next((name for name in names if name.kind == kind), None)


class InstitutionNameQuerySet(models.QuerySet):
    """Further names, by the purpose for which they are read."""

    def of_rows(self):
        """Keep what the rows of lists show: native names and acronyms, and names in the page's language."""
        spoken = Q(kind__in=SPOKEN, language__in=tags_of(get_language()))
        return self.filter(Q(kind__in=[NameKind.NATIVE, NameKind.ACRONYM]) | spoken)


class InstitutionName(models.Model):
    """Another name of an institution."""

    institution = models.ForeignKey(
        "partners.Institution", models.CASCADE, verbose_name=_("institution"), related_name="names"
    )
    value = ComposedCharField(_("name"), max_length=300, validators=[validate_line])
    kind = models.CharField(_("kind"), max_length=15, choices=NameKind)
    language = models.CharField(
        _("language"),
        max_length=35,
        blank=True,
        validators=[validate_language],
        help_text=_("BCP 47, for example ru. Empty: unknown."),
    )
    source = ComposedCharField(
        _("source"),
        max_length=200,
        blank=True,
        validators=[validate_line],
        help_text=_("Who uses this name. Everybody sees it."),
    )

    get_kind_display = display_of("kind", NameKind)

    objects = InstitutionNameQuerySet.as_manager()
    history = PublicHistory(verbose_name=_("historical name"), verbose_name_plural=_("historical names"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("name")
        verbose_name_plural = _("names")
        constraints = [
            models.CheckConstraint(
                condition=~Q(value=""), name="institution_name_not_empty", violation_error_message=_("Write the name.")
            ),
            models.CheckConstraint(
                condition=Q(kind__in=NameKind.values),
                name="institution_name_kind_known",
                violation_error_message=_("Choose the kind of name."),
            ),
            models.UniqueConstraint(
                fields=["institution", "kind", "language", "value"],
                name="institution_name_once",
                violation_error_message=_("The institution has this name already."),
            ),
        ]

    def __str__(self):
        return self.value

    @classmethod
    def remember(cls, institution):
        """Record the name that a saved institution had in the database, if it changed; only then some queries."""
        before = getattr(institution, "name_in_database", None)
        now = institution.name_in_database = institution.name
        if before and before != now:
            is_public = type(institution).history.filter(id=institution.pk, name=before, is_published=True).exists()
            names = cls.objects.filter(institution=institution)
            new, outdated = cls.after_renaming(institution, before if is_public else None, names)
            for name in outdated:
                name.delete()
            for name in new:
                name.save()

    @classmethod
    def after_renaming(cls, institution, before, names):
        """Return (names to add, names to delete) where an institution has another name than before, from those it has.

        The one before is a former name, unless another one says the same but for case, accents and alphabet, by which
        it is found anyhow; pass none where only a draft had it. What is the name again is no former one.
        """
        known = {sort_key(value) for value in [institution.name, *(name.value for name in names)]}
        is_lost = before is not None and sort_key(before) not in known
        new = [cls(institution=institution, value=before, kind=NameKind.FORMER)] if is_lost else []
        return new, [name for name in names if name.kind == NameKind.FORMER and name.value == institution.name]
