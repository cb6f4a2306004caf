"""A record in words: what it is about, and how its fields changed."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, lru_cache
from typing import NamedTuple

from django.db.models import TextField
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ...addresses import address_of
from ...lists.gather import names_of_cities, names_of_countries, roles
from ...lists.institutions import INSTITUTION_ROWS
from ...models import City, Country, Institution, Lab, Operation, Participation, Role
from ...models.keys import PlainRows
from ...models.public_records import MODELS
from .merges import came_with
from .records import records_of

# The fields that are shown of a new entry; of a changed one, all changes are.
SHOWN_OF_ADDED = {
    "institution": ["kind", "country", "city", "standing"],
    "lab": ["city"],
    "participation": ["state", "since", "until"],
}
NEVER_SHOWN = {"id", "institution", "is_published"}  # they say whose the record is, and that it is public
# Prose may have named a person who must not be named any more: its old text is not shown.
PROSE = {"note"}
OWNERS = INSTITUTION_ROWS.only("name", "slug", "url", "city", "country_name")
ACTIONS = {
    "added": gettext_lazy("added"),
    "changed": gettext_lazy("changed"),
    "removed": gettext_lazy("removed"),
    "merged": gettext_lazy("merged"),
    "parted": gettext_lazy("merge undone"),
}
MERGES = {Operation.Kind.MERGE: "merged", Operation.Kind.UNMERGE: "parted"}


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
    institution: NamedTuple  # a row of `OWNERS`
    url: str
    fields: tuple[FieldChange, ...]

    @property
    def action_label(self):
        """Return what happened in a word."""
        return ACTIONS[self.action]


def describe(records):
    """Return a Change for each (kind, key of a record, key of its row), in that order; at most six queries.

    Merges among them cost four more, once. Names of roles, countries and cities cost none where they were shown since
    one of them changed.
    """
    rows = defaultdict(set)
    for kind, _key, row in records:
        rows[kind].add(row)
    known = {kind: records_of(kind, rows[kind]) for kind in MODELS}
    found = [(kind, *known[kind][key]) for kind, key, _row in records]
    merges = [one.operation_id for kind, one, _before in found if kind == "institution" and one.brought_by in MERGES]
    came = came_with(merges) if merges else {}
    names = _Names(((kind, record) for kind, *pair in found for record in pair if record), came.values())
    return [
        _merge(record, before, came[record.operation_id, record.id], names)
        if kind == "institution" and record.brought_by in MERGES
        else _change(kind, record, before, names)
        for kind, record, before in found
    ]


_published_names = PlainRows(
    lambda keys: Institution.objects.published().filter(pk__among=keys).order_by().values_list("pk", "name")
)
_published_labs = PlainRows(
    lambda keys: (
        Lab.objects.published().filter(pk__among=keys).order_by().values_list("pk", "name", "institution__slug", "slug")
    )
)
# {model: a function that gives the names of some rows}; what is gone or hidden has none.
_NAMES = {
    Institution: lambda keys: dict(_published_names(keys)) if keys else {},
    City: names_of_cities,
    Country: lambda _keys: names_of_countries(),
    Role: lambda _keys: {code: role.name for code, role in roles().items()},
}


class _Names:
    """What records point to, by its public names; five queries at most.

    One more each where a city or a role is gone.
    """

    def __init__(self, records, came=()):
        self.language = get_language()
        owners, keys = set(), defaultdict(set)
        for one in came:
            keys[Lab].update(one.labs)
            keys[Role].update(role for role, _state in one.roles)
        for kind, record in records:
            owners.add(_owner(kind, record))
            keys[Lab].add(_lab(kind, record))
            for field in _relations(kind):
                keys[field.related_model].add(getattr(record, field.attname))
        labs = keys.pop(Lab, set()) - {None}
        self.owners = {row.key: row for row in OWNERS.of_page(list(owners))}
        self.labs = {key: (name, slugs) for key, name, *slugs in _published_labs(labs)} if labs else {}
        self._names = {model: _NAMES[model](some - {None}) for model, some in keys.items()}
        for model in (City, Role):
            if gone := keys[model] - {None} - self._names.get(model, {}).keys():
                self._names[model] = _names_of_gone(model, gone) | self._names[model]
        self._names[Lab] = {key: name for key, (name, _slugs) in self.labs.items()}

    def name(self, model, key):
        """Return the name of a row, that it had where it is gone."""
        if model is Country:
            return self._names[model].get(key) or Country.cldr_name_of(key)
        unknown = _("no longer in the directory") if model in (City, Role) else _("an entry that is not public")
        return self._names[model].get(key) or unknown


def _names_of_gone(model, keys):
    """Return {key: name} of deleted cities or roles; one query."""
    records = model.history.filter(history_type="-", **{f"{model._meta.pk.name}__in": keys})
    return dict(records.order_by("history_id").values_list(model._meta.pk.name, "name"))


def _owner(kind, record):
    return record.id if kind == "institution" else record.institution_id


def _lab(kind, record):
    return {"lab": record.id, "participation": getattr(record, "lab_id", None)}.get(kind)


@cache
def _shown_fields(kind):
    return [field for field in MODELS[kind].history.model.tracked_fields if field.name not in NEVER_SHOWN]


@cache
def _relations(kind):
    return [field for field in _shown_fields(kind) if field.is_relation]


def _merge(record, before, came, names):
    """Return a merge, or its undoing, as one Change: the entry's own fields, then what came along."""
    fields = _fields_of_changed("institution", record, before, names) if before else ()
    states = Participation._meta.get_field("state")
    roles = [f"{names.name(Role, role)} ({_choice_in(states, state, names.language)})" for role, state in came.roles]
    along = [
        (_("Other entry"), came.others),
        (_("Labs"), [names.labs[lab][0] for lab in came.labs if lab in names.labs]),
        (_("Roles"), roles),
    ]
    fields += tuple(FieldChange(label, after="; ".join(values)) for label, values in along if values)
    change = _change("institution", record, before, names)
    return replace(change, action=MERGES[record.brought_by], fields=fields)


def _change(kind, record, before, names):
    institution = names.owners[_owner(kind, record)]
    if record.history_type == "-":
        action, fields = "removed", ()
    elif before is None or before.history_type == "-":  # or it was restored
        action, fields = "added", _fields_of_added(kind, record, names)
    else:
        action, fields = "changed", _fields_of_changed(kind, record, before, names)
    lab, slugs = names.labs.get(_lab(kind, record), ("", ()))
    return Change(
        kind=kind,
        key=record.history_id,
        action=action,
        moment=record.history_date,
        title=_title(kind, record, institution, names),
        lab=lab if kind == "participation" else "",
        institution=institution,
        url=address_of("partners:lab-detail", *slugs) if slugs else institution.url,
        fields=fields,
    )


def _title(kind, record, institution, names):
    if kind == "participation":
        return names.name(Role, record.role_id)
    return record.name if kind == "lab" else institution.name


def _fields_of_added(kind, record, names):
    return tuple(
        FieldChange(label, after=_in_words(field, record, names))
        for field, label in _labelled_fields(kind, names.language)
        if field.name in SHOWN_OF_ADDED[kind] and getattr(record, field.attname) not in (None, "")
    )


def _fields_of_changed(kind, record, before, names):
    return tuple(
        FieldChange(label)
        if isinstance(field, TextField) or field.name in PROSE
        else FieldChange(label, _in_words(field, before, names), _in_words(field, record, names))
        for field, label in _labelled_fields(kind, names.language)
        if getattr(record, field.attname) != getattr(before, field.attname)
    )


# A file of everything has each of these some thousand times.
@cache
def _labelled_fields(kind, _language):
    """Return [(field, what it is called)] of what is shown of a kind in the active language, which is to be given."""
    return [(field, str(capfirst(field.verbose_name))) for field in _shown_fields(kind)]


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
        return _choice_in(field, value, names.language)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, date) else str(value)
