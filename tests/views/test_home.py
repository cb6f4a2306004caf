"""The first page: the chain, who counts as a partner, who came and what changed."""

import datetime

import pytest
from django.utils import timezone

from partners.models import Standing, State
from partners.views import home
from tests.support.factories import make_country, make_institution, make_logo, make_participation, make_role

pytestmark = pytest.mark.django_db


def length_of(client, address):
    return client.get(address).context["page"].paginator.count


def test_every_number_of_the_chain_is_the_length_of_its_list(client):
    wanted, other = make_country(code="KZ", is_target=True), make_country(code="AM")
    vector = make_role(code="vector", group="chain")
    for state in State:
        for country in (wanted, wanted, other):
            make_participation(role=vector, state=state, institution=make_institution(country=country))
    make_role(code="cold", group="chain")
    response = client.get("/")
    page = response.content.decode()

    counts = [count for cell in response.context["chain"].cells if cell.place.code for count in cell.states]
    shown = [count for count in counts if count.number]
    assert [count.number for count in shown] == [2, 2, 2]
    for count in shown:
        assert f'href="{count.url}"'.replace("&", "&amp;") in page
        assert length_of(client, count.url) == count.number
    gaps = sum(cell.is_gap for row in response.context["chain"].rows for cell in row.cells)
    assert page.count('</span> <span class="gap">gap</span></li>') == gaps == 1


def test_partners_are_neither_prospects_nor_those_who_left(client):
    for standing in Standing:
        make_institution(standing=standing)
    make_institution()  # known from a registry alone

    figures = client.get("/").context["figures"]
    assert [figure.count for figure in figures[:5]] == [2, 1, 1, 1, 2]


def test_partners_who_came_on_one_day_are_one_event(client, monkeypatch):
    monkeypatch.setattr(home, "NEWEST", 4)
    now = timezone.now()
    for hours, name in enumerate(["A", "B", "C"]):
        make_institution(name=name, standing="signed", created_at=now - datetime.timedelta(days=3, seconds=hours))
    make_institution(name="D", standing="signed", created_at=now)

    days = client.get("/").context["arrivals"]
    assert [([one.name for one in day.named], day.number, day.is_cut) for day in days] == [
        (["D"], 1, False),
        (["A", "B", "C"], 3, True),  # a fourth may have come that day
    ]
    page = client.get("/").content.decode()
    assert "1 partner added on" in page
    assert "At least 3 partners added on" in page


def test_changes_of_one_day_are_one_event_that_leads_to_them(client):
    names = [make_institution(standing="signed").name for _place in range(7)]
    [(day, address, changed)] = client.get("/").context["changed"]

    assert day == timezone.localdate()
    assert [one.name for one in changed] == names[:1:-1][: home.NAMED]
    assert length_of(client, address) == 7


def test_logos_are_those_of_partners_who_govern_now_and_not_too_many(client, monkeypatch):
    funder, vector = make_role(group="governance"), make_role(group="chain")

    def with_logo(name, role=funder, state=State.OPERATIONAL, **institution):
        return make_logo(make_participation(make_institution(name=name, **institution), role, state=state).institution)

    for standing in ("", *Standing):
        with_logo(f"B {standing or 'no standing'}", standing=standing)
    with_logo("C ended", state=State.ENDED)
    with_logo("C of the chain", role=vector)
    with_logo("C draft", is_published=False)
    make_participation(with_logo("A twice").institution, make_role(group="governance"))

    def shown():
        return [logo.institution.name for logo in client.get("/").context["logos"]]

    assert shown() == ["A twice", "B expected", "B no standing", "B signed"]
    monkeypatch.setattr(home, "LOGOS", 2)
    assert shown() == ["A twice", "B expected"]


def test_an_empty_directory_says_what_comes_first(client):
    page = client.get("/").content.decode()
    assert "Nobody is in this directory yet" in page
    assert 'href="/admin/"' in page
    make_institution(standing="signed")
    assert "Nobody is in this directory yet" not in client.get("/").content.decode()
