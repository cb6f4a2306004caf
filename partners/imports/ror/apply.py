"""The import of records: find or create their entries, then merge what changed."""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _

from ...entries import twins
from ...models import FormerSlug, Institution, NameKind, RegistryStatus
from ...models.history import in_trash, record_in_bulk
from ...models.registry import ROR_PREFIX
from .batch import SOURCE, Stored, Writes
from .cities import Cities
from .fields import fields_of_entry, fields_of_record, set_fields
from .merge import merge_fields, merge_links, merge_names
from .record import Record
from .report import Report
from .slugs import Slugs

SOURCE_NOTE = "Research Organization Registry (ror.org), CC0"
NOTHING = ("", None, False, [None, None])
NO_LINKS = {"replaced_by": None, "names": {}, "parents": [], "successors": []}


class Apply:
    """One import: first `create` for every batch, so that each record has its entry, then `merge` for every batch.

    Entries are matched by ROR id alone, because names are not unique.
    """

    def __init__(
        self,
        records: Collection[Record],
        report: Report,
        *,
        standing: str,
        publish: bool,
        bring_back: bool = False,
        dry_run: bool = False,
    ):
        self.report = report
        self.dry_run = dry_run
        self.standing = standing
        self.publish = publish
        self.cities = Cities(dry_run=dry_run)
        former = FormerSlug.objects.filter(lab=None).values_list("slug", flat=True)
        trashed = in_trash(Institution).values_list("slug", flat=True)
        self.slugs = Slugs([*Institution.objects.values_list("slug", flat=True), *former, *trashed])
        self.pks = dict(Institution.objects.exclude(ror_id="").values_list("ror_id", "pk"))
        self.replacements = dict(Institution.objects.exclude(replaced_by=None).values_list("pk", "replaced_by"))
        self.without_ror_id = dict(Institution.objects.filter(ror_id="").values_list("pk", "slug"))
        self.may_be_twins = twins.among(list(self.without_ror_id))
        self.created: set[int] = set()
        self.deleted = set() if bring_back else self._deleted()
        for record in records:
            self._look_over(record)

    def _deleted(self) -> set[str]:
        """Return the ROR ids of entries that somebody deleted, as far as none has them now."""
        gone = Institution.history.filter(history_type="-").exclude(ror_id="")
        return set(gone.order_by().values_list("ror_id", flat=True)) - self.pks.keys()

    def is_wanted(self, record: Record) -> bool:
        """Say whether a record is to have an entry; one that somebody deleted is skipped and named."""
        if record.ror_id in self.deleted:
            self.report.skip(_("deleted by an editor"), record.ror_id)
            return False
        return True

    def _look_over(self, record: Record) -> None:
        if record.place and self.cities.lies_elsewhere(record.place):
            record.place = record.place._replace(geonames_id=None)
            record.left_out.append(_("city known in another country"))
        if record.place and record.place.geonames_id and (renamed := self.cities.follow(record.place)):
            self.report.cities.append(renamed)
        for part in record.left_out:
            self.report.leave_out(part, record.ror_id)
        if not record.is_active:
            self.report.set_aside[record.status] += 1

    def create(self, records: Sequence[Record]) -> None:
        """Store the entries that are missing, without names and links."""
        missing = [record for record in records if record.ror_id not in self.pks]
        self.cities.add_missing(record.place for record in missing if record.place)
        entries = [self._new_entry(record) for record in missing]
        if self.dry_run:
            for number, entry in enumerate(entries, start=len(self.created) + 1):
                entry.pk = -number
        else:
            Institution.objects.bulk_create(entries)
            record_in_bulk(Institution, [entry.pk for entry in entries], "+", SOURCE)
        for entry, record in zip(entries, missing, strict=True):
            self.report.show(entry, ["new"])
            self.pks[entry.ror_id] = entry.pk
            self.created.add(entry.pk)
            self._name_twins(entry, record)

    def _name_twins(self, entry: Institution, record: Record) -> None:
        """Report the entries without ROR id that a new one may repeat, by the rule that an editor is told by.

        Those of another country are not among them: the registry has a Ministry of Health for each.
        """
        names = [name for name, (kind, _language) in record.names.items() if kind != NameKind.ACRONYM]
        known = twins.known_by([record.name, *names], website=record.website, city=entry.city_id)
        entries = self.may_be_twins.entries
        found = {
            key: reasons
            for key, reasons in self.may_be_twins.like(known).items()
            if entries[key].country in (None, entry.country_id)
        }
        if found:
            self.report.duplicates.append(f"{entry.name}, {entry.country_id}, {entry.ror_id}")
            self.report.show(entry, ["twin"])
            self.report.rows[entry.ror_id]["twins"] = [
                (key, self.without_ror_id[key], reasons) for key, reasons in found.items()
            ]

    def _new_entry(self, record: Record) -> Institution:
        entry = Institution(
            ror_id=record.ror_id,
            slug=self.slugs.take(record.name, self._qualifiers(record)),
            is_published=self.publish,
            source_note=SOURCE_NOTE,
        )
        set_fields(entry, fields_of_record(record) | {"standing": self._standing(record)}, self.cities)
        return entry

    def _qualifiers(self, record: Record) -> list[str]:
        identifier = record.ror_id.removeprefix(ROR_PREFIX)
        if not record.place:
            return [identifier]
        geonames_id = record.place.geonames_id
        return [self.cities.slug(geonames_id) if geonames_id else record.place.country.lower(), identifier]

    def _standing(self, record: Record) -> str:
        return self.standing if record.is_active else ""

    def merge(self, records: Sequence[Record]) -> None:
        """Update fields, names and links to what the records say, except what editors wrote."""
        if self.dry_run:
            self.report.created += sum(self.pks[record.ror_id] in self.created for record in records)
            records = [record for record in records if self.pks[record.ror_id] not in self.created]
        stored = Stored([record.ror_id for record in records], dry_run=self.dry_run)
        writable = {record.ror_id: self._merge_fields(record, stored) for record in records}
        self.cities.add_missing(r.place for r in records if r.place and "place" in writable[r.ror_id])
        writes = Writes(stored)
        unlisted = []
        for record in records:
            entry = stored.entries[record.ror_id]
            was_listed = entry.is_listed
            is_changed = self._merge_record(record, entry, writable[record.ror_id], writes)
            if entry.pk in self.created:
                self.report.created += 1
            elif is_changed:
                self.report.updated += 1
            else:
                self.report.unchanged += 1
            if was_listed and not entry.is_listed:
                unlisted.append(entry.pk)
        if not self.dry_run:
            writes.save()
        if unlisted:
            partners = Institution.objects.partners().filter(pk__in=unlisted)
            self.report.unlisted += [f"{entry.name}, {entry.country_id}, {entry.ror_id}" for entry in partners]

    def _before(self, record: Record, entry: Institution, stored: Stored) -> dict[str, Any] | None:
        """Return what the last import wrote into an entry, this import's own first step included."""
        if entry.pk in self.created:
            return NO_LINKS | fields_of_record(record) | {"standing": entry.standing}
        return stored.values.get(entry.pk)

    def _merge_fields(self, record: Record, stored: Stored) -> dict[str, Any]:
        entry = stored.entries[record.ror_id]
        new = fields_of_record(record) | {"replaced_by": None}
        if self._standing(record):
            new["standing"] = self.standing
        refused = stored.records[entry.pk].refused if entry.pk in stored.records else []
        new = {key: value for key, value in new.items() if key not in refused}
        return merge_fields(fields_of_entry(entry, self.cities), self._before(record, entry, stored), new)

    def _held(self, record: Record, entry: Institution, stored: Stored) -> dict[str, Any]:
        """Return what the registry says and an editor's value stands against, by field; it must say something."""
        said, old = fields_of_record(record), fields_of_entry(entry, self.cities)
        refused = stored.records[entry.pk].refused if entry.pk in stored.records else []
        return {
            key: value
            for key, value in said.items()
            if value not in NOTHING and value != old[key] and key not in refused
        }

    def _merge_record(self, record: Record, entry: Institution, fields: dict[str, Any], writes: Writes) -> bool:
        """Merge one record into its entry; say whether anything that people see changed."""
        stored, old_name = writes.stored, entry.name
        before = self._before(record, entry, stored) or NO_LINKS
        status = fields.get("status", entry.status)
        successors = [] if status == RegistryStatus.ACTIVE else self._present(record.successors)
        if "replaced_by" in fields:
            fields["replaced_by"] = self._replacement(record, entry, successors)
        old = fields_of_entry(entry, self.cities)
        changed = {key: value for key, value in fields.items() if value != old[key]}
        if changed:
            writes.add_entry(entry, set_fields(entry, changed, self.cities))
        held = self._held(record, entry, stored)
        names = merge_names(
            set(stored.name_pks[entry.pk]),
            before["names"],
            {record.name: [NameKind.OFFICIAL.value, record.language], **record.names},
            old_name,
            entry.name,
        )
        writes.add_names(entry.pk, names)
        wanted = {"parents": self._present(record.parents), "successors": successors if len(successors) > 1 else []}
        links = {
            key: merge_links(set(stored.link_pks[key][entry.pk]), set(before[key]), set(pks))
            for key, pks in wanted.items()
        }
        for key, merged in links.items():
            writes.add_links(entry.pk, key, merged)
        written = {key: merged.written for key, merged in links.items()} | {"names": names.written}
        writes.add_values(entry.pk, before | fields | written, held)
        states = ["held"] if held else []
        states += ["renamed"] if "name" in changed else []
        states += ["closed"] if "status" in changed and status != RegistryStatus.ACTIVE else []
        if changed or held:
            cells = [(key, old[key], value) for key, value in changed.items()]
            cells += [
                (key, value, held[key]) for key, value in fields_of_entry(entry, self.cities).items() if key in held
            ]
            self.report.show(entry, states + (["changed"] if changed else []), cells)
        return bool(changed or names.changes or any(merged.changes for merged in links.values()))

    def _present(self, ror_ids: Sequence[str]) -> list[int]:
        return [self.pks[ror_id] for ror_id in ror_ids if ror_id in self.pks]

    def _replacement(self, record: Record, entry: Institution, successors: Sequence[int]) -> int | None:
        """Return the key of the only successor, or None; also None if the entry replaced that one."""
        self.replacements.pop(entry.pk, None)
        if len(successors) != 1:
            return None
        chain = [successors[0]]
        while (following := self.replacements.get(chain[-1])) and following not in chain:
            chain.append(following)
        if entry.pk in chain:
            self.report.leave_out(_("successor that it replaced itself"), record.ror_id)
            return None
        self.replacements[entry.pk] = successors[0]
        return successors[0]
