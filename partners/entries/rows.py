"""The rows that belong to some entries, how two states of them differ, and the way back from one to the other."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ..models import (
    Contact,
    DistinctPair,
    FormerSlug,
    Institution,
    InstitutionName,
    InstitutionParent,
    InstitutionSuccessor,
    Lab,
    Logo,
    Participation,
    RegistryRecord,
    Role,
)

# In the order in which rows come back: each after what it points to.
MODELS = [
    Institution,
    Lab,
    InstitutionName,
    Participation,
    FormerSlug,
    InstitutionParent,
    InstitutionSuccessor,
    RegistryRecord,
    DistinctPair,
    Contact,
    Logo,
]
BY_LABEL = {model._meta.label_lower: model for model in MODELS}
# As operations from before links had models of their own name them.
BY_LABEL |= {
    f"partners.institution_{name}": BY_LABEL[f"partners.institution{name[:-1]}"] for name in ("parents", "successors")
}
OWNED = [Institution, Lab, InstitutionName, Participation]
TRACKED = [*OWNED, InstitutionParent, InstitutionSuccessor]  # have a history
JUDGED = [*OWNED, RegistryRecord]  # the others are mere links: those that are gone are left alone
# Of a contact nothing but its own row ever holds more, and a picture is no JSON: these move, and never come back.
NEVER_BACK = {Contact: ["institution_id", "lab_id"], Logo: ["institution_id"]}


def rows_of(institutions):
    """Return {(model, key): {column: value}} of all that belongs to institutions; eleven queries.

    Of contacts and logos only whose they are.
    """
    of_them = Q(institution__in=institutions)
    linked = Q(from_institution__in=institutions) | Q(to_institution__in=institutions)
    chosen = {
        Institution: Q(pk__in=institutions),
        FormerSlug: of_them | Q(lab__institution__in=institutions),
        InstitutionParent: linked,
        InstitutionSuccessor: linked,
        DistinctPair: Q(first__in=institutions) | Q(second__in=institutions),
    }
    return _read({model: chosen.get(model, of_them) for model in MODELS})


def rows_of_lab(lab):
    """Return the same of all that belongs to a lab, itself included; five queries."""
    of_it = Q(lab=lab)
    return _read({Lab: Q(pk=lab), Participation: of_it, FormerSlug: of_it, Contact: of_it})


def _read(chosen):
    return {
        (model._meta.label_lower, row.pk): _values(row)
        for model, condition in chosen.items()
        for row in _rows(model).filter(condition).order_by("pk")
    }


def _rows(model):
    rows = model._base_manager.all()
    return rows.only(*NEVER_BACK[model]) if model in NEVER_BACK else rows


def _values(row):
    columns = NEVER_BACK.get(type(row)) or [field.attname for field in row._meta.concrete_fields]
    return {column: _as_json(getattr(row, column)) for column in columns}


def _as_json(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def differences(before, after):
    """Return what changed from one state to another, as JSON: of changed rows the changed columns, of others all."""
    changes = []
    for label, pk in dict.fromkeys([*before, *after]):
        old, new = before.get((label, pk)), after.get((label, pk))
        if old and new:
            changed = [column for column in old if old[column] != new[column]]
            old, new = ({column: state[column] for column in changed} for state in (old, new))
        if old != new:
            changes.append({"model": label, "pk": pk, "before": old, "after": new})
    return changes


def in_the_way(changes, operation):
    """Return in words why the changes of an operation cannot be taken back; one query or two for each row.

    A moved or deleted row must be as the operation left it, of an institution the columns that it changed.
    """
    reasons = []
    for model, pk, before, after in _each(changes):
        if model not in JUDGED:
            continue
        row = model._base_manager.filter(pk=pk).first()
        if after is None:
            if row is not None:
                reasons.append(_("%(entry)s is there again.") % {"entry": _called(row)})
        elif row is None:
            reasons.append(_("%(entry)s has been deleted since.") % {"entry": _called_in(model, after, before)})
        elif any(_values(row)[column] != value for column, value in after.items()) or (
            model in TRACKED and model is not Institution and _was_edited(row, operation)
        ):
            reasons.append(_("%(entry)s has been edited since.") % {"entry": _called(row)})
    return reasons


def _was_edited(row, operation):
    return row.history.order_by("-history_id").values_list("operation", flat=True).first() != operation.pk


def take_back(changes):
    """Write the state before the changes again, with the same keys; some ten statements for each row.

    Links to what is gone meanwhile, and contacts and logos that are gone, are left out. Call it in a transaction, with
    the rows locked and nothing in the way.

    :raises ValidationError: when a row would break a rule that holds by now; nothing may be committed then.
    """
    rows = sorted(_each(changes), key=lambda change: MODELS.index(change[0]))
    for model, pk, before, _after in reversed(rows):
        if before is None:
            for row in model._base_manager.filter(pk=pk):
                row.delete()
    moved = [pk for model, pk, before, after in rows if model is Institution and after and "ror_id" in (before or {})]
    Institution.objects.filter(pk__in=moved).update(ror_id="")  # each ROR id is there once, while two change places
    for model, pk, before, after in rows:
        if before and after:
            _change(model, pk, before)
    for model, pk, before, after in rows:
        if after is None and model not in NEVER_BACK:
            _bring_back(model, pk, before)


def _change(model, pk, before):
    if model not in JUDGED:
        with suppress(IntegrityError), transaction.atomic():  # what has such a one again keeps that
            model._base_manager.filter(pk=pk).update(**before)
        return
    row = model._base_manager.get(pk=pk)
    _fill(row, before)
    _judge(row)
    row.address_in_database = row.name_in_database = None  # what nobody was given leads nowhere
    row.save()
    if model is Lab:
        row.take_along()  # roles and contacts that it got since


def _bring_back(model, pk, before):
    row = model(pk=pk)
    _fill(row, before)
    try:
        _judge(row)
    except ValidationError:
        if model in JUDGED:
            raise
        return  # a link whose other end is gone, or that was made again
    row.save(force_insert=True)


def _judge(row):
    refuse_gone(row)
    try:
        row.validate_unique()
        row.validate_constraints()
    except ValidationError as error:
        told = [text for texts in error.message_dict.values() for text in texts]
        raise ValidationError([f"{_called(row)}: {text}" for text in told]) from error


def refuse_gone(row):
    """Refuse a row that points to what is gone by now; one query for each relation.

    :raises ValidationError: naming what is gone.
    """
    gone = [
        field
        for field in row._meta.concrete_fields
        if field.is_relation
        and getattr(row, field.attname) is not None
        and not field.related_model._base_manager.filter(pk=getattr(row, field.attname)).exists()
    ]
    if gone:
        told = _("%(entry)s: its %(field)s is gone by now.")
        raise ValidationError([told % {"entry": _called(row), "field": field.verbose_name} for field in gone])


def _fill(row, values):
    fields = {field.attname: field for field in row._meta.concrete_fields}
    for column, value in values.items():
        field = fields[column]
        is_text = isinstance(value, str) and not isinstance(field, models.JSONField)
        setattr(row, column, field.to_python(value) if is_text and not field.is_relation else value)


def _each(changes):
    for change in changes:
        yield BY_LABEL[change["model"]], change["pk"], change["before"], change["after"]


def _called(row):
    name = row
    if isinstance(row, Participation):
        name = Role.objects.filter(pk=row.role_id).first() or row.role_id
    elif isinstance(row, RegistryRecord):
        name = row.institution
    elif isinstance(row, InstitutionParent | InstitutionSuccessor):
        name = Institution.objects.filter(pk=row.to_institution_id).first() or row.to_institution_id
    return _("%(kind)s “%(name)s”") % {"kind": row._meta.verbose_name, "name": name}


def _called_in(model, *states):
    row = model()
    for values in states:
        _fill(row, values or {})
    return _called(row)
