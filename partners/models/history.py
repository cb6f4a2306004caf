"""The history of every change that a visitor could see."""

from django.db import connection, models
from django.db.models import Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .operation import Operation, current_operation

INDEXED = ("id", "institution", "from_institution")  # what records are looked up by, besides their date
NAMES = {  # of the fields that each record has besides those of its row
    "history_id": _("number"),
    "history_date": _("moment"),
    "history_change_reason": _("reason"),
    "history_type": _("action"),
    "history_user": _("editor"),
}


class OfOperation(models.Model):
    """A record that says what brought it; one from before operations were recorded says nothing."""

    operation = models.ForeignKey(
        Operation, models.PROTECT, verbose_name=_("operation"), null=True, default=current_operation, related_name="+"
    )

    class Meta:
        abstract = True


class PublicHistory(HistoricalRecords):
    """A record of a row's public fields after each save and delete; a save that changes none of them leaves none.

    `bulk_create()`, `bulk_update()` and `update()` bypass it: call `record_in_bulk()` after them.
    Each save of an existing row costs one query more, which finds out whether something changed.
    """

    def __init__(self, indexes=(), **options):
        self.indexes = indexes
        super().__init__(history_id_field=models.BigAutoField(), bases=(OfOperation,), **options)

    def copy_fields(self, model):
        fields = super().copy_fields(model)
        for name, field in fields.items():
            field.db_index = name in INDEXED
        return fields

    def get_extra_fields(self, model, fields):
        extra = super().get_extra_fields(model, fields)
        for name, verbose_name in NAMES.items():
            extra[name].verbose_name = verbose_name
        return extra

    def get_meta_options(self, model):
        # Nobody edits records: there are no permissions to give.
        return super().get_meta_options(model) | {"default_permissions": (), "indexes": self.indexes}

    def post_save(self, instance, created, using=None, **kwargs):
        if created or self._differs_from_last(instance):
            super().post_save(instance, created, using=using, **kwargs)

    def _differs_from_last(self, instance):
        fields = self.fields_included(instance)
        records = getattr(instance, self.manager_name).order_by("-history_id")
        last = records.values_list(*(field.attname for field in fields)).first()
        return last != tuple(field.to_python(getattr(instance, field.attname)) for field in fields)


def record_in_bulk(model, keys, history_type, reason=None, user=None):
    """Write a record of each of some rows as the database holds them now.

    One statement, a thirtieth of the time of `history.bulk_history_create()`. `history_type` is "+" or "~", or "-" just
    before the rows go; `user` is who made the change, None where a program did.
    """
    history = model.history.model
    of_record = {
        "history_date": Value(timezone.now(), output_field=models.DateTimeField()),
        "history_type": Value(history_type),
        "history_change_reason": Value(reason, output_field=models.CharField()),
        "operation_id": Value(current_operation(), output_field=models.BigIntegerField()),
    }
    if user is not None:
        of_record["history_user_id"] = Value(user.pk)
    copied = [field.attname for field in history.tracked_fields]
    rows = model.objects.filter(pk__among=keys).order_by().annotate(**of_record).values_list(*copied, *of_record)
    select, params = rows.query.sql_with_params()
    columns = ", ".join([*(field.column for field in history.tracked_fields), *of_record])
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {history._meta.db_table} ({columns}) {select}", params)


def record_if_missing(row, user=None):
    """Give a row a record of the operation that goes on, even where none of its own fields changed."""
    if not type(row).history.filter(id=row.pk, operation=current_operation()).exists():
        record_in_bulk(type(row), [row.pk], "~", user=user)


def in_trash(model):
    """Return the last records of rows that were deleted with their entry and can come back."""
    waiting = Operation.objects.filter(kind=Operation.Kind.DELETE, undone_at=None)
    return model.history.filter(history_type="-", operation__in=waiting)
