"""An edit of a row, and what visitors are told of it."""

from partners.boards.changes import Timeline
from partners.lists.filters import InstitutionFilter


def edit(row, **fields):
    """Save a row with some fields changed, as an editor would."""
    row = type(row).objects.get(pk=row.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def shown_changes():
    """Return (action, title, what is said of each field) of every change, newest first."""
    changes = Timeline(InstitutionFilter.asking().results)[:1000]
    return [(change.action, change.title, [str(field) for field in change.fields]) for change in changes]
