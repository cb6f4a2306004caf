"""The state of a row by its history: a file marks it, and an import finds by it what others edited since."""

from django.db.models import Max

from ..models import Institution, InstitutionName, Lab, Participation
from ..models.keys import PlainRows


def _newest(history, owner):
    return PlainRows(
        lambda keys: (
            history.objects.filter(**{f"{owner}__among": keys})
            .order_by()
            .values_list(owner)
            .annotate(Max("history_id"))
        )
    )


_newest_of = {model: _newest(model.history.model, "id") for model in (Institution, Lab)}
_newest_of_roles = _newest(Participation.history.model, "institution")
_newest_of_names = _newest(InstitutionName.history.model, "institution")


def as_of(model):
    """Return the values of a column that marks the state of each row: its newest records, its own and its roles'.

    An institution has those of its names, too. It reads keys of institutions: of the rows themselves, or of those that
    labs belong to. Two queries, three for institutions.
    """

    def values(chunk, institutions):
        own, roles = dict(_newest_of[model](chunk.keys)), dict(_newest_of_roles(list(set(institutions))))
        marks = [
            f"h{own.get(key, 0)}r{roles.get(institution, 0)}"
            for key, institution in zip(chunk.keys, institutions, strict=True)
        ]
        if model is not Institution:
            return marks
        names = dict(_newest_of_names(chunk.keys))
        return [f"{mark}n{names.get(key, 0)}" for key, mark in zip(chunk.keys, marks, strict=True)]

    return values
