"""What an uploaded list would change, shown before it is written, and written only if it is still that."""

import hashlib
import json
from collections.abc import Iterator

from django.utils.translation import gettext as _

from ...exports import csv_cells
from ...models import read_snapshot
from ..uploads import Upload
from .compare import FileRow, in_words
from .file import MISTAKE, ListFileError, Mistake, Mistakes, read_list, shown
from .kinds import InstitutionFile, LabFile
from .load import Plan, compare, missing, write
from .twins import name_twins

STATES = ("new", "changed", "mistake", "twin", "meanwhile")
LINE = "line"  # the column that says which line of a file is corrected


class ChangedError(Exception):
    """What would be written is no longer what was shown."""


def work(upload: Upload, user=None) -> None:
    """Do what is wanted of an upload, and store how it went.

    :raises ChangedError: when the directory has changed since the preview; the new one is stored then.
    """
    if upload.wanted == "compare":
        _compare(upload)
        return
    upload.save(step="writing", read=0)

    def compared():
        plan = _plan(upload)
        if digest(plan) != upload.summary["digest"]:
            raise ChangedError
        if upload.options.get("set_aside") and _hash(sorted(plan.set_aside)) != upload.summary.get("missing_digest"):
            raise ChangedError
        return plan

    try:
        plan = write(compared, upload.name, user)
    except (ChangedError, ListFileError) as error:
        _compare(upload)
        raise ChangedError from error
    except BaseException:
        upload.save(step="compared")
        raise
    summary = {"new": len(plan.new), "changed": len(plan.changed), "set_aside": len(plan.set_aside)}
    upload.save(step="written", summary=upload.summary | {"written": summary})


def _compare(upload):
    # Without what was ticked, which was of another preview.
    upload.save(step="comparing", wanted="compare", read=0, problem="", options={})
    try:
        with read_snapshot():
            plan = _plan(upload)
            name_twins(plan.rows)
            summary = _summary(plan)
            upload.write_rows(_rows(plan))
    except BaseException:
        upload.save(step="failed")
        raise
    upload.save(step="compared", summary=summary)


def _plan(upload: Upload) -> Plan:
    replaced = upload.options.get("replaced", [])
    with upload.file.open("rb") as file:
        return compare(
            file,
            replaced=None if replaced == "all" else {(line, column) for line, column in replaced},
            set_aside=bool(upload.options.get("set_aside")),
            progress=lambda read: upload.save(read=read),
            corrections=upload.corrections,
        )


def corrected_lines(file) -> dict[int, dict[str, str]]:
    """Return {line of the first file: its cells by column} of a list of mistakes that comes back.

    :raises ListFileError: for a file that cannot be read whole, or does not say which lines it corrects.
    """
    mistakes = Mistakes()
    source = read_list(file, mistakes)
    if LINE not in source.header:
        mistakes.add(1, {}, _("the column “%(column)s” is missing: it says which line is corrected") % {"column": LINE})
    lines = {}
    for row in source.rows:
        cells = dict(zip(source.header, row.cells, strict=True))
        if (line := cells.pop(LINE, "")).isdecimal() and len(line) < 10:
            lines[int(line)] = cells
    if mistakes.count:
        raise ListFileError(mistakes)
    return lines


def mistaken_lines(upload: Upload) -> Iterator[list[str]]:
    """Yield the header and the lines with mistakes, as CSV has cells, each with its number and what to correct."""
    advice: dict[int, list[str]] = {}
    for row in upload.rows({"mistake"}, 0, 10_000)[0]:
        advice.setdefault(row["line"], []).append(row["advice"])
    corrections = upload.corrections
    with upload.file.open("rb") as file:
        source = read_list(file, Mistakes())
        header = [name for name in source.header if name not in (LINE, MISTAKE)]
        yield [*header, LINE, MISTAKE]
        for row in source.rows:
            if row.line in advice:
                cells = dict(zip(source.header, row.cells, strict=True)) | corrections.get(row.line, {})
                [cell] = csv_cells(["; ".join(advice[row.line])])
                yield [*(cells[name] for name in header), str(row.line), cell]


def _summary(plan: Plan) -> dict:
    counts = dict.fromkeys(STATES, 0)
    for row in plan.rows:
        for state in _states(row):
            counts[state] += 1
    lacking = []
    if isinstance(plan.kind, InstitutionFile) and not plan.mistakes.count:
        lacking = list(missing(plan).order_by("sort_key", "pk").values_list("slug", "name"))
    return counts | {
        "form": plan.form,
        "columns": plan.header,
        "is_of_labs": isinstance(plan.kind, LabFile),
        "read": plan.read,
        "unchanged": plan.unchanged,
        "mistake": plan.mistakes.count,
        # What names no cell concerns the file, or a line that does not fit the header.
        "correctable": any(mistake.cells for mistake in plan.mistakes),
        "missing": len(lacking),
        "missing_names": [name for _slug, name in lacking[:10]],
        "missing_digest": _hash(sorted(slug for slug, _name in lacking)),
        "digest": digest(plan),
        "writes": bool(plan.writes),
    }


def _states(row: FileRow) -> list[str]:
    states = ["new" if row.is_new else "changed"] if row.is_new or row.new else []
    return states + ["twin"] * bool(row.twins) + ["meanwhile"] * bool(row.meanwhile)


def _rows(plan: Plan) -> Iterator[dict]:
    for mistake in plan.mistakes:
        yield _mistake(mistake, plan.names.get(mistake.line, ""))
    for row in plan.rows:
        cells = [(column, value, False) for column, value in row.new.items()]
        cells += [(column, value, True) for column, value in row.meanwhile.items()]
        yield {
            "line": row.line,
            "key": row.key,
            "slug": row.slug,
            "title": row.title or row.slug,
            "states": _states(row),
            "twins": row.twins,
            "cells": [
                {
                    "column": column,
                    "old": "" if row.is_new else in_words(row.old[column]),
                    "new": in_words(value),
                    "is_meanwhile": is_meanwhile,
                }
                for column, value, is_meanwhile in cells
            ],
        }


def _mistake(mistake: Mistake, name: str) -> dict:
    cells = [{"column": column, "new": shown(cell), "old": ""} for column, cell in mistake.cells.items()]
    return {"line": mistake.line, "title": shown(name), "states": ["mistake"], "advice": mistake.advice, "cells": cells}


def digest(plan: Plan) -> str:
    """Return what tells one preview from another: each cell with its old and its new value, whoever edited it."""
    changes = [
        [row.line, row.slug if not row.is_new else "", column, *csv_cells([row.old[column]]), *csv_cells([value])]
        for row in plan.rows
        for column, value in sorted({**row.new, **row.meanwhile}.items())
    ]
    return _hash(changes)


def _hash(value) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()
