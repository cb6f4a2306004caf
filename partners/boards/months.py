"""The days of agreements over the twelve months from this one on."""

import datetime
from dataclasses import dataclass

from django.utils.formats import date_format

from ..models.institution_queries import NOT_YET
from .pipeline import OF_WHAT_IS_DUE, awaited_day

MONTHS = 12
WIDTH, ROW, HEAD = 100, 22, 30  # of a month, of an agreement and of the months' names, in units of the drawing
AT_MOST = 300  # agreements


@dataclass(frozen=True)
class Mark:
    """A day of one agreement; lengths are texts, so that no language writes them with a comma."""

    institution: tuple  # a row of `pipeline.OF_WHAT_IS_DUE`
    day: datetime.date
    x: str
    y: str

    @property
    def is_signature(self):
        """Say whether a signature is expected, else the agreement ends."""
        return self.institution.standing in NOT_YET


@dataclass(frozen=True)
class Month:
    """One month with its marks, by day."""

    first: datetime.date
    x: str
    marks: tuple[Mark, ...]

    @property
    def short(self):
        """Return its name in few letters."""
        return date_format(self.first, "M")

    @property
    def name(self):
        """Return its name with the year."""
        return date_format(self.first, "F Y")


@dataclass(frozen=True)
class Year:
    """Twelve months and the size of their drawing."""

    months: tuple[Month, ...]
    height: int

    def __bool__(self):
        return any(month.marks for month in self.months)

    @property
    def width(self):
        """Return the width of the drawing."""
        return WIDTH * MONTHS


def coming_year(results, today):
    """Return the Year from this month on of the agreements of a question's results; a query, without an index two."""
    firsts = [_month_after(today.replace(day=1), number) for number in range(MONTHS + 1)]
    days = firsts[0], firsts[-1] - datetime.timedelta(days=1)
    keys = results.keys_in_order("standing", ["expected", "prospect", "signed"], "due", AT_MOST, days)
    of_month = {first: [] for first in firsts[:-1]}
    for row in OF_WHAT_IS_DUE.of_page(keys):
        of_month[awaited_day(row).replace(day=1)].append(row)
    return Year(
        months=tuple(
            Month(first, str(WIDTH * number), tuple(_marks(number, found)))
            for number, (first, found) in enumerate(of_month.items())
        ),
        height=HEAD + ROW * max(1, *(len(found) for found in of_month.values())),
    )


def _marks(number, rows):
    for place, row in enumerate(rows):
        day = awaited_day(row)
        x = WIDTH * number + 8 + (day.day - 1) * (WIDTH - 16) / 30
        yield Mark(row, day, f"{x:.1f}", f"{HEAD + ROW * (place + 0.5):.1f}")


def _month_after(first, number):
    years, month = divmod(first.month - 1 + number, 12)
    return first.replace(year=first.year + years, month=month + 1)
