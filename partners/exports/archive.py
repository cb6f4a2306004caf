"""Several tables in one archive, with a description that programs read: a Data Package (https://datapackage.org)."""

import datetime
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.utils import timezone

from .csv_file import write_csv
from .formats import ARCHIVE_TYPE, Export, written_at_once
from .table import Table

TYPES = {str: "string", int: "integer", float: "number", list: "string", datetime.date: "date"}


@dataclass(frozen=True)
class Resource:
    """A table of an archive: what its columns hold, by their names, and which of them refer to other tables."""

    table: Table
    holds: Mapping[str, type] = field(default_factory=dict)  # of a column that is not named here: texts
    key: Sequence[str] = ()
    refers: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # column -> (table, its column)

    def description(self) -> dict[str, Any]:
        """Return what the package says of the table."""
        fields = [
            {"name": one.name, "type": TYPES[self.holds.get(one.name, str)], "description": str(one.help)}
            for one in self.table.columns
        ]
        schema = {"fields": fields, "missingValues": [""]}
        if self.key:
            schema["primaryKey"] = list(self.key)
        if self.refers:
            schema["foreignKeys"] = [
                {"fields": column, "reference": {"resource": name, "fields": other}}
                for column, (name, other) in self.refers.items()
            ]
        named = {"name": self.table.name, "path": f"{self.table.name}.csv", "profile": "tabular-data-resource"}
        return named | {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": schema}


def write_archive(name: str, resources: Sequence[Resource], about: Mapping[str, Any]) -> Export:
    """Write tables as CSV with `datapackage.json`, or leave nothing behind; the rows are those of the first table."""
    package = {"profile": "tabular-data-package", "name": name, **about}
    package["resources"] = [one.description() for one in resources]

    def write_into(file: BinaryIO) -> int:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("datapackage.json", json.dumps(package, ensure_ascii=False, indent=1))
            counts = []
            for one in resources:
                with archive.open(f"{one.table.name}.csv", "w") as member:
                    counts.append(write_csv(one.table, member, mark=b""))
        return counts[0]

    file, row_count = written_at_once(write_into)
    return Export(file, row_count, f"{name}-{timezone.localdate()}.zip", ARCHIVE_TYPE)
