"""The days of agreements over the twelve months from this one on."""

import datetime
from dataclasses import dataclass

from django.utils.formats import date_format

from ..models import Institution
from .pipeline import NOT_YET, due_on

MONTHS = 12
WIDTH, ROW, HEAD = 100, 22, 30  # of a month, of an agreement and of the months' names, in units of the drawing
AT_MOST = 300  # agreements


@dataclass(frozen=True)
class Mark:
    """A day of one agreement; lengths are texts, so that no language writes them with a comma."""

    institution: Institution
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


def coming_year(institutions, today):
    """Return the Year from this month on of some institutions' agreements; one query."""
    firsts = [_month_after(today.replace(day=1), number) for number in range(MONTHS + 1)]
    days = institutions.filter(standing__in=["expected", "prospect", "signed"]).annotate(due_on=due_on())
    days = days.filter(due_on__gte=firsts[0], due_on__lt=firsts[-1]).order_by("due_on", "sort_key", "pk")
    of_month = {first: [] for first in firsts[:-1]}
    for institution in days.select_related("country", "city")[:AT_MOST]:
        of_month[institution.due_on.replace(day=1)].append(institution)
    return Year(
        months=tuple(
            Month(first, str(WIDTH * number), tuple(_marks(number, found)))
            for number, (first, found) in enumerate(of_month.items())
        ),
        height=HEAD + ROW * max(1, *(len(found) for found in of_month.values())),
    )


def _marks(number, institutions):
    for place, institution in enumerate(institutions):
        x = WIDTH * number + 8 + (institution.due_on.day - 1) * (WIDTH - 16) / 30
        yield Mark(institution, institution.due_on, f"{x:.1f}", f"{HEAD + ROW * (place + 0.5):.1f}")


def _month_after(first, number):
    years, month = divmod(first.month - 1 + number, 12)
    return first.replace(year=first.year + years, month=month + 1)
