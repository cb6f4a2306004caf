"""Links from one institution to another, each with its history."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .history import PublicHistory, record_in_bulk


class LinkQuerySet(models.QuerySet):
    """Links; those that a field of many adds leave records, as saved and deleted ones do."""

    def bulk_create(self, objs, *args, **options):
        """Write links with a record of each; one statement more."""
        links = super().bulk_create(objs, *args, **options)
        if links:
            record_in_bulk(self.model, [link.pk for link in links], "+")
        return links

    def above(self, keys):
        """Return the keys of all that institutions lead to, over any number of steps; one query a step."""
        found, step = set(), set(keys)
        while step:
            step = set(self.filter(from_institution__in=step).values_list("to_institution", flat=True)) - found
            found |= step
        return found


class InstitutionParent(models.Model):
    """An organisation that an institution belongs to."""

    from_institution = models.ForeignKey(
        "partners.Institution", models.CASCADE, verbose_name=_("institution"), related_name="+"
    )
    to_institution = models.ForeignKey(
        "partners.Institution", models.CASCADE, verbose_name=_("parent organisation"), related_name="+"
    )

    objects = LinkQuerySet.as_manager()
    history = PublicHistory(
        verbose_name=_("historical parent organisation"), verbose_name_plural=_("historical parent organisations")
    )

    class Meta:
        db_table = "partners_institution_parents"
        verbose_name = _("parent organisation")
        verbose_name_plural = _("parent organisations")
        default_permissions = ()
        unique_together = [("from_institution", "to_institution")]  # as the table has had it from the beginning

    def __str__(self):
        return str(self.to_institution)

    def clean(self):
        """Refuse a circle."""
        if self.from_institution_id == self.to_institution_id:
            raise ValidationError(_("An institution does not belong to itself."))
        if self.from_institution_id in type(self).objects.above([self.to_institution_id]):
            raise ValidationError(
                _("%(parent)s belongs to this institution already."), params={"parent": self.to_institution}
            )


class InstitutionSuccessor(models.Model):
    """One of several institutions that took the place of another."""

    from_institution = models.ForeignKey(
        "partners.Institution", models.CASCADE, verbose_name=_("institution"), related_name="+"
    )
    to_institution = models.ForeignKey(
        "partners.Institution", models.CASCADE, verbose_name=_("successor"), related_name="+"
    )

    objects = LinkQuerySet.as_manager()
    history = PublicHistory(verbose_name=_("historical successor"), verbose_name_plural=_("historical successors"))

    class Meta:
        db_table = "partners_institution_successors"
        verbose_name = _("successor")
        verbose_name_plural = _("successors")
        default_permissions = ()
        unique_together = [("from_institution", "to_institution")]  # as the table has had it from the beginning

    def __str__(self):
        return str(self.to_institution)
