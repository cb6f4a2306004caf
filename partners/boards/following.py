"""What entered, changed or left a list of institutions, for who follows it.

The history gives what each institution was before and after a record; an index of all these states tells which of them
the question keeps, by the same filters as those of the list.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..index.read import ROWS, TEXTS, built_of, single_valued
from ..lists.results import IndexResults
from ..models import Institution, Lab, Participation, RegistryStatus
from ..models.public_records import OWNERS, public_records
from ..models.text import TextOfRow
from .changes import Change
from .changes.timeline import midnight
from .changes.words import describe

ENTRIES = 100
FOLLOWED_FOR = 30  # days
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


def followed(filterset):
    """Return the newest of what entered, changed or left the list of a valid filterset within 30 days. Some 20 queries.

    It reads every record of the institutions that changed in this time: a second for 30,000.
    """
    states = _States(type(filterset), midnight(timezone.localdate(), days=-FOLLOWED_FOR))
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
        (one.subject, one.history_id, one.id)
        for one in records
        if (one.subject, one.history_id) in public and one.owner in listed
    ]
    return {(change.kind, change.key): change for change in describe(keys)}


class _States:
    """What institutions were at each of their records, numbered; 0 is what no list holds.

    `steps` are (record, number before, number after) of the records since a moment, oldest first.
    """

    def __init__(self, filterset_class, since):
        self.filterset_class = filterset_class
        self.states, self.steps, self._numbers = [], [], {}
        institutions, parts, owners = {}, defaultdict(dict), {}
        for record in _records(since):
            before = self._number(institutions.get(record.owner), parts[record.owner])
            if record.subject == "institution":
                institutions[record.owner] = record
            elif record.subject == "participation":
                parts[owners.pop(record.id, record.owner)].pop(record.id, None)
                if record.history_type != "-":
                    parts[record.owner][record.id] = (record.role_id, record.state)
                    owners[record.id] = record.owner
            if record.history_date >= since:
                self.steps.append((record, before, self._number(institutions.get(record.owner), parts[record.owner])))

    def _number(self, record, parts):
        if record is None or record.history_type == "-" or not _is_listed(record):
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
            for key, text, kind in Institution.objects.filter(pk__in={one.id for one, _parts in self.states}).texts():
                further[key].append((text, TextOfRow.OTHER if kind == TextOfRow.NAME else kind))
            names = ((number, [(one.name, TextOfRow.NAME), *further[one.id]]) for number, (one, _parts) in numbered)
            return [(number, text, kind) for number, texts in names for text, kind in texts]
        if what == ROWS:
            facts = [_fact(self.filterset_class.base_filters[name]) for name in single_valued(self.filterset_class)]
            ranks = [None] * (len(self.filterset_class.orders) - 1)  # all but the one by name
            return [(number, number, "", *ranks, *(fact(one) for fact in facts)) for number, (one, _parts) in numbered]
        return [(number, *pair) for number, (_one, parts) in numbered for pair in parts or [(None, None)]]


def _is_listed(record):
    """Say of a record what `published()` says of a row."""
    return record.is_published and record.status == RegistryStatus.ACTIVE and record.replaced_by_id is None


def _fact(filter_):
    """Return the function that gives the value of a facet at a record, as the list's index has it."""
    (path,) = filter_.paths(Institution)
    if not path.relations:
        return lambda record: _text(getattr(record, path.column.attname))
    (relation,) = path.relations
    known = dict(relation.related_model.objects.values_list("pk", path.column.name))
    return lambda record: known.get(getattr(record, relation.attname))


def _text(value):
    return value.isoformat() if isinstance(value, datetime.date) else value


def _records(since):
    """Return the records of all institutions of which there is one since a moment, the oldest first; three queries."""
    models = {"institution": Institution, "lab": Lab, "participation": Participation}
    is_touched = {kind: Q() for kind in models}
    for toucher, model in models.items():
        owners = model.history.filter(history_date__gte=since).order_by().values(OWNERS[toucher])
        for kind in models:
            is_touched[kind] |= Q(**{f"{OWNERS[kind]}__in": owners})
    records = []
    for kind, model in models.items():
        found = model.history.filter(is_touched[kind]).order_by()
        for record in found.filter(history_date__gte=since) if kind == "lab" else found:
            record.subject, record.owner = kind, record.id if kind == "institution" else record.institution_id
            records.append(record)
    return sorted(records, key=lambda record: (record.history_date, ORDER[record.subject], record.history_id))
