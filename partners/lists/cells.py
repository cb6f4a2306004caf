"""What the cells of an edited file say: read back as files have them, or as people type them."""

import re
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import date
from functools import cached_property

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from ..exports import split_list, unguard_formula
from ..models import Role, State
from .gather import names_of_countries, role_text

# A midnight is no part of a day, in whatever zone: the day is the one that is written.
_MIDNIGHT = r"(?:[T ]0?0:00(?::00(?:\.0+)?)?(?:Z|[-+]\d\d:?\d\d)?)?"
# Dots say that the day comes first. Other signs do not: what two forms read as two days is refused.
DAYS = tuple(
    re.compile(form + _MIDNIGHT, re.ASCII)
    for form in (
        r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})",
        r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日",
        r"(?P<day>\d{1,2})\.[ \u00a0]?(?P<month>\d{1,2})\.[ \u00a0]?(?P<year>\d{4})",
        r"(?P<day>\d{1,2})(?P<sign>[-/])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{4})",
        r"(?P<month>\d{1,2})(?P<sign>[-/])(?P<day>\d{1,2})(?P=sign)(?P<year>\d{4})",
    )
)
# A spreadsheet shortens a number to 4,325249E+01.
DEGREES = re.compile(r"[-+]?(\d{1,3}([.,]\d+)?|\d([.,]\d+)?E[-+]\d\d)", re.ASCII)
# A spreadsheet shows a number with thousands apart or with a fraction of nothing; a year is nothing else.
YEAR = re.compile(r"(\d{1,4}|\d[ ,.'’\u00a0\u202f]\d{3})(?:[.,]0+)?", re.ASCII)
OF_LAB = "@"


class WrongCellError(ValueError):
    """Say what to write instead, and in which columns, where these are not those that are read."""

    def __init__(self, advice: str, columns: tuple[str, ...] = ()):
        super().__init__(advice)
        self.columns = columns


class Codes:
    """The codes that the cells of one file may name, each kind read once; one query a kind."""

    @cached_property
    def countries(self) -> dict[str, str]:
        """Return {code: name in English}, as files have them."""
        with override(settings.LANGUAGE_CODE):
            return names_of_countries()

    @cached_property
    def roles(self) -> list[str]:
        """Return the codes of the roles in their order."""
        return list(Role.objects.values_list("code", flat=True))

    @cached_property
    def role_texts(self) -> set[str]:
        """Return what a file can say of roles."""
        return {role_text(code, state) for code in self.roles for state in State.values}


def read_text(cell: str, _codes: Codes | None = None) -> str | None:
    """Return a text without the spaces around it."""
    return unguard_formula(cell).strip() or None


def read_list(cell: str, _codes: Codes) -> list[str]:
    """Return the values of a list."""
    return split_list(unguard_formula(cell))


def read_address(cell: str, _codes: Codes) -> str:
    """Return the path of an address: what reads a file knows no host."""
    return re.sub(r"\Ahttps?://[^/]*", "", cell)


def read_day(cell: str, _codes: Codes) -> date | None:
    """Return a day.

    :raises WrongCellError: for what could be read in two ways, and for what is none.
    """
    text = read_text(cell)
    if not text:
        return None
    days = set()
    for found in filter(None, (form.fullmatch(text) for form in DAYS)):
        with suppress(ValueError):  # such as 30 February
            days.add(date(*(int(found[part]) for part in ("year", "month", "day"))))
    if len(days) == 1:
        return days.pop()
    raise WrongCellError(_("write the day as 2026-11-22 or 22.11.2026, or nothing"))


def read_degrees(cell: str, _codes: Codes) -> float | None:
    """Return a coordinate; the decimal sign may be a comma.

    :raises WrongCellError: for what is no number of degrees.
    """
    text = (read_text(cell) or "").replace("−", "-")
    if text and not DEGREES.fullmatch(text):
        raise WrongCellError(_("write degrees as 55.79, or nothing"))
    return float(text.replace(",", ".")) if text else None


def read_year(cell: str, _codes: Codes) -> int | None:
    """Return a year.

    :raises WrongCellError: for what is none.
    """
    text = read_text(cell)
    if not text:
        return None
    if not (found := YEAR.fullmatch(text)):
        raise WrongCellError(_("write the year as 1804, or nothing"))
    return int(re.sub(r"\D", "", found[1]))


def read_country(cell: str, codes: Codes) -> str | None:
    """Return the code of a country.

    :raises WrongCellError: for another one.
    """
    advice = _("write a country's ISO 3166-1 code, for example KZ, or nothing")
    return _one_of(codes.countries, cell, advice)


def reader_of(choices, advice) -> Callable[[str, Codes], str | None]:
    """Return what reads one of the codes of choices; others are wrong, and the advice names `%(values)s`."""
    return lambda cell, _codes: _one_of(choices.values, cell, advice)


def read_roles(cell: str, codes: Codes) -> list[str]:
    """Return the texts of roles with their states; one may name its lab, as in `vector (planned) @ vector-lab`.

    :raises WrongCellError: for one that no file says.
    """
    texts = [text.strip() for text in split_list(unguard_formula(cell)) if text.strip()]
    if {text.partition(OF_LAB)[0].strip() for text in texts} <= codes.role_texts:
        return texts
    options = {"codes": ", ".join(codes.roles), "states": ", ".join(State.values)}
    advice = _("write roles as “code (state); code (state)”. Codes: %(codes)s. States: %(states)s")
    raise WrongCellError(advice % options)


def _one_of(values: Collection[str], cell: str, advice) -> str | None:
    text = read_text(cell)
    if text and text not in values:
        raise WrongCellError(advice % {"values": ", ".join(values)})
    return text
