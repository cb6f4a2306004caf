"""What came along when two entries became one, or came apart again: told with the entry, as one change."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from ...models import Institution, Lab, Participation

OF_ROLES = ("institution", "role", "state")


@dataclass
class Came:
    """What a merge, or its undoing, brought to one entry."""

    others: list[str] = field(default_factory=list)  # names of the other entry, unless it is or was a draft
    labs: list[int] = field(default_factory=list)  # keys
    roles: list[tuple[str, str]] = field(default_factory=list)  # (code, state)


def came_with(operations):
    """Return {(operation, institution): Came} of merges and their undoing; four queries."""
    found = defaultdict(Came)
    entries = Institution.history.filter(operation__among=operations).order_by("history_id")
    not_drafts = Institution.objects.filter(is_published=True, pk=OuterRef("id"))
    public = list(entries.filter(Exists(not_drafts), is_published=True).values_list("operation", "id", "name"))
    for done, key in entries.values_list("operation", "id"):
        of_others = (name for other_done, other, name in public if other_done == done and other != key)
        found[done, key].others = list(dict.fromkeys(of_others))
    labs = Lab.history.filter(operation__among=operations).exclude(history_type="-").order_by("history_id")
    for done, owner, key in dict.fromkeys(labs.values_list("operation", "institution", "id")):
        found[done, owner].labs.append(key)
    parts = Participation.history.filter(operation__among=operations).exclude(history_type="-").order_by("history_id")
    last = {(done, key): rest for done, key, *rest in parts.values_list("operation", "id", *OF_ROLES)}
    for (done, _key), (owner, role, state) in last.items():
        found[done, owner].roles.append((role, state))
    return found
