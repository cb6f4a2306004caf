"""The history of one entry in words, and the way back to a value or a version of it."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..models import (
    Institution,
    InstitutionName,
    InstitutionParent,
    InstitutionSuccessor,
    Lab,
    Operation,
    Participation,
)
from ..models.operation import operation
from .rows import refuse_gone

LINKS = (InstitutionParent, InstitutionSuccessor)
KINDS = {model._meta.model_name: model for model in (Institution, Lab, Participation, InstitutionName, *LINKS)}


@dataclass(frozen=True)
class FieldChange:
    """A field's value before and after, in words."""

    name: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class RowChange:
    """What happened to one row."""

    kind: str  # a key of `KINDS`
    key: int  # of the record
    title: str
    action: str  # one of simple-history's: + ~ -
    fields: list[FieldChange]
    is_gone: bool  # the row is not there now


@dataclass
class Step:
    """What one operation did to the entry; a record from before operations were recorded stands alone."""

    moment: object
    user: object
    brought_by: str
    rows: list[RowChange] = field(default_factory=list)


class Versions:
    """The steps of an institution, its labs, roles and names, or of a lab and its roles; newest first.

    Two queries for each kind of row, and one for each model that fields point to.
    """

    def __init__(self, entry):
        self.entry = entry
        self._records = {kind: self._of_kind(model) for kind, model in KINDS.items() if self._owner(model)}
        self._names = _Names(record for records in self._records.values() for record, _before in records)

    def _owner(self, model):
        """Return the field by which a record belongs to the entry, or None."""
        if type(self.entry) is model:
            return "id"
        if isinstance(self.entry, Lab):
            return "lab" if model is Participation else None
        return "from_institution" if model in LINKS else "institution"

    def _of_kind(self, model):
        """Return [(record, the one before it or None)] of rows that belong to the entry, or did."""
        owner = self._owner(model)
        keys = set(model.history.filter(**{owner: self.entry.pk}).order_by().values_list("id", flat=True))
        attname = model._meta.get_field(owner).attname
        last, found = {}, []
        records = model.history.filter(id__in=keys).select_related("history_user", "operation__user")
        for record in records.order_by("history_id"):
            before = last.get(record.id)
            last[record.id] = record
            if self.entry.pk in (getattr(record, attname), before and getattr(before, attname)):
                found.append((record, before))
        self._present = getattr(self, "_present", {}) | {
            model: set(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
        }
        return found

    @property
    def newest(self):
        """Return what tells whether somebody changed the entry since a page was shown."""
        return "-".join(str(max((r.history_id for r, _b in records), default=0)) for records in self._records.values())

    def steps(self):
        """Return every Step, newest first."""
        found = defaultdict(list)
        for kind, records in self._records.items():
            for record, before in records:
                found[record.operation_id or (kind, record.history_id)].append((kind, record, before))
        steps = [self._step(rows) for rows in found.values()]
        return sorted(steps, key=lambda step: step.moment, reverse=True)

    def _step(self, rows):
        records = [record for _kind, record, _before in rows]
        done = records[0].operation
        user = next((record.history_user for record in records if record.history_user), done and done.user)
        brought_by = str(done) if done else records[0].history_change_reason or ""
        step = Step(max(record.history_date for record in records), user, brought_by)
        step.rows = [change for row in rows if (change := self._change(*row))]
        return step

    def _change(self, kind, record, before):
        names = [
            tracked
            for tracked in record.tracked_fields
            if tracked.name != "id"
            and KINDS[kind] not in LINKS  # which their title says whole
            and (
                getattr(record, tracked.attname) != getattr(before, tracked.attname)
                if before and record.history_type == "~"
                else getattr(record, tracked.attname) not in (None, "")
            )
        ]
        is_new = before is None or record.history_type == "+"
        is_gone = record.history_type == "-"
        return RowChange(
            kind=kind,
            key=record.history_id,
            title=self._title(kind, record),
            action=record.history_type,
            fields=[
                FieldChange(
                    name=tracked.name,
                    label=str(capfirst(tracked.verbose_name)),
                    before="" if is_new else self._names.in_words(tracked, record if is_gone else before),
                    after="" if is_gone else self._names.in_words(tracked, record),
                )
                for tracked in names
            ],
            is_gone=record.id not in self._present[KINDS[kind]],
        )

    def _title(self, kind, record):
        if kind == "participation":
            called = self._names.in_words(Participation._meta.get_field("role"), record)
        elif KINDS[kind] in LINKS:
            called = self._names.in_words(KINDS[kind]._meta.get_field("to_institution"), record)
        else:
            called = record.value if kind == "institutionname" else record.name
        return _("%(kind)s “%(name)s”") % {"kind": KINDS[kind]._meta.verbose_name, "name": called}

    def record(self, kind, key):
        """Return (record, the one before it) of this entry, or None."""
        return next(((r, before) for r, before in self._records.get(kind, ()) if r.history_id == key), None)


class _Names:
    """What the relations of some records are called now; one query for each model that they point to."""

    def __init__(self, records):
        keys = defaultdict(set)
        for record in records:
            for tracked in record.tracked_fields:
                if tracked.is_relation:
                    keys[tracked.related_model].add(getattr(record, tracked.attname))
        self._rows = {model: model._base_manager.in_bulk(pks - {None}) for model, pks in keys.items()}

    def in_words(self, tracked, record):
        """Return the value of a record's field as people read it."""
        value = getattr(record, tracked.attname)
        if value in (None, ""):
            return "–"
        if tracked.is_relation:
            row = self._rows.get(tracked.related_model, {}).get(value)
            return str(row) if row else _("deleted entry %(key)s") % {"key": value}
        if tracked.choices:
            return str(dict(tracked.flatchoices).get(value, value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return str(value)


@transaction.atomic
def restore(record, fields, user):
    """Give a row some fields of a record again, with `None` all; a row that is gone comes back with its old key.

    :raises ValidationError: when it would break a rule that holds by now.
    """
    model = record.instance_type
    row = model._base_manager.select_for_update().filter(pk=record.id).first()
    is_back = row is None
    if is_back:
        row, fields = model(pk=record.id), None
    names = [tracked for tracked in record.tracked_fields if fields is None or tracked.name in fields]
    for tracked in names:
        setattr(row, tracked.attname, getattr(record, tracked.attname))
    refuse_gone(row)
    row.full_clean(exclude=["sort_key"])
    label = ", ".join(str(tracked.verbose_name) for tracked in names) if fields else str(row)
    with operation(Operation.Kind.RESTORE, label, user):
        row.save(force_insert=is_back)
    return row


def restore_value(versions, kind, key, name, user):
    """Give a field the value again that it had before a record."""
    found = versions.record(kind, key)
    if found is None or found[1] is None:
        raise ValidationError(_("This is not in the history of the entry."))
    if name not in {tracked.name for tracked in found[1].tracked_fields} - {"id"}:
        raise ValidationError(_("This is not in the history of the entry."))
    return restore(found[1], {name}, user)


def restore_version(versions, kind, key, user):
    """Make a row as a record has it."""
    found = versions.record(kind, key)
    if found is None:
        raise ValidationError(_("This is not in the history of the entry."))
    return restore(found[0], None, user)
