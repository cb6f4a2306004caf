"""The other file that comes with the directory: an invented demonstration in which every page is full."""

from collections import Counter
from pathlib import Path

import pytest

from partners.imports.consortium_file import load, read
from partners.models import (
    Contact,
    Country,
    Institution,
    InstitutionName,
    Kind,
    NameKind,
    Participation,
    Role,
    Standing,
    State,
    Visibility,
)

SEEDS = Path(__file__).parents[2] / "partners" / "seeds"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(rows_of_module):
    load(read(SEEDS / "demo.toml"))


def test_demo_covers_every_state_standing_kind_and_role(demo):
    assert set(Participation.objects.values_list("state", flat=True)) == set(State.values)
    assert set(Institution.objects.values_list("standing", flat=True)) == {"", *Standing.values}
    assert set(Institution.objects.values_list("kind", flat=True)) == set(Kind.values)
    assert set(InstitutionName.objects.values_list("kind", flat=True)) == set(NameKind.values)
    assert set(Contact.objects.values_list("visibility", flat=True)) == set(Visibility.values)
    assert set(Participation.objects.values_list("role", flat=True)) == set(Role.objects.values_list("code", flat=True))


def test_demo_has_sixty_partners_in_six_countries_and_one_target_without(demo):
    partners = Counter(Institution.objects.published().partners().values_list("country", flat=True))
    assert partners == {"RU": 18, "KZ": 12, "BY": 8, "CN": 10, "UZ": 6, "AM": 5, None: 2}
    targets = Country.objects.filter(is_target=True).values_list("code", flat=True)
    assert set(targets) == {"RU", "KZ", "BY", "CN", "UZ", "KG"}


def test_demo_says_that_it_is_invented():
    tables = read(SEEDS / "demo.toml")
    shown = ("name", "short_name", "story", "sources", "citation")
    assert [key for key in shown if "invented" not in tables["consortium"][key].lower()] == []
    institutions = tables["institution"]
    assert {institution["source_note"] for institution in institutions} == {"Invented for the demonstration."}
    contacts = [contact for institution in institutions for contact in institution.get("contact", [])]
    addresses = [contact[key] for contact in contacts for key in ("mailbox", "mail") if key in contact]
    assert {address.rpartition(".")[2] for address in addresses} == {"example"}


def test_demo_shares_the_roles_of_the_seed():
    assert read(SEEDS / "demo.toml")["role"] == read(SEEDS / "cart.toml")["role"]
