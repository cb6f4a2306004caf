"""Entries that a new row of a file may repeat, by the rule that tells an editor of twins while a name is typed."""

from collections.abc import Iterable

from ...entries.twins import NAME, Directory, directory, known_by
from ...models import Institution
from .compare import FileRow, Twin

AT_MOST = 5  # of a row


def name_twins(rows: Iterable[FileRow]) -> None:
    """Let each new institution of a file know its twins, the likeliest first; some five queries."""
    new = [row for row in rows if row.known]
    if not new:
        return
    with directory() as held:
        found = [held.like(row.known) for row in new]
    keys = {key for twins in found for key in twins}
    slugs = dict(Institution.objects.filter(pk__among=sorted(keys)).values_list("pk", "slug"))
    of_file = Directory()
    for row, twins in zip(new, found, strict=True):
        row.twins = [Twin(key, slugs[key], reasons) for key, reasons in twins.items() if key in slugs]
        row.twins += [Twin(None, slug, reasons) for slug, reasons in of_file.like(row.known).items()]
        row.twins = sorted(row.twins, key=lambda twin: (-len(twin.reasons), twin.slug))[:AT_MOST]
        of_file.put(row.slug, row.known)


def lab_twins(name, labs):
    """Return the labs of an institution whose names are one with a new lab's."""
    names = known_by([name]).names
    return [Twin(lab.pk, lab.slug, (NAME,)) for lab in labs if names & known_by([lab.name]).names]
