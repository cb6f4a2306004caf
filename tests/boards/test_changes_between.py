"""Between two days: agreements, roles and gaps, by the dates that the entries state."""

import datetime
import random
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from partners.boards.changes import ChangesFilter, period
from partners.boards.changes.period import ROWS, in_force
from partners.lists.filters import InstitutionFilter
from partners.models import Institution, Participation, RoleGroup, Standing, State
from tests.support.boards import RANDOM
from tests.support.factories import make_country, make_institution, make_lab, make_participation, make_role

pytestmark = pytest.mark.django_db
YEAR = {"since": ["2026-01-01"], "until": ["2026-12-31"]}


def day(number):
    """Return a day by its number in 2026."""
    return datetime.date(2026, 1, 1) + datetime.timedelta(number)


def between(**question):
    """Return what happened between two days."""
    return period(ChangesFilter.asking(**question))


def facts(found):
    """Return {title: [(day, what, who)]} of the sections where something stands."""
    return {
        section.title: [(str(fact.day), fact.title, fact.institution.name) for fact in section.facts]
        for section in found.sections
        if section.facts
    }


def gaps(found):
    """Return what opened and what closed, as (role, place)."""
    return [[(gap.role.name, gap.place) for gap in some] for some in (found.opened, found.closed)]


def test_what_was_signed_began_or_ended_is_listed_by_its_day():
    vector = make_role(name="Vector")
    signed = make_institution(name="Signed", standing="signed", signed_on=day(0), valid_until=day(364))
    make_institution(name="Later", standing="signed", signed_on=day(365))
    make_institution(name="Draft", standing="signed", signed_on=day(1), is_published=False)
    make_participation(make_institution(name="Left"), vector, state="ended", since="2020-01-01", until=day(3))
    make_participation(lab=make_lab(signed), role=vector, since=day(2))

    assert facts(between(**YEAR)) == {
        "Agreements signed": [("2026-01-01", "Signed", "Signed")],
        "Agreements that ended": [("2026-12-31", "Signed", "Signed")],
        "Roles that began": [("2026-01-03", "Vector", "Signed")],
        "Roles that ended": [("2026-01-04", "Vector", "Left")],
    }


def test_gaps_open_when_the_last_one_leaves_and_close_when_the_first_one_comes():
    make_country("KZ", is_target=True)
    make_country("RU", is_target=True)
    vector, clinic, training = make_role(name="Vector"), make_role(name="Clinic"), make_role(name="Training")
    training.group = RoleGroup.SUPPORT
    training.save()
    kazakh, russian = (make_institution(country=make_country(code)) for code in ("KZ", "RU"))
    make_participation(kazakh, vector, since=day(1))
    make_participation(russian, vector)
    make_participation(russian, clinic, state="ended", until=day(300))
    make_participation(kazakh, training, since=day(1))

    assert gaps(between(**YEAR)) == [
        [("Clinic", "Russia"), ("Clinic", "any country")],
        [("Vector", "Kazakhstan")],
    ]
    assert gaps(between(**YEAR, role=[vector.code])) == [[], [("Vector", "Kazakhstan")]]
    assert gaps(between(**YEAR, country=["RU"])) == [[("Clinic", "Russia"), ("Clinic", "any of these countries")], []]


def test_a_gap_leads_to_the_list_of_those_who_have_or_had_the_role_there():
    role = make_role()
    institution = make_institution(country=make_country("KZ", is_target=True), standing="former", valid_until=day(9))
    make_participation(institution, role, state="ended", until=day(9))

    for gap in between(**YEAR).opened:
        address = urlsplit(gap.url)
        assert address.path == "/institutions/"
        listed = InstitutionFilter(QueryDict(address.query)).qs
        assert list(listed) == [institution]


def covers(part, when):
    """Say whether a participation covers its role on a day: the rule, row by row."""
    institution = part.institution
    if not institution.is_published or (part.since and part.since > when):
        return False
    if institution.standing == Standing.SUSPENDED:
        return False
    if institution.standing == Standing.FORMER and not (institution.valid_until and institution.valid_until >= when):
        return False
    if part.state == State.ENDED:
        return part.until is not None and part.until >= when
    return part.state != State.PAUSED and (part.until is None or part.until >= when)


def make_dated_participations(choose, roles, countries, last):
    """Write an institution of any standing with roles in any state, each date unknown or one of the first days."""
    standing = choose.choice(["", *Standing.values])
    dated = standing in (Standing.SIGNED, Standing.SUSPENDED, Standing.FORMER)
    institution = make_institution(
        country=choose.choice(countries),
        standing=standing,
        valid_until=day(choose.randint(0, last)) if dated and choose.random() < 0.7 else None,
        is_published=choose.random() < 0.9,
    )
    for role in roles:
        since, until = sorted(day(choose.randint(0, last)) for _date in range(2))
        state, since, until = choose.choice(State.values), choose.choice([None, since]), choose.choice([None, until])
        make_participation(institution, role, state=state, since=since, until=until)


def test_a_role_is_covered_on_the_days_that_its_dates_leave_open():
    choose = random.Random(1)
    role = make_role()
    for _number in range(200):
        make_dated_participations(choose, [role], [None], 5)

    parts = Participation.objects.filter(institution__is_published=True).select_related("institution")
    for when in (day(number) for number in range(-1, 7)):
        assert set(parts.filter(in_force(when))) == {part for part in parts if covers(part, when)}


@RANDOM
@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(0, 40))
def test_gaps_are_the_cells_that_are_empty_on_one_of_the_days_only(seed, first, length):
    Participation.objects.all().delete()
    Institution.objects.all().delete()
    choose = random.Random(seed)
    codes = ["KZ", "RU"]
    countries = [make_country(code, is_target=True) for code in codes]
    roles = [make_role(name=f"{seed} {number}") for number in range(2)]
    for _number in range(choose.randint(0, 8)):
        make_dated_participations(choose, choose.sample(roles, choose.randint(0, 2)), [*countries, None], 80)

    def empty(when):
        cells = {(role.name, place) for role in roles for place in ("Kazakhstan", "Russia", "any country")}
        for part in Participation.objects.select_related("institution__country", "role"):
            if covers(part, when):
                country = part.institution.country
                cells -= {(part.role.name, "any country"), (part.role.name, country and country.name)}
        return cells

    before, after = empty(day(first - 1)), empty(day(first + length))
    found = between(since=[str(day(first))], until=[str(day(first + length))])
    opened, closed = gaps(found)
    ours = {role.name for role in roles}
    assert {cell for cell in opened if cell[0] in ours} == after - before
    assert {cell for cell in closed if cell[0] in ours} == before - after


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("since=yesterday", "Write a day as year, month and day, for example 2026-01-31."),
        ("since=2026-02-30", "Write a day as year, month and day, for example 2026-01-31."),
        ("since=2026-02-01&until=2026-01-31", "The last day lies before the first."),
        ("until=2026-01-31", "Choose the first day too."),
        ("since=2000-01-01&until=2026-01-31", "Choose days that lie at most ten years apart."),
        ("since=0001-01-01", "Choose a day between 1900 and 2199."),
        ("since=2026-01-01&until=9999-12-31", "Choose a day between 1900 and 2199."),
    ],
)
@pytest.mark.parametrize("path", ["/changes/", "/changes.atom"])
def test_days_that_cannot_be_understood_are_refused_with_the_reason(client, path, query, message):
    answer = client.get(f"{path}?{query}")

    assert answer.status_code == 400
    assert message in answer.content.decode()


def test_the_last_day_is_today_unless_it_is_chosen():
    assert between(since=["2026-01-01"]).until == timezone.localdate()


def test_the_page_shows_the_period_and_only_the_records_of_its_days(client):
    today = timezone.localdate()
    make_institution(name="Signed today", standing="signed", signed_on=today)
    make_participation(
        make_institution(country=make_country("KZ", is_target=True)), make_role(name="Vector"), since=today
    )

    page = client.get("/changes/", {"since": str(today)})
    text = page.content.decode()
    shown = f'<time datetime="{today}">{date_format(today, "DATE_FORMAT")}</time>'
    assert f"From {shown} to {shown}" in text
    assert text.count("<h1>") == 1
    assert "/institutions/?country=KZ&amp;role=" in text
    assert page.context["page"].paginator.count == 3
    assert client.get("/changes/?since=1990-01-01&until=1990-12-31").context["page"].paginator.count == 0
    assert client.get("/changes/").context["period"] is None


def test_a_long_section_says_how_much_it_leaves_out(client):
    for _number in range(ROWS + 2):
        make_institution(standing="signed", signed_on=day(5))
    section = between(**YEAR).sections[0]

    assert (len(section.facts), section.total, section.hidden) == (ROWS, ROWS + 2, 2)
    assert "2 more are not shown" in client.get("/changes/?since=2026-01-01&until=2026-12-31").content.decode()


def test_queries_do_not_grow_with_what_happened():
    counts = []
    for number in (1, 20):
        for _number in range(number):
            institution = make_institution(standing="signed", signed_on=day(1), valid_until=day(2))
            make_participation(lab=make_lab(institution), since=day(1), until=day(2))
        with CaptureQueriesContext(connection) as queries:
            between(**YEAR)
        counts.append(len(queries))
    # Two days of coverage, chain roles, target countries, four sections.
    assert counts == [8, 8]
