"""What a consortium's figures look like: bars that lead to lists, and the chain as it was covered month by month."""

import datetime
from dataclasses import dataclass

from django.db.models import Count
from django.utils.formats import date_format

from ..models import Institution, Participation, Role, RoleGroup, State
from .changes.period import in_force

MONTHS = 24  # of the coverage over time
WIDTH, HEIGHT, MARGIN = 720, 220, 28  # units of the drawing


@dataclass(frozen=True)
class Month:
    """How many links of the chain somebody had taken up by the last day of a month."""

    day: datetime.date
    covered: int
    x: str  # where it stands in the drawing; texts, so that no language writes them with a comma
    y: str

    @property
    def label(self):
        """Return its month in the page's language."""
        return date_format(self.day, "YEAR_MONTH_FORMAT")


@dataclass(frozen=True)
class CoverageOverTime:
    """Links of the chain that were covered at the end of each month, as far as days are known."""

    months: list[Month]
    links: int
    undated: int  # participations at work whose first day nobody knows: they are in no month
    steps: str  # the path of the drawing
    base: str  # where nothing is covered
    top: str  # where every link is

    @property
    def box(self):
        """Return the view box of the drawing."""
        return f"0 0 {WIDTH} {HEIGHT}"


def bars(figures):
    """Return [(Figure, its part of the largest one in percent)] of those that count something, in their order."""
    shown = [figure for figure in figures if figure.count]
    largest = max((figure.count for figure in shown), default=1)
    return [(figure, max(1, round(100 * figure.count / largest))) for figure in shown]


def coverage_over_time(today):
    """Return how many links of the chain were covered at the end of each of the last months, and today; three queries.

    A link is covered on a day if one participation in it has begun by then and is in force: one at work now, or one
    that ended on a known day. What is planned counts in no month, nor does what has no first day.
    """
    links = list(Role.objects.filter(group=RoleGroup.CHAIN).values_list("code", flat=True))
    at_work = Participation.objects.filter(
        state__in=(State.OPERATIONAL, State.ENDED), role__in=links, institution__in=Institution.objects.published()
    )
    undated = at_work.filter(in_force(today), since__isnull=True, state=State.OPERATIONAL).count()
    days = [*_month_ends(today), today]
    covered = {f"on_{day:%Y%m%d}": Count("role", distinct=True, filter=in_force(day)) for day in days}
    counts = list(at_work.filter(since__isnull=False).aggregate(**covered).values())
    xs = [MARGIN + (WIDTH - 2 * MARGIN) * place / (len(days) - 1) for place in range(len(days))]
    ys = [_height(count, len(links)) for count in counts]
    months = [Month(day, count, f"{x:.1f}", f"{y:.1f}") for day, count, x, y in zip(days, counts, xs, ys, strict=True)]
    steps = f"M{months[0].x} {months[0].y}" + "".join(f"H{month.x}V{month.y}" for month in months[1:])
    ends = [f"{_height(number, len(links)):.1f}" for number in (0, len(links))]
    return CoverageOverTime(months, len(links), undated, steps, *ends)


def _height(count, links):
    return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * count / max(links, 1)


def _month_ends(today):
    """Return the last days of the `MONTHS` months before this one, the oldest first."""
    ends = [today.replace(day=1) - datetime.timedelta(1)]
    while len(ends) < MONTHS:
        ends.append(ends[-1].replace(day=1) - datetime.timedelta(1))
    return ends[::-1]
