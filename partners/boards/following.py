"""What entered, changed or left a list of institutions, for who follows it.

The history gives what each institution was before and after a record; an index of all these states tells which of them
the question keeps, by the same filters as those of the list.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import DateField, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..index.read import ROWS, TEXTS, built_of, single_valued
from ..lists.index_results import IndexResults
from ..models import Institution, Lab, Participation, RegistryStatus
from ..models.public_records import OWNERS, public_records
from ..models.text import TextOfRow
from .changes import Change
from .changes.timeline import midnight
from .changes.words import describe

ENTRIES = 100
FOLLOWED_FOR = 30  # days
RECORDS_AT_MOST = 3_000  # of each kind, a fifth of a second; a registry brings ten times as many
ENTERED, CHANGED, LEFT = "entered", "changed", "left"
DEEDS = {
    ENTERED: gettext_lazy("%(subject)s: entered this list"),
    CHANGED: "",
    LEFT: gettext_lazy("%(subject)s: left this list"),
}
ORDER = {"institution": 0, "lab": 1, "participation": 2}  # of records of one moment


@dataclass(frozen=True)
class Followed:
    """One record of a change, and what it did to the list."""

    deed: str
    kind: str
    key: int
    moment: datetime.datetime
    change: Change | None  # None where the entry is not public any more

    def title(self, title_of):
        """Return it in a line; a change of what stays in the list is told by `title_of`."""
        if self.deed == CHANGED:
            return title_of(self.change)
        subject = self.change.institution.name if self.change else _("an entry that is not public")
        return DEEDS[self.deed] % {"subject": subject}


def followed_since():
    """Return the moment from which feeds tell what happened, and whether it is later than usual; three queries.

    It is the midnight 30 days ago, or after more records than are read; those of one moment are read together or not.
    """
    since, is_late = midnight(timezone.localdate(), days=-FOLLOWED_FOR), False
    for model in (Institution, Lab, Participation):
        moments = model.history.filter(history_date__gte=since).order_by("-history_date")
        for moment in moments.values_list("history_date", flat=True)[RECORDS_AT_MOST : RECORDS_AT_MOST + 1]:
            since, is_late = moment + datetime.timedelta(microseconds=1), True
    return since, is_late


def followed(filterset, since):
    """Return the newest of what entered, changed or left the list of a valid filterset since a moment. Some 20 queries.

    It reads every record of the institutions that changed in this time.
    """
    states = _States(type(filterset), since)
    found = IndexResults(filterset, built_of(type(filterset), states.read, has_text=filterset.has_text)).found
    deeds = [
        (ENTERED if after in found and before not in found else CHANGED if after in found else LEFT, record)
        for record, before, after in reversed(states.steps)
        if before in found or after in found
    ][:ENTRIES]
    told = _told([record for _deed, record in deeds])
    return [
        Followed(
            deed, record.subject, record.history_id, record.history_date, told.get((record.subject, record.history_id))
        )
        for deed, record in deeds
        if deed == LEFT or (record.subject, record.history_id) in told
    ]


def _told(records):
    """Return {(kind, key): Change} of those records that everybody may read; twelve queries at most."""
    public = {
        (kind, key)
        for kind in ORDER
        for key in public_records(kind)
        .filter(history_id__in=[record.history_id for record in records if record.subject == kind])
        .values_list("history_id", flat=True)
    }
    listed = set(
        Institution.objects.published().filter(pk__in=[one.owner for one in records]).values_list("pk", flat=True)
    )
    keys = [
        (one.subject, one.history_id, one.row)
        for one in records
        if (one.subject, one.history_id) in public and one.owner in listed
    ]
    return {(change.kind, change.key): change for change in describe(keys)}


class Record(NamedTuple):
    """A record of the history, of which only this is read: there may be as many as the directory has rows."""

    subject: str  # institution, lab or participation
    owner: int  # the key of the institution
    history_id: int
    history_date: datetime.datetime
    history_type: str
    row: int  # the key of what it is of
    values: tuple  # of an institution those of `LISTED`, its name and its facts; of a participation its role and state


LISTED = ("is_published", "status", "replaced_by_id")  # by which it stands in the lists


class _States:
    """What institutions were at each of their records, numbered; 0 is what no list holds.

    `steps` are (record, number before, number after) of the records since a moment, oldest first.
    """

    def __init__(self, filterset_class, since):
        self.filterset_class = filterset_class
        self.facts = [_fact(filterset_class.base_filters[name]) for name in single_valued(filterset_class)]
        self.states, self.steps, self._numbers = [], [], {}
        institutions, parts, owners = {}, defaultdict(dict), {}
        for record in _records(since, [name for name, _read in self.facts]):
            before = self._number(institutions.get(record.owner), parts[record.owner])
            if record.subject == "institution":
                institutions[record.owner] = record
            elif record.subject == "participation":
                parts[owners.pop(record.row, record.owner)].pop(record.row, None)
                if record.history_type != "-":
                    parts[record.owner][record.row] = record.values
                    owners[record.row] = record.owner
            if record.history_date >= since:
                self.steps.append((record, before, self._number(institutions.get(record.owner), parts[record.owner])))

    def _number(self, record, parts):
        if record is None or record.history_type == "-" or record.values[:3] != (True, RegistryStatus.ACTIVE, None):
            return 0
        state = (record.history_id, frozenset(parts.values()))
        if state not in self._numbers:
            self.states.append((record, state[1]))
            self._numbers[state] = len(self.states)
        return self._numbers[state]

    def read(self, what):
        """Return the states as an index reads the rows of a list: by its texts, by its facets."""
        numbered = enumerate(self.states, start=1)
        if what == TEXTS:
            further = defaultdict(list)
            institutions = Institution.objects.filter(pk__among=list({one.row for one, _parts in self.states}))
            for key, text, kind in institutions.texts():
                further[key].append((text, TextOfRow.OTHER if kind == TextOfRow.NAME else kind))
            names = ((number, [(one.values[3], TextOfRow.NAME), *further[one.row]]) for number, (one, _) in numbered)
            return [(number, text, kind) for number, texts in names for text, kind in texts]
        if what == ROWS:
            ranks = [None] * (len(self.filterset_class.orders) - 1)  # all but the one by name
            reads = [(at, read) for at, (_name, read) in enumerate(self.facts, start=4)]
            return [
                (number, number, "", *ranks, *[read(one.values[at]) for at, read in reads])
                for number, (one, _parts) in numbered
            ]
        return [(number, *pair) for number, (_one, parts) in numbered for pair in parts or [(None, None)]]


def _fact(filter_):
    """Return (a field of the history, the function that makes of it the value of a facet in an index)."""
    (path,) = filter_.paths(Institution)
    if path.relations:
        (relation,) = path.relations
        if path.column.primary_key:
            return relation.attname, _as_it_is
        return relation.attname, dict(relation.related_model.objects.values_list("pk", path.column.name)).get
    return path.column.attname, _day if isinstance(path.column, DateField) else _as_it_is


def _as_it_is(value):
    return value


def _day(value):
    return value and value.isoformat()


def _records(since, facts):
    """Return the records of all institutions of which there is one since a moment, the oldest first; three queries."""
    models = {
        "institution": (Institution, "id", [*LISTED, "name", *facts]),
        "lab": (Lab, "institution_id", []),
        "participation": (Participation, "institution_id", ["role_id", "state"]),
    }
    is_touched = {subject: Q() for subject in models}
    for toucher, (model, _owner, _columns) in models.items():
        owners = model.history.filter(history_date__gte=since).order_by().values(OWNERS[toucher])
        for subject in models:
            is_touched[subject] |= Q(**{f"{OWNERS[subject]}__in": owners})
    records = []
    for subject, (model, owner, columns) in models.items():
        found = model.history.filter(is_touched[subject]).order_by()
        if subject == "lab":  # what lists ask of an institution does not depend on it
            found = found.filter(history_date__gte=since)
        rows = found.values_list(owner, "history_id", "history_date", "history_type", "id", *columns)
        records += [Record(subject, *row[:5], row[5:]) for row in rows]
    return sorted(records, key=lambda record: (record.history_date, ORDER[record.subject], record.history_id))
