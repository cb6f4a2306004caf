"""The import of a release of the Research Organization Registry, all or nothing."""

from collections.abc import Collection
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from tqdm import tqdm

from ...models import Country, Operation, read_snapshot
from ...models.operation import operation
from .apply import Apply
from .record import BrokenRecordError, Record, SkippedRecordError, identify, read_record
from .release import UnreadableReleaseError, stream_records
from .report import Report

BATCH_SIZE = 500  # records; an old SQLite takes 999 variables in a query


def import_release(
    path: Path,
    *,
    countries: Collection[str] = (),
    standing: str = "",
    publish: bool = True,
    bring_back: bool = False,
    dry_run: bool = False,
    label: str = "",
    user=None,
) -> Report:
    """Store the records of a release and report what changed; a second run changes nothing.

    Reads the whole file before it writes, then writes in one transaction: about 15 queries for 500 records. A dry run
    reads in one snapshot, and nobody waits for it. `standing` goes to entries that only the registry wrote, `publish`
    only to new ones. What an editor deleted does not come back, unless `bring_back` asks for it.

    :raises UnreadableReleaseError: when the file or one record of it is broken; nothing is written then.
    """
    report = Report()
    records = _read(path, countries, report)
    options = {"standing": standing, "publish": publish, "bring_back": bring_back, "dry_run": dry_run}
    with (
        operation(Operation.Kind.REGISTRY, label or path.name, user),
        read_snapshot() if dry_run else transaction.atomic(),
        tqdm(total=2 * len(records), desc=_("Writing"), disable=None, leave=False) as bar,
    ):
        apply = Apply(records, report, **options)
        records = list(filter(apply.is_wanted, records))
        for step in (apply.create, apply.merge):
            for start in range(0, len(records), BATCH_SIZE):
                batch = records[start : start + BATCH_SIZE]
                step(batch)
                bar.update(len(batch))
        apply.cities.save()
    return report


def _read(path: Path, countries: Collection[str], report: Report) -> list[Record]:
    """Return the records to store, active ones first, then by ROR id: the first of a name gets the short address."""
    known = set(Country.objects.values_list("code", flat=True))
    records: dict[str, Record] = {}
    for position, raw in enumerate(stream_records(path), start=1):
        try:
            record = read_record(raw)
        except BrokenRecordError as error:
            detail = {"position": position, "ror_id": identify(raw) or _("no id"), "error": error}
            raise UnreadableReleaseError(_("Record %(position)d (%(ror_id)s): %(error)s") % detail) from error
        except SkippedRecordError as reason:
            report.skip(str(reason), identify(raw))
            continue
        country = record.place and record.place.country
        if countries and country not in countries:
            report.skip(_("in another country"), record.ror_id)
        elif country and country not in known:
            report.skip(_("its country code is unknown"), record.ror_id)
        elif record.ror_id in records:
            report.skip(_("stands in the file twice"), record.ror_id)
        else:
            records[record.ror_id] = record
    return sorted(records.values(), key=lambda record: (not record.is_active, record.ror_id))
