"""What changed since a number: the log that the triggers write and every copy in memory reads."""

import secrets
import time
from typing import NamedTuple

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..institution import Institution

CHANGES_AT_MOST = 20_000  # rows of the log; more at once are not worth reading one by one
CHANCE_BITS = 31  # of an epoch; those above are seconds, so that later ones are larger
# Plain SQL, because every page asks the one, and the first page after an edit the other. PostgreSQL plans the newest
# number by its order sooner than by max().
NEWEST = "SELECT number FROM partners_loggedchange ORDER BY number DESC LIMIT 1"
POSITION = f"SELECT value, ({NEWEST}) FROM partners_logepoch"  # noqa: S608 - words of ours
CHANGES = """
SELECT number, shared, institution, (SELECT institution_id FROM partners_lab WHERE id = lab),
(SELECT replaced_by_id FROM partners_institution WHERE id = institution)
FROM partners_loggedchange WHERE number >= %s ORDER BY number LIMIT %s
"""


class Changes(NamedTuple):
    """What changed since a number of the log."""

    institutions: set[int]  # their keys
    shared: bool  # what institutions share is called otherwise, or there is more of it


class LoggedChange(models.Model):
    """A note that what is known of an institution changed, or what institutions share; with neither, anything may have.

    Only the triggers write rows (see `triggers`), and they delete the oldest. Numbers follow the order of the commits:
    who sees a number sees every lower one. A part of each is chance: where a server forgot edits that somebody saw, no
    later edit brings their numbers back, and a log that holds a number holds the same edits before it. The keys are no
    foreign keys, because what they name may be gone. Before a migration alters this table, it drops the triggers.
    """

    number = models.BigAutoField(_("number"), primary_key=True)
    institution = models.BigIntegerField(_("institution"), null=True)
    lab = models.BigIntegerField(_("lab"), null=True)  # where its institution may be another than the one noted
    shared = models.BooleanField(_("shared"), default=False)  # the rows of the lists are the same

    class Meta:
        verbose_name = _("logged change")
        verbose_name_plural = _("logged changes")
        default_permissions = ()

    def __str__(self):
        return str(self.number)


class LogEpoch(models.Model):
    """The one row that tells whether numbers of the log may be compared: only within one epoch."""

    id = models.PositiveSmallIntegerField(_("number"), primary_key=True, default=1, editable=False)
    value = models.BigIntegerField(_("value"))

    class Meta:
        verbose_name = _("log epoch")
        verbose_name_plural = _("log epochs")
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(id=1), name="log_epoch_is_one_row")]

    def __str__(self):
        return str(self.value)


def begin_epoch(using="default"):
    """Make every copy in memory outdated: a new epoch, larger than every earlier one, and a first row of it."""
    with transaction.atomic(using=using):
        value = (int(time.time()) << CHANCE_BITS) + secrets.randbits(CHANCE_BITS)
        last = LogEpoch.objects.using(using).values_list("value", flat=True).first() or 0
        value = max(value, last + 1)  # of the same second, or of a clock that went ahead
        LogEpoch.objects.using(using).update_or_create(id=1, defaults={"value": value})
        LoggedChange.objects.using(using).create()


def position():
    """Return (epoch, newest number) as the current snapshot sees them; one query.

    Nothing, where the log has no epoch or no row: after a flush, until it is migrated. Then nobody can tell what
    changed. Meaningless in a transaction that writes.
    """
    with connection.cursor() as cursor:
        cursor.execute(POSITION)
        return position_of(cursor.fetchone())


def position_of(row):
    """Return the same from a row that begins as that of `POSITION` does."""
    return row[:2] if row and row[1] is not None else None


def changed_since(number):
    """Return the Changes that were written after a number that `position()` gave; one query.

    A deleted institution is among them. A lab, a name or a participation that moved brings the old and the new
    institution; one that was deleted, its last one. A replaced institution brings those in its place, which are found
    by its names, with one more query a step. Nothing is returned where every institution may be concerned, where more
    than `CHANGES_AT_MOST` rows follow, and where the log does not reach back to the number: build anew then.
    """
    with connection.cursor() as cursor:
        cursor.execute(CHANGES, [number, CHANGES_AT_MOST + 2])
        rows = cursor.fetchall()
    (first, *_columns), *rows = rows or [(None,)]
    names_institutions = all(shared or institution is not None for _number, shared, institution, *_further in rows)
    if first != number or len(rows) > CHANGES_AT_MOST or not names_institutions:
        return None
    institutions = {key for _number, _shared, *keys in rows for key in keys if key is not None}
    step = {heir for *_further, heir in rows} - {None}
    while step:
        replaced = Institution.objects.filter(pk__among=step, replaced_by__isnull=False).order_by()
        step = set(replaced.values_list("replaced_by", flat=True)) - institutions
        institutions |= step
    return Changes(
        institutions=institutions,
        shared=any(shared for _number, shared, *_keys in rows),
    )
