"""The filter of a page is made once, for as long as it is true."""

import datetime
import re

import pytest
from django.utils import timezone

from partners.index import current
from partners.lists.filters import InstitutionFilter
from partners.models import CityName, Country, Role
from tests.support.answer_files import forget_answers
from tests.support.changes import edit
from tests.support.factories import (
    make_city,
    make_city_name,
    make_country,
    make_institution,
    make_lab,
    make_participation,
    make_role,
    make_role_text,
)

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ["/institutions/", "/ru/institutions/", "/zh-hans/institutions/?show=city", "/coverage/", "/pipeline/", "/map/"]
PAGES += ["/changes/", "/labs/", "/institutions/?country=KZ&size=50", "/institutions/?q=home"]


@pytest.fixture
def home():
    """Write two partners, one of them in Kazakhstan and with a role that its lab has."""
    home = make_institution(slug="home", city=make_city(name="Almaty", slug="kz-almaty", country=make_country("KZ")))
    make_participation(home, make_role(code="vector"), make_lab(home))
    make_institution(slug="other")
    return home


@pytest.fixture
def made(monkeypatch):
    """Return a list that grows with each time that the facets of a list of institutions are made."""
    made, facets = [], InstitutionFilter.facets
    monkeypatch.setattr(InstitutionFilter, "facets", lambda self: made.append(self) or facets(self))
    return made


def filter_of(client, address):
    """Return the filter of a page that nobody kept."""
    forget_answers()
    page = client.get(address).content.decode()
    return re.search(r'<details class="filters".*?</details>', page, re.DOTALL)[0]


def test_an_edit_of_something_else_leaves_the_filter(client, home, made):
    before = filter_of(client, "/institutions/")
    edit(home, name="New", founded=1900)
    assert filter_of(client, "/institutions/") == before
    assert "New" in client.get("/institutions/?page=1").content.decode()
    assert len(made) == 1
    filter_of(client, "/ru/institutions/")
    filter_of(client, "/institutions/?sort=newest")
    filter_of(client, "/map/")
    filter_of(client, "/institutions/?q=new")
    filter_of(client, "/institutions/?q=new")
    assert len(made) == 6  # a text finds by more than facets


EDITS = {
    "name": lambda home: edit(home, name="New"),  # of the labs' facet of institutions
    "kind": lambda home: edit(home, kind="hospital"),
    "country": lambda home: edit(home, city=None, country=make_country("BY")),
    "role": lambda home: home.participations.get().delete(),
    "verified": lambda home: edit(home, verified_on=timezone.localdate()),
    "withdrawn": lambda home: edit(home, is_published=False),
    "another": lambda _home: make_institution(),
    "name of a role": lambda _home: Role.objects.update(name="New"),
    "role in words": lambda home: make_role_text(home.participations.get().role),
    "further role": lambda _home: make_role(code="new", name="New"),
    "city in words": lambda home: make_city_name(home.city),
    "city out of words": lambda _home: CityName.objects.all().delete(),
    "name of a city": lambda home: edit(home.city, name="New"),
    "further target": lambda _home: make_country("BY", is_target=True),
    "target": lambda _home: Country.objects.update(is_target=False),
}


@pytest.mark.parametrize("kind", EDITS)
def test_the_filter_after_any_edit_is_the_one_made_anew(client, home, kind):
    before = [filter_of(client, address) for address in PAGES]
    EDITS[kind](home)
    after = [filter_of(client, address) for address in PAGES]
    current._indexes.clear()
    current._bases.clear()
    assert after == [filter_of(client, address) for address in PAGES]
    assert after != before or kind.startswith(("city ", "target"))


def test_a_day_later_entries_are_older(client, home, monkeypatch):
    edit(home, verified_on=timezone.localdate() - datetime.timedelta(days=365))
    before = filter_of(client, "/institutions/")
    later = timezone.localdate() + datetime.timedelta(days=3)
    monkeypatch.setattr(timezone, "localdate", lambda: later)
    assert filter_of(client, "/institutions/") != before
