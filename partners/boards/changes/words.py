"""A record in words: what it is about, and how its fields changed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter

from django.db.models import Subquery, TextField
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ...models import City, Country, Institution, Lab, Role
from .records import MODELS, previous_record, public_records

# The fields that are shown of a new entry; of a changed one, all changes are.
SHOWN_OF_ADDED = {
    "institution": ["kind", "country", "city", "standing"],
    "lab": ["city"],
    "participation": ["state", "since", "until"],
}
NEVER_SHOWN = {"id", "institution", "is_published"}  # they say whose the record is, and that it is public
# Prose may have named a person who must not be named any more: its old text is not shown.
PROSE = {"note"}
CALLED = {Role: str, City: attrgetter("spoken_name")}  # models with names by language
ACTIONS = {
    "added": gettext_lazy("added"),
    "changed": gettext_lazy("changed"),
    "removed": gettext_lazy("removed"),
}


@dataclass(frozen=True)
class FieldChange:
    """A field with its old and new value; a new entry has only the new one, prose has neither.

    Days stay dates: pages write them as their language does, files and the feed in ISO 8601.
    """

    label: str
    before: str | date = ""
    after: str | date = ""

    def __str__(self):
        if not self.after:
            return _("%(field)s: text changed") % {"field": self.label}
        values = f"{self.before} → {self.after}" if self.before else self.after
        return _("%(field)s: %(values)s") % {"field": self.label, "values": values}


@dataclass(frozen=True)
class Change:
    """What happened to an entry at one time."""

    kind: str  # institution, lab or participation
    key: int
    action: str
    moment: datetime
    title: str
    lab: str  # the name of the lab that has the role, where one has
    institution: Institution
    url: str
    fields: tuple[FieldChange, ...]

    @property
    def action_label(self):
        """Return what happened in a word."""
        return ACTIONS[self.action]


def describe(keys):
    """Return a Change for each (kind, key of a record), in that order; at most eleven queries.

    In another language, one more for the names of roles, and one for those of cities.
    """
    wanted = defaultdict(list)
    for kind, key in keys:
        wanted[kind].append(key)
    records = {kind: _with_previous(kind, wanted[kind]) for kind in MODELS}
    names = _Names(record for pairs in records.values() for pair in pairs.values() for record in pair if record)
    return [_change(kind, *records[kind][key], names) for kind, key in keys]


def _with_previous(kind, keys):
    """Return {key: (record, previous public record or None)}; two queries."""
    if not keys:
        return {}
    records = list(public_records(kind).filter(history_id__in=keys).annotate(previous=Subquery(previous_record(kind))))
    previous = MODELS[kind].history.model.objects.in_bulk([record.previous for record in records if record.previous])
    return {record.history_id: (record, previous.get(record.previous)) for record in records}


class _Names:
    """The public names of what records point to; a query for each of five models. A hidden entry has none."""

    def __init__(self, records):
        keys = defaultdict(set)
        for record in records:
            keys[Institution].add(_owner(record))
            if _kind(record) == "lab":
                keys[Lab].add(record.id)
            for field in _relations(record):
                keys[field.related_model].add(getattr(record, field.attname))
        published = {
            Institution: Institution.objects.published().select_related("country", "city"),
            Lab: Lab.objects.published().select_related("institution"),
            City: City.objects.all(),
            Country: Country.objects.all(),
            Role: Role.objects.all(),
        }
        self._rows = {model: rows.in_bulk(keys[model] - {None}) for model, rows in published.items()}

    def row(self, model, key):
        """Return the row, or None where it is gone or hidden."""
        return self._rows[model].get(key)

    def name(self, model, key):
        """Return the name of a row."""
        row = self.row(model, key)
        if row is None:
            return _("an entry that is not public")
        return CALLED.get(model, attrgetter("name"))(row)


def _kind(record):
    return record.instance_type._meta.model_name


def _owner(record):
    return record.id if _kind(record) == "institution" else record.institution_id


def _relations(record):
    return [field for field in record.tracked_fields if field.is_relation]


def _change(kind, record, previous, names):
    institution = names.row(Institution, _owner(record))
    if record.history_type == "-":
        action, fields = "removed", ()
    elif previous is None:
        action, fields = "added", _fields_of_added(kind, record, names)
    else:
        action, fields = "changed", _fields_of_changed(record, previous, names)
    lab = names.row(Lab, {"lab": record.id, "participation": getattr(record, "lab_id", None)}.get(kind))
    return Change(
        kind=kind,
        key=record.history_id,
        action=action,
        moment=record.history_date,
        title=_title(kind, record, institution, names),
        lab=lab.name if lab and kind == "participation" else "",
        institution=institution,
        url=(lab or institution).get_absolute_url(),
        fields=fields,
    )


def _title(kind, record, institution, names):
    if kind == "participation":
        return names.name(Role, record.role_id)
    return record.name if kind == "lab" else institution.name


def _fields_of_added(kind, record, names):
    fields = [field for field in record.tracked_fields if field.name in SHOWN_OF_ADDED[kind]]
    return tuple(
        FieldChange(_label(field), after=_in_words(field, record, names))
        for field in fields
        if getattr(record, field.attname) not in (None, "")
    )


def _fields_of_changed(record, previous, names):
    changed = [
        field
        for field in record.tracked_fields
        if field.name not in NEVER_SHOWN and getattr(record, field.attname) != getattr(previous, field.attname)
    ]
    return tuple(
        FieldChange(_label(field))
        if isinstance(field, TextField) or field.name in PROSE
        else FieldChange(_label(field), _in_words(field, previous, names), _in_words(field, record, names))
        for field in changed
    )


def _label(field):
    return _label_in(field, get_language())


# A file of everything has each of these some thousand times.
@lru_cache(maxsize=1000)
def _label_in(field, _language):
    return str(capfirst(field.verbose_name))


@lru_cache(maxsize=1000)
def _choice_in(field, value, _language):
    return str(dict(field.flatchoices).get(value, value))


def _in_words(field, record, names):
    value = getattr(record, field.attname)
    if value in (None, ""):
        return _("not stated")
    if field.is_relation:
        return names.name(field.related_model, value)
    if field.choices:
        return _choice_in(field, value, get_language())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, date) else str(value)
