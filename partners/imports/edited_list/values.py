"""What the cell of a workbook says, as CSV has it."""

import datetime
import re

from openpyxl import Workbook
from openpyxl.utils.datetime import from_excel, from_ISO8601

from ...exports import csv_cells, guard_formula
from .source import composed

ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # a character that XML cannot hold, and an underscore before such a text


def spelled_text(text: str) -> str:
    """Return a text as CSV has it."""
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return composed(guard_formula(text))


class Values:
    """How the values of a workbook are spelled: its styles say which numbers are dates."""

    def __init__(self, workbook: Workbook):
        self._dates = {str(style) for style in workbook._date_formats}
        self._durations = {str(style) for style in workbook._timedelta_formats}
        self._epoch = workbook.epoch

    def spelled(self, kind: str, style: str | None, text: str) -> tuple[str, bool]:
        """Return (cell, whether it is an error) of what stands in the XML of a cell.

        :raises ValueError: for what no spreadsheet writes.
        """
        if kind == "n":
            number = float(text) if "." in text or "e" in text or "E" in text else int(text)
            if style in self._dates:
                try:
                    return _spelled(from_excel(number, self._epoch, timedelta=style in self._durations)), False
                except (OverflowError, ValueError):
                    return "#VALUE!", True
            return _spelled(number), False
        if kind == "b":
            return _spelled(bool(int(text))), False
        if kind == "d":
            return _spelled(from_ISO8601(text)), False
        return spelled_text(text), kind == "e"


def _spelled(value):
    if isinstance(value, datetime.datetime):
        is_day = value.time() == datetime.time()
        return value.date().isoformat() if is_day else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, bool | datetime.time | datetime.timedelta):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    [text] = csv_cells([value])
    return text
