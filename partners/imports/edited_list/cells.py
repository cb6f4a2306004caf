"""What the cells of the list of institutions say: read back as the export writes them, or as people type them.

A file may change what a cell says whole: name, kind, country, point, standing and days of the agreement, website, year
of foundation, day of verification, and roles. The other columns may stand there as they are. Names at home, acronyms
and labs are rows of their own, of which a cell shows a part, and cities share their names; `slug` says whose the row
is, so a new one would be that of another institution; `url` and `country_name` follow from other columns; and by the
ROR id the registry finds its entry again.
"""

import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from math import isclose

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...exports import Value, split_list, unguard_formula
from ...lists.file_rows import role_text
from ...models import Kind, Role, Standing, State

DAYS = ("%Y-%m-%d", "%d.%m.%Y")  # the second is what a spreadsheet makes of the first in Russian; the dots say so
DEGREES = re.compile(r"-?\d{1,3}([.,]\d+)?", re.ASCII)
YEAR = re.compile(r"\d{1,4}", re.ASCII)
SAME_POINT = 1e-7  # degrees, a centimetre: spreadsheets round to what they show

IN_ADMIN = gettext_lazy("this is edited in the admin: put back “%(old)s”, or delete the column")
EDITED_ELSEWHERE = dict.fromkeys(("native_name", "acronym", "ror_id", "city", "labs"), IN_ADMIN) | {
    "url": gettext_lazy("this follows from the slug, which is edited in the admin: put back “%(old)s”"),
    "country_name": gettext_lazy("this follows from “country”: write a code there, and put back “%(old)s”"),
}


class WrongCellError(ValueError):
    """Say what to write instead."""


def readers(countries: Collection[str]) -> dict[str, Callable[[str], Value]]:
    """Return {column: what reads its cells}, for columns with more than a text; one query.

    Readers raise `WrongCellError`; an empty cell is nothing.
    """
    return {
        "kind": _reader_of_choices(Kind.values, _("write one of these: %(values)s")),
        "standing": _reader_of_choices(Standing.values, _("write one of these, or nothing: %(values)s")),
        "country": _reader_of_choices(countries, _("write a country's ISO 3166-1 code, for example KZ, or nothing")),
        **dict.fromkeys(("latitude", "longitude"), read_degrees),
        **dict.fromkeys(("expected_on", "signed_on", "valid_until", "verified_on"), read_day),
        "founded": read_year,
        "roles": _reader_of_roles(Role.objects.values_list("code", flat=True)),
        "labs": lambda cell: split_list(unguard_formula(cell)),
        "url": lambda cell: re.sub(r"\Ahttps?://[^/]*", "", cell),  # the command knows no host
    }


def read_text(cell: str) -> str | None:
    """Return a text without the spaces around it."""
    return unguard_formula(cell).strip() or None


def read_day(cell: str) -> date | None:
    """Return a day.

    :raises WrongCellError: for what could be read in two ways, and for what is none.
    """
    text = read_text(cell)
    for form in DAYS if text else ():
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    if text:
        raise WrongCellError(_("write the day as 2026-11-22 or 22.11.2026, or nothing"))
    return None


def read_degrees(cell: str) -> float | None:
    """Return a coordinate; the decimal sign may be a comma.

    :raises WrongCellError: for what is no number of degrees.
    """
    text = read_text(cell)
    if text and not DEGREES.fullmatch(text):
        raise WrongCellError(_("write degrees as 55.79, or nothing"))
    return float(text.replace(",", ".")) if text else None


def read_year(cell: str) -> int | None:
    """Return a year.

    :raises WrongCellError: for what is none.
    """
    text = read_text(cell)
    if text and not YEAR.fullmatch(text):
        raise WrongCellError(_("write the year as 1804, or nothing"))
    return int(text) if text else None


def _reader_of_choices(values: Collection[str], advice: str) -> Callable[[str], str | None]:
    def read(cell):
        text = read_text(cell)
        if text and text not in values:
            raise WrongCellError(advice % {"values": ", ".join(values)})
        return text

    return read


def _reader_of_roles(codes: Collection[str]) -> Callable[[str], list[str]]:
    known = {role_text(code, state) for code in codes for state in State.values}

    def read(cell):
        texts = [text.strip() for text in split_list(unguard_formula(cell)) if text.strip()]
        if set(texts) <= known:
            return texts
        options = {"codes": ", ".join(codes), "states": ", ".join(State.values)}
        advice = _("write roles as “code (state); code (state)”. Codes: %(codes)s. States: %(states)s")
        raise WrongCellError(advice % options)

    return read


def role_and_state(text: str) -> tuple[str, str]:
    """Undo `role_text`."""
    role, _space, state = text.partition(" ")
    return role, state.strip("()")


def is_same(old: Value, new: Value) -> bool:
    """Say whether a cell that is written in another way says what the directory says."""
    if isinstance(old, float) and isinstance(new, float):
        return isclose(old, new, rel_tol=0, abs_tol=SAME_POINT)
    if isinstance(old, list) and isinstance(new, list):
        return set(old) == set(new)
    return (old or None) == new
