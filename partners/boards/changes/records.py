"""Which records everybody may read."""

from functools import cache

from django.db.models import Exists, OuterRef

from ...models import Institution, Lab, Participation

MODELS = {"institution": Institution, "lab": Lab, "participation": Participation}
OWNERS = {"institution": "id", "lab": "institution", "participation": "institution"}  # field with an institution's key
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
def previous_record(kind):
    """Return a subquery: the key of the previous public record of the same row, in the same institution."""
    same = {name: OuterRef(name) for name in {"id", OWNERS[kind]}}
    earlier = public_records(kind).filter(history_id__lt=OuterRef("history_id"), **same)
    return earlier.order_by("-history_id").values("history_id")[:1]
