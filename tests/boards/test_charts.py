"""The figures as drawings."""

import datetime

import pytest
from django.utils.html import escape

from partners.boards.charts import MONTHS, coverage_over_time
from partners.models import Standing, State
from tests.support.boards import make_board
from tests.support.directory import make_directory
from tests.support.factories import make_institution, make_participation, make_role

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 3, 15)


def at_work(role, since, until=None, state=State.OPERATIONAL, **institution):
    make_participation(institution=make_institution(**institution), role=role, state=state, since=since, until=until)


def test_a_link_is_covered_from_its_first_day_until_its_last():
    vector, clinic, _nobody = (make_role(code=code, group="chain") for code in ("vector", "clinic", "cold"))
    at_work(vector, datetime.date(2025, 2, 28))
    at_work(clinic, datetime.date(2025, 1, 1), datetime.date(2025, 5, 30), State.ENDED)
    at_work(clinic, datetime.date(2024, 1, 1), state=State.PLANNED)
    at_work(clinic, datetime.date(2024, 1, 1), is_published=False)
    at_work(clinic, datetime.date(2024, 1, 1), state=State.ENDED)  # nobody knows until when
    at_work(make_role(code="funder", group="governance"), datetime.date(2024, 1, 1))
    at_work(vector, None)

    chart = coverage_over_time(TODAY)
    assert [month.day for month in chart.months][-3:] == [datetime.date(2026, 1, 31), datetime.date(2026, 2, 28), TODAY]
    assert len(chart.months) == MONTHS + 1
    covered = {month.day: month.covered for month in chart.months}
    days = [(2024, 12, 31), (2025, 1, 31), (2025, 2, 28), (2025, 4, 30), (2025, 5, 31), (2026, 3, 15)]
    assert [covered[datetime.date(*day)] for day in days] == [0, 1, 2, 2, 1, 1]
    assert (chart.links, chart.undated) == (3, 1)


def test_today_is_what_the_board_says_is_at_work_and_who_left_counts_until_the_last_day():
    for standing in ("", *Standing):
        at_work(make_role(group="chain"), datetime.date(2024, 1, 1), standing=standing)
    left = {"standing": Standing.FORMER, "valid_until": datetime.date(2026, 1, 15)}
    at_work(make_role(group="chain"), datetime.date(2024, 1, 1), **left)
    at_work(make_role(group="chain"), None, standing=Standing.SUSPENDED)

    chart = coverage_over_time(TODAY)

    of_board = make_board(state=[State.OPERATIONAL]).rows
    assert chart.months[-1].covered == len([row for row in of_board if not row.everywhere.is_gap]) == 4
    assert [month.covered for month in chart.months[-4:]] == [5, 4, 4, 4]  # December to today
    assert chart.undated == 0


def test_every_bar_is_the_length_of_its_list(client):
    make_directory(seed=5)
    page = client.get("/charts/")
    charts = page.context["charts"]

    assert [bool(bars) for _title, bars in charts] == [True, True, True]
    for _title, bars in charts:
        for figure, percent in bars:
            assert client.get(figure.url).context["page"].paginator.count == figure.count
            assert 1 <= percent <= 100
            assert f'href="{escape(figure.url)}" aria-label="{figure.count} {escape(figure.label)}"' in page.text


def test_an_empty_directory_has_charts(client):
    assert "Nobody yet." in client.get("/charts/").content.decode()
