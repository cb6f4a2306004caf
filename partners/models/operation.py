"""What brought a set of changes: a form, a file, a release of the registry, a merge."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LABEL_LENGTH = 200  # characters
_current = ContextVar("operation", default=None)


class Operation(models.Model):
    """One thing that somebody, or a command, did to the directory; records of the history point to it."""

    class Kind(models.TextChoices):
        """What it was."""

        FORM = "form", _("form")
        SEED = "seed", _("consortium file")
        IMPORT = "import", _("import of a file")
        REGISTRY = "registry", _("import of the registry")
        BULK = "bulk", _("change of several rows")
        MERGE = "merge", _("merge")
        UNMERGE = "unmerge", _("undoing of a merge")
        DELETE = "delete", _("deletion")
        RESTORE = "restore", _("restoration")
        FIRST = "first", _("state when its history began")

    kind = models.CharField(_("what"), max_length=8, choices=Kind)
    label = models.CharField(
        _("by what"), max_length=LABEL_LENGTH, blank=True, editable=False
    )  # a file's name, a release, an action
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("editor"), null=True, related_name="+"
    )
    moment = models.DateTimeField(_("moment"), default=timezone.now, db_index=True)
    undone_at = models.DateTimeField(_("undone at"), null=True)
    # What the history does not hold and an undo needs; never anything about a person. Empty: nothing can be undone.
    changes = models.JSONField(_("changes"), null=True)

    class Meta:
        ordering = ["-moment", "-pk"]
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        default_permissions = ()

    def __str__(self):
        return f"{self.get_kind_display()}: {self.label}" if self.label else self.get_kind_display()


@contextmanager
def operation(kind, label="", user=None):
    """Let every record that is written inside point to one Operation, which is yielded.

    It is saved with the first record, so that what changes nothing leaves none. Enter it around a transaction or
    inside one, never around two.
    """
    started = Operation(kind=kind, label=_as_text(label), user=user)
    token = _current.set(started)
    try:
        yield started
    finally:
        _current.reset(token)


def current_operation():
    """Return the key of the operation that goes on, or None; its row is written when it is first asked for."""
    started = _current.get()
    if started is not None and started.pk is None:
        started.save()
    return started and started.pk


def _as_text(label):
    """Return what a column can hold: the name of a file may hold bytes that are no text."""
    return str(label).encode(errors="replace").decode()[:LABEL_LENGTH]
