"""What the directory stores for a batch of records, and the rows to write for it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from ...models import Institution, InstitutionName, InstitutionParent, InstitutionSuccessor, RegistryRecord
from ...models.history import record_in_bulk
from .merge import Links, Name, Names

SOURCE = "ROR"  # the source of a name, the reason of a change
LINKS = {"parents": InstitutionParent, "successors": InstitutionSuccessor}


class Stored:
    """The entries of some ROR ids with their names, links and last registry values; five queries.

    The entries are locked, unless nothing is to be written.
    """

    def __init__(self, ror_ids: Collection[str], *, dry_run: bool = False):
        entries = Institution.objects.filter(ror_id__in=ror_ids)
        entries = entries if dry_run else entries.select_for_update()
        self.entries = {entry.ror_id: entry for entry in entries}
        pks = [entry.pk for entry in self.entries.values()]
        self.records = RegistryRecord.objects.in_bulk(pks)
        self.values = {pk: record.values for pk, record in self.records.items()}
        self.name_pks: dict[int, dict[Name, int]] = defaultdict(dict)
        names = InstitutionName.objects.filter(institution__in=pks).order_by()
        for pk, institution, *name in names.values_list("pk", "institution", "value", "kind", "language"):
            self.name_pks[institution][tuple(name)] = pk
        self.link_pks = {key: self._links(through, pks) for key, through in LINKS.items()}

    @staticmethod
    def _links(through: type, pks: Collection[int]) -> dict[int, dict[int, int]]:
        links: dict[int, dict[int, int]] = defaultdict(dict)
        rows = through.objects.filter(from_institution__in=pks)
        for pk, source, target in rows.values_list("pk", "from_institution", "to_institution"):
            links[source][target] = pk
        return links


@dataclass
class Writes:
    """Rows of one batch, collected and then written kind by kind."""

    stored: Stored
    entries: list[Institution] = field(default_factory=list)
    entry_fields: set[str] = field(default_factory=set)
    new_names: list[InstitutionName] = field(default_factory=list)
    changed_names: list[InstitutionName] = field(default_factory=list)
    old_names: list[int] = field(default_factory=list)
    new_links: dict[str, list] = field(default_factory=lambda: defaultdict(list))
    old_links: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    new_values: list[RegistryRecord] = field(default_factory=list)
    changed_values: list[RegistryRecord] = field(default_factory=list)

    def add_entry(self, entry: Institution, fields: set[str]) -> None:
        self.entries.append(entry)
        self.entry_fields |= fields

    def add_names(self, pk: int, names: Names) -> None:
        pks = self.stored.name_pks[pk]
        for value, (kind, language) in names.add.items():
            self.new_names.append(
                InstitutionName(institution_id=pk, value=value, kind=kind, language=language, source=SOURCE)
            )
        for name, (kind, language) in names.change.items():
            self.changed_names.append(InstitutionName(pk=pks[name], kind=kind, language=language))
        self.old_names += [pks[name] for name in names.remove]

    def add_links(self, pk: int, key: str, links: Links) -> None:
        through = LINKS[key]
        self.new_links[key] += [
            through(from_institution_id=pk, to_institution_id=target) for target in sorted(links.add)
        ]
        self.old_links[key] += [self.stored.link_pks[key][pk][target] for target in links.remove]

    def add_values(self, pk: int, values: dict[str, Any], held: dict[str, Any]) -> None:
        record = self.stored.records.get(pk)
        if record is None:
            self.new_values.append(RegistryRecord(institution_id=pk, values=values, held=held))
        elif (record.values, record.held) != (values, held):
            record.values, record.held = values, held
            self.changed_values.append(record)

    def save(self) -> None:
        """Write everything; a fixed number of statements for each kind of row, none for a kind without rows."""
        if self.entries:
            Institution.objects.bulk_update(self.entries, sorted(self.entry_fields))
            record_in_bulk(Institution, [entry.pk for entry in self.entries], "~", SOURCE)
        if self.old_names:
            old_names = InstitutionName.objects.filter(pk__in=self.old_names)
            record_in_bulk(InstitutionName, self.old_names, "-", SOURCE)
            old_names._raw_delete(old_names.db)  # nothing points to a name; else each would be read and recorded alone
        if self.changed_names:
            InstitutionName.objects.bulk_update(self.changed_names, ["kind", "language"])
            record_in_bulk(InstitutionName, [name.pk for name in self.changed_names], "~", SOURCE)
        if self.new_names:
            InstitutionName.objects.bulk_create(self.new_names)
            record_in_bulk(InstitutionName, [name.pk for name in self.new_names], "+", SOURCE)
        for key, through in LINKS.items():
            if self.old_links[key]:
                old_links = through.objects.filter(pk__in=self.old_links[key])
                record_in_bulk(through, self.old_links[key], "-", SOURCE)
                old_links._raw_delete(old_links.db)
            through.objects.bulk_create(self.new_links[key])
        RegistryRecord.objects.bulk_create(self.new_values)
        if self.changed_values:
            RegistryRecord.objects.bulk_update(self.changed_values, ["values", "held"])
