"""Which records of the history everybody may read."""

from functools import cache

from django.db.models import Exists, F, Func, OuterRef, Subquery

from .institution import Institution
from .lab import Lab
from .operation import Operation
from .participation import Participation

MODELS = {"institution": Institution, "lab": Lab, "participation": Participation}
OWNERS = {"institution": "id", "lab": "institution", "participation": "institution"}  # field with an institution's key
MERGES = (Operation.Kind.MERGE, Operation.Kind.UNMERGE)  # told by the institution's own record of it alone
LABS = {"lab": "id", "participation": "lab"}  # field with a lab's key


@cache
def public_records(kind):
    """Return the records of a kind from when its institution was last made public; a draft's are never shown.

    Cached, because making the queryset takes longer than the database does: filter it further, never evaluate it.
    """
    drafts = Institution.history.filter(is_published=False, id=OuterRef(OWNERS[kind])).order_by()
    made_public = Institution.history.filter(
        is_published=True,
        id=OuterRef("id"),
        history_date__gt=OuterRef("history_date"),
        history_date__lte=OuterRef(OuterRef("history_date")),
    ).order_by()
    return MODELS[kind].history.filter(~Exists(drafts.filter(~Exists(made_public)))).order_by()


@cache
def told_records(kind):
    """Return those of which each is a change: what comes along with a merge is told with the institution."""
    if kind == "institution":
        return public_records(kind)
    merges = Operation.objects.filter(kind__in=MERGES, pk=OuterRef("operation")).order_by()
    return public_records(kind).filter(~Exists(merges))


def number_of_changes(institutions):
    """Return (pk, number of told records) of each institution, those of its labs and roles among them."""
    numbers = [
        Subquery(
            told_records(kind)
            .filter(**{owner: OuterRef("pk")})
            .annotate(number=Func(F("history_id"), function="COUNT"))  # not `Count()`, which would group
            .values("number")
        )
        for kind, owner in OWNERS.items()
    ]
    return institutions.order_by().values_list("pk", sum(numbers[1:], numbers[0]))
