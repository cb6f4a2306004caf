"""What an uploaded release would change, shown before it is written."""

from collections import Counter

from django.utils.translation import gettext as _

from ...models.statistics import refresh_statistics
from ..uploads import Upload
from .load import import_release
from .release import UnreadableReleaseError


def work(upload: Upload, user=None) -> None:
    """Compare a release, or write it, and store how it went; what others edit meanwhile stays, as in every import."""
    is_written = upload.wanted == "write"
    upload.save(step="writing" if is_written else "comparing")
    wanted = {name: upload.options[name] for name in ("countries", "standing", "bring_back")}
    try:
        report = import_release(upload.file, **wanted, dry_run=not is_written, label=upload.name, user=user)
    except UnreadableReleaseError as error:
        problem = _("%(error)s Nothing was written.") % {"error": f"{error}."}
        upload.save(step="failed", problem=problem)
        return
    except BaseException:
        upload.save(step="failed")
        raise
    if is_written:
        upload.save(step="written", summary=upload.summary | {"report": str(report).splitlines()})
        refresh_statistics()
        return
    upload.write_rows({"line": "", "twins": []} | row for row in report.rows.values())
    counts = Counter(state for row in report.rows.values() for state in set(row["states"]))
    upload.save(step="compared", summary=dict(counts) | {"report": str(report).splitlines()})
