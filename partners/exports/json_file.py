"""JSON: one object with one result a line."""

import json
import tempfile
from operator import methodcaller
from typing import BinaryIO

from .table import Table, rows_of


def write_json(table: Table, file: BinaryIO) -> int:
    """Write one object: a head with count, filter, time, link and licence, then one result a line.

    The results wait in a second temporary file, because their count comes first.
    """
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=methodcaller("isoformat")).encode
    names = [column.name for column in table.columns]
    with tempfile.TemporaryFile() as results:
        row_count = 0
        for values in rows_of(table):
            row_count += 1
            line = encode(dict(zip(names, values, strict=True)))
            results.write(f"{',' if row_count > 1 else ''}\n{line}".encode())
        of_text = {name: getattr(table.about, name) for name in ("match", "read_as", "left_out", "unknown")}
        head = {
            "count": row_count,
            "filter": table.about.filter,
            "generated": table.about.generated.isoformat(timespec="seconds"),
            "url": table.about.url,
            "licence": table.about.licence,
        } | {name: value for name, value in of_text.items() if value}
        file.write(encode(head).removesuffix("}").encode() + b', "results": [')
        results.seek(0)
        file.writelines(results)
        file.write(b"\n]}\n")
    return row_count
