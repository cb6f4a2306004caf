"""Take an import or a change of several rows back, as far as nobody edited its rows since."""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from .bulk import Writes
from .institution import Institution
from .lab import Lab
from .name import InstitutionName
from .operation import Operation, operation
from .participation import Participation
from .text import sort_key

FOR = timedelta(hours=24)
KINDS = (Operation.Kind.IMPORT, Operation.Kind.BULK)
OWNERS = {Institution: "id", Lab: "institution_id", InstitutionName: "institution_id", Participation: "institution_id"}


def can_be_undone(one: Operation) -> bool:
    """Say whether an operation is young enough, of a kind that is taken back whole, and not taken back yet."""
    return one.kind in KINDS and one.undone_at is None and timezone.now() - one.moment <= FOR


def undo(one: Operation, user=None) -> tuple[int, list[str]]:
    """Give the rows of an operation back what they were, and return how many entries, and the names of those left.

    An entry stays as it is where one of its rows was edited since, or came or went. Institutions that the operation
    made are set aside, labs go. Some twenty-five queries.

    :raises Operation.DoesNotExist: where it cannot be undone, by now.
    :raises IntegrityError: where something that a row needs is gone; nothing is written then.
    """
    with operation(Operation.Kind.RESTORE, str(one), user), transaction.atomic():
        one = Operation.objects.select_for_update().get(pk=one.pk)
        if not can_be_undone(one):
            raise Operation.DoesNotExist
        touched = {model: _touched(model, one) for model in OWNERS}
        edited = _edited_since(touched) | _came_or_went_since(touched, one)
        done, writes = set(), Writes()
        for model in (Participation, InstitutionName, Lab, Institution):
            done |= _take_back(model, touched, edited, writes)
        writes.save(user=user)
        one.undone_at = timezone.now()
        one.save(update_fields=["undone_at"])
    names = Institution.objects.filter(pk__among=sorted(edited)).order_by("sort_key", "pk")
    return len(done), [str(entry) for entry in names]


class _Row:
    """A row that the operation wrote: its entry, its first and its last record of it, and the kind of the first."""

    def __init__(self, owner, first, last, action):
        self.owner, self.first, self.last, self.action = owner, first, last, action


def _touched(model, one):
    records = model.history.filter(operation=one)
    ends = records.values("id").annotate(first=Min("history_id"), last=Max("history_id"))
    ends = {row["id"]: (row["first"], row["last"]) for row in ends.order_by()}
    rows = records.order_by("history_id").values_list("id", "history_id", "history_type", OWNERS[model])
    return {key: _Row(owner, *ends[key], action) for key, number, action, owner in rows if number == ends[key][0]}


def _edited_since(touched):
    """Return the keys of the institutions of which one row was edited later; rows are locked first."""
    edited = set()
    for model, rows in touched.items():
        keys = sorted(rows)
        list(model.objects.select_for_update(of=["self"]).filter(pk__among=keys).order_by("pk").values_list("pk"))
        newest = model.history.filter(id__among=keys).order_by().values_list("id").annotate(Max("history_id"))
        edited |= {rows[key].owner for key, number in newest if number > rows[key].last}
    made = [key for key, row in touched[Lab].items() if row.action == "+"]
    with_more = Lab.objects.filter(pk__among=made)
    for relation in ("contacts", "former_slugs"):
        edited |= set(with_more.exclude(**{relation: None}).values_list("institution_id", flat=True))
    others = Participation.objects.filter(lab__among=made).exclude(pk__among=list(touched[Participation]))
    return edited | set(others.values_list("institution_id", flat=True))


def _came_or_went_since(touched, one):
    """Return the keys of the institutions to which something was added meanwhile, or of which something was deleted."""
    owners = sorted({row.owner for rows in touched.values() for row in rows.values()})
    found = set()
    for model, owner in OWNERS.items():
        records = model.history.filter(history_type__in="+-", history_date__gt=one.moment).exclude(operation=one)
        found |= set(records.filter(**{f"{owner}__among": owners}).values_list(owner, flat=True))
    return found


def _take_back(model, touched, edited, writes):
    rows = {key: row for key, row in touched[model].items() if row.owner not in edited}
    made = {key for key, row in touched[Institution].items() if row.action == "+"}
    states = _states_before(model, {key: row for key, row in rows.items() if row.action == "~"})
    deleted = {key: row for key, row in rows.items() if row.action == "-"}
    records = model.history.filter(history_id__in=[row.first for row in deleted.values()])
    for record in records:
        writes.add(_as_row(record))
    present = {row.pk: row for row in model.objects.filter(pk__among=sorted(rows))}
    for key, row in rows.items():
        if row.action == "+" and model is Institution:
            present[key].is_published = False
            writes.change(present[key], ["is_published"])
        elif row.action == "+" and row.owner not in made and key in present:
            writes.remove(present[key])
        elif key in states and key in present:
            writes.change(present[key], _restored(present[key], states[key]))
    return {row.owner for row in rows.values()}


def _states_before(model, rows):
    """Return {key: {column: its value before the operation}}; plain values, half the time of records."""
    if not rows:
        return {}
    before = model.history.filter(id__among=sorted(rows), history_id__lt=min(row.first for row in rows.values()))
    numbers = before.order_by().values_list("id").annotate(Max("history_id"))
    by_number = defaultdict(list)
    for key, number in numbers:
        by_number[number].append(key)
    columns = [field.attname for field in model.history.model.tracked_fields]
    records = model.history.filter(history_id__among=sorted(by_number)).order_by().values_list("id", *columns)
    return {key: dict(zip(columns, values, strict=True)) for key, *values in records}


def _restored(row, before):
    """Give a row what it had before, and return the names of the fields that differ."""
    fields = []
    for field in row.history.model.tracked_fields:
        value = before[field.attname]
        if getattr(row, field.attname) != value:
            setattr(row, field.attname, value)
            fields.append(field.name)
    if "name" in fields and hasattr(row, "sort_key"):
        row.sort_key = sort_key(row.name)
        fields.append("sort_key")
    return fields


def _as_row(record):
    return type(record.instance)(**{field.attname: getattr(record, field.attname) for field in record.tracked_fields})
