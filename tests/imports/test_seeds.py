"""The file that comes with the directory: the real seed says what its source says, and nothing else."""

import datetime
import re
from collections import Counter
from pathlib import Path

import pytest

from partners.imports.consortium_file import load, read
from partners.models import (
    City,
    CityName,
    Consortium,
    Contact,
    Country,
    Institution,
    InstitutionName,
    Lab,
    Participation,
    Role,
    RoleGroup,
)

SEEDS = Path(__file__).parents[2] / "partners" / "seeds"
MODELS = [Consortium, Role, City, CityName, Institution, InstitutionName, Lab, Participation, Contact]
OTHER_KEYS = {
    *("targets", "country_labels", "names", "country", "city", "parents"),
    *("other_name", "lab", "participation", "role", "contact"),
}
UNCONFIRMED = "public name, to be confirmed by the institution"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def seed(rows_of_module):
    load(read(SEEDS / "cart.toml"))


def test_seed_holds_the_institutions_of_its_source(seed):
    rows = Institution.objects.values_list("name", "ror_id", "country", "city__name", "kind", "standing")
    assert set(rows) == {
        ("Kazan Federal University", "https://ror.org/05256ym39", "RU", "Kazan", "university", "signed"),
        ("National Center for Biotechnology", "https://ror.org/00xhcc696", "KZ", "Astana", "institute", "prospect"),
        ("Nazarbayev University", "https://ror.org/052bx8q98", "KZ", "Astana", "university", "prospect"),
        ("Kazakh National Medical University", "", "KZ", "Almaty", "university", "prospect"),
        ("Izvarino Pharma LLC", "", "RU", None, "company", "signed"),
        ("Mirkod LLC", "", "RU", None, "company", "signed"),
        ("Astana Biomed Group LLP", "", "KZ", None, "company", "signed"),
        ("Venitex LLC", "", "RU", None, "company", "expected"),
        ("Priority 2030", "", "RU", None, "government", ""),
        ("Russian Science Foundation", "", "RU", None, "foundation", ""),
    }


def test_seed_holds_the_participations_of_its_source(seed):
    assert set(Participation.objects.values_list("institution__name", "lab__name", "role", "state")) == {
        ("Kazan Federal University", None, "coordinator", "operational"),
        ("Kazan Federal University", "Industrial Biopharmaceutics", "engineering", "not_stated"),
        ("Kazan Federal University", "Biomedical Technologies", "engineering", "not_stated"),
        ("Nazarbayev University", "Oncological Center", "clinic", "not_stated"),
        ("Izvarino Pharma LLC", None, "industrial-partner", "not_stated"),
        ("Mirkod LLC", None, "industrial-partner", "not_stated"),
        ("Astana Biomed Group LLP", None, "industrial-partner", "not_stated"),
        ("Venitex LLC", None, "industrial-partner", "planned"),
        ("Priority 2030", None, "funder", "operational"),
        ("Russian Science Foundation", None, "funder", "operational"),
    }


def test_seed_states_no_date_and_no_confirmation_that_its_source_lacks(seed):
    dates = Institution.objects.values_list("expected_on", "signed_on", "valid_until", "verified_on", "founded")
    assert set(dates) == {(None, None, None, None, None)}
    assert set(Participation.objects.values_list("since", "until", "note")) == {(None, None, "")}


def test_seed_says_the_source_of_every_entry_and_which_country_is_implied(seed):
    assert not Institution.objects.filter(source_note="").exists()
    assert not Lab.objects.filter(source_note="").exists()
    assert not InstitutionName.objects.filter(source="").exists()
    implied = Institution.objects.filter(source_note__contains="implied")
    assert set(implied) == set(Institution.objects.filter(city=None))


def test_seed_names_the_coordinator_in_three_languages(seed):
    names = InstitutionName.objects.filter(institution__slug="kazan-federal-university")
    assert list(names.values_list("value", "kind", "language", "source")) == [
        ("KFU", "acronym", "en", "the university's article on the consortium"),
        ("Казанский (Приволжский) федеральный университет", "native", "ru", UNCONFIRMED),
        ("КФУ", "acronym", "ru", UNCONFIRMED),
        ("喀山联邦大学", "alias", "zh-Hans", UNCONFIRMED),
    ]


def test_seed_shows_one_person_by_name_and_function_only(seed):
    contacts = Contact.objects.public().values_list("lab__name", "person", "function", "mailbox", "mail", "phone")
    assert list(contacts) == [
        ("Industrial Biopharmaceutics", "Emil Bulatov", "Head of laboratory", "", "", ""),
        ("Biomedical Technologies", "Emil Bulatov", "Head of laboratory", "", "", ""),
    ]
    assert set(Contact.objects.values_list("basis", "basis_on")) == {("publication", datetime.date(2026, 11, 22))}


def test_seed_keeps_two_target_countries_without_a_partner(seed):
    partners = Counter(Institution.objects.published().partners().values_list("country", flat=True))
    targets = Country.objects.filter(is_target=True).values_list("code", flat=True)
    assert {code: partners[code] for code in targets} == {"RU": 6, "KZ": 4, "BY": 0, "CN": 0}


def test_seed_has_the_roles_in_their_order(seed):
    roles = {group: list(Role.objects.filter(group=group).values_list("code", flat=True)) for group in RoleGroup.values}
    assert roles == {
        "governance": ["coordinator", "partner", "associated-partner", "industrial-partner", "funder", "adviser"],
        "chain": [
            *["engineering", "preclinical", "vector", "apheresis", "manufacturing"],
            *["quality", "logistics", "clinic", "follow-up"],
        ],
        "support": ["regulation", "training", "data", "reagents"],
    }
    assert not Role.objects.filter(definition="").exists()


def test_everything_in_the_seed_is_published_and_valid(seed):
    assert set(Institution.objects.published().partners()) == set(Institution.objects.all())
    for model in MODELS:
        for row in model.objects.all():
            row.full_clean()


def test_seed_file_explains_every_key_that_a_file_may_have():
    text = (SEEDS / "cart.toml").read_text(encoding="utf-8")
    fields = {field for model in MODELS for field in model._meta.concrete_fields if field.editable}
    keys = {field.name for field in fields if not field.is_relation and not field.primary_key} | OTHER_KEYS
    assert {key for key in keys if not re.search(rf"\b{key}\b", text)} == set()
