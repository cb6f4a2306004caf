"""Promises of the pipeline: badges follow from dates and today, a signature closes the gaps it says."""

import datetime
import re

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from partners.boards.pipeline import badge, contacts_of
from partners.models import Institution, Standing, State
from tests.support.boards import TODAY, day, make_board, make_gappy_directory, make_stages
from tests.support.calendar_reader import read_calendar
from tests.support.factories import (
    make_consortium,
    make_country,
    make_institution,
    make_lab,
    make_participation,
    make_person,
    make_role,
)


@pytest.mark.parametrize(
    ("standing", "expected_on", "valid_until", "words"),
    [
        ("expected", day(-1), None, "overdue"),
        ("expected", day(0), None, ""),
        ("expected", None, None, "unknown"),
        ("signed", None, day(-1), "expired"),
        ("signed", None, day(0), "expiring"),
        ("signed", day(-9), day(60), "expiring"),
        ("signed", None, day(61), ""),
        ("signed", day(-9), None, "unknown"),
        ("prospect", day(-1), None, ""),
        ("suspended", day(-1), day(-1), ""),
        ("former", None, day(-1), ""),
        ("", None, None, ""),
    ],
)
def test_a_badge_says_what_is_due(standing, expected_on, valid_until, words):
    assert badge(standing, expected_on, valid_until, TODAY) == words


dates = st.none() | st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1))


@given(st.sampled_from(["", *Standing.values]), dates, dates, dates.filter(bool), st.integers(-9999, 9999))
def test_a_badge_depends_only_on_how_far_away_the_dates_are(standing, expected_on, valid_until, today, shift):
    def moved(date):
        return date and date + datetime.timedelta(days=shift)

    assert badge(standing, expected_on, valid_until, today) == badge(
        standing, moved(expected_on), moved(valid_until), moved(today)
    )


@given(st.sampled_from(["expected", "signed"]), dates.filter(bool), st.lists(st.integers(-400, 400)))
def test_a_badge_only_gets_graver_with_time(standing, due, offsets):
    grave = ["", "expiring", "overdue", "expired"]
    words = [badge(standing, due, due, due + datetime.timedelta(days=offset)) for offset in sorted(offsets)]

    assert words == sorted(words, key=grave.index)


@pytest.mark.django_db
def test_what_is_due_comes_first_and_unknown_dates_last():
    for slug, date in [("later", day(100)), ("unknown", None), ("expired", day(-5)), ("soon", day(5))]:
        make_institution(slug=slug, standing="signed", valid_until=date)
    for slug, date in [("undated", None), ("next", day(1)), ("overdue", day(-1))]:
        make_institution(slug=slug, standing="expected", expected_on=date)

    shown = make_stages()

    assert [(row.institution.slug, row.badge, row.days) for row in shown["signed"].agreements] == [
        ("expired", "expired", -5),
        ("soon", "expiring", 5),
        ("later", "", 100),
        ("unknown", "unknown", None),
    ]
    assert [(row.institution.slug, row.badge, row.days) for row in shown["expected"].agreements] == [
        ("overdue", "overdue", -1),
        ("next", "", 1),
        ("undated", "unknown", None),
    ]


@pytest.mark.django_db
def test_what_is_due_is_the_same_on_every_page(client):
    for number, (standing, field) in enumerate(
        [("expected", "expected_on"), ("signed", "valid_until"), ("prospect", "expected_on"), ("former", "valid_until")]
    ):
        for days in (-400, -1, 0, 1, 60, 61):
            date = timezone.localdate() + datetime.timedelta(days)
            make_institution(slug=f"entry-{number}-{days + 400}", standing=standing, **{field: date})

    home, pipeline = (
        [(row.institution.slug, row.badge) for row in client.get(path).context["due"]] for path in ("/", "/pipeline/")
    )

    marked = [row for stage in client.get("/pipeline/").context["stages"] for row in stage.agreements if row.is_due]
    assert sorted(pipeline) == sorted((row.institution.slug, row.badge) for row in marked)
    assert len(pipeline) == 7  # two signatures, five ends
    assert home == pipeline[: len(home)] != []


@pytest.mark.django_db
def test_a_signature_closes_exactly_the_gaps_that_the_signed_board_loses():
    make_gappy_directory(seed=11)
    # Few enough signatures that gaps are left.
    Institution.objects.filter(standing="signed").exclude(
        pk__in=Institution.objects.filter(standing="signed")[:2]
    ).update(standing="prospect")

    def gaps():
        return {(cell.role.code, cell.place.code) for cell in make_board(standing=["signed"]).cells if cell.is_gap}

    before, closed = gaps(), set()
    for row in make_stages()["expected"].agreements:
        of_one = Institution.objects.filter(pk=row.institution.key)
        of_one.update(standing="signed")
        closes = {(gap.role.code, gap.country) for gap in row.closes}
        assert closes == before - gaps()
        of_one.update(standing="expected")
        closed |= closes
    assert closed  # or the random directory shows nothing


@pytest.mark.django_db
@pytest.mark.parametrize("state", State.values)
def test_only_work_that_covers_closes_a_gap(state):
    make_participation(make_institution(standing="expected"), make_role(code="vector"), state=state)

    [agreement] = make_stages()["expected"].agreements

    closes = [(gap.role.code, gap.place) for gap in agreement.closes]
    assert closes == ([] if state in {State.PAUSED, State.ENDED} else [("vector", "any country")])


@pytest.mark.django_db
def test_the_page_names_what_is_due_and_what_a_signature_closes(client):
    today = timezone.localdate()
    kazakhstan = make_country("KZ", is_target=True)
    overdue = make_institution(
        name="Late Institute", standing="expected", expected_on=today - datetime.timedelta(days=1), country=kazakhstan
    )
    make_participation(overdue, make_role(name="Vector production"), state=State.PLANNED)
    make_institution(name="Undated Institute", standing="signed")

    page = re.sub(r"\s+", " ", client.get("/pipeline/").content.decode())

    assert 'overdue</span> <a href="/institutions/' in page
    assert "1 day ago" in page
    assert "Vector production</a> <small>Kazakhstan, any country</small>" in page
    assert "date not stated" in page
    assert page.count("<h1>") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/pipeline/", "/pipeline.ics"])
def test_an_unknown_value_is_refused_in_the_same_words(client, path):
    response = client.get(f"{path}?country=ZZ")

    assert response.status_code == 400
    assert "“ZZ” is not a known value." in response.content.decode()


@pytest.mark.django_db
def test_the_calendar_has_the_days_on_which_a_partner_signs_or_an_agreement_ends(client):
    consortium = make_consortium(short_name="CAR-T")
    kazakhstan = make_country("KZ")
    signed = make_institution(name="A, B", slug="a-b", standing="signed", valid_until=day(9), country=kazakhstan)
    expected = make_institution(name="C", slug="c", standing="expected", expected_on=day(-9), country=kazakhstan)
    make_institution(standing="former", valid_until=day(1), country=kazakhstan)
    make_institution(standing="signed", country=kazakhstan)
    make_institution(standing="signed", valid_until=day(1), country=make_country("RU"))
    make_institution(standing="signed", valid_until=day(1), country=kazakhstan, is_published=False)

    response = client.get("/pipeline.ics?country=KZ")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"X-WR-CALNAME:Agreements: CAR-T\r\n" in response.content
    assert [
        (event["UID"], event["DTSTART"], event["SUMMARY"], event["URL"]) for event in read_calendar(response.content)
    ] == [
        (
            consortium.urn("expected", expected.pk),
            day(-9),
            "Signature expected: C",
            "http://testserver/institutions/c/",
        ),
        (
            consortium.urn("valid-until", signed.pk),
            day(9),
            "Agreement ends: A, B",
            "http://testserver/institutions/a-b/",
        ),
    ]


@pytest.mark.django_db
def test_who_is_named_for_two_labs_is_one_to_call():
    institution = make_institution()
    for lab in (None, make_lab(institution=institution), make_lab(institution=institution)):
        make_person(institution=institution, lab=lab, person="Emil Bulatov", function="Head")
    make_person(institution=institution, person="Albert Rizvanov", function="Head")

    [found] = contacts_of([institution.pk]).values()

    assert [contact.person for contact in found] == ["Emil Bulatov", "Albert Rizvanov"]
