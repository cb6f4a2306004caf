"""A place, an id or a name finds in each way in which people write it: short, by a code, in a case, with an article."""

import html

import pytest

from partners.models import Institution, NameKind
from tests.lists.test_search import slugs, why
from tests.support.changes import edit
from tests.support.factories import make_city, make_city_name, make_country, make_institution, make_name

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory():
    """Write an institution in Kazan."""
    kazan = make_city(slug="ru-kazan", name="Kazan", country=make_country("RU"))
    make_institution(slug="kfu", name="Kazan Federal University", city=kazan)


@pytest.mark.parametrize("text", ["USA", "U.S.A.", "US", "United States", "США", "АҚШ", "ЗША", "美国"])
def test_a_country_is_found_by_its_short_names_and_codes(client, directory, text):
    make_institution(slug="boston", name="Clinic of Boston", country=make_country("US"))
    assert slugs(client.get("/institutions/", {"q": text})) == ["boston"]


@pytest.mark.parametrize(
    ("text", "code"), [("UAE", "AE"), ("ОАЭ", "AE"), ("БАӘ", "AE"), ("КНР", "CN"), ("ҚХР", "CN"), ("ФРГ", "DE")]
)
def test_a_country_is_found_by_its_initials_in_the_readers_languages(client, directory, text, code):
    make_institution(slug="there", name="Clinic", country=make_country(code))
    assert slugs(client.get("/institutions/", {"q": f"clinic, {text}"})) == ["there"]


@pytest.mark.parametrize(("text", "said"), [("RUS", "country RUS"), ("kazan rus", "country RUS")])
def test_a_code_of_three_letters_says_why(client, directory, text, said):
    assert why(client.get("/institutions/", {"q": text}))["kfu"] == f"matched: {said}"


def test_a_code_of_three_letters_leaves_a_word_that_begins_so_in_its_place(client, directory, monkeypatch):
    monkeypatch.setattr("partners.search.ranking.RANKED_AT_MOST", 2)
    make_institution(slug="canterbury", name="Canterbury University")
    for number in range(3):
        make_institution(name=f"Academy University {number}", country=make_country("CA"))
    assert slugs(client.get("/institutions/?q=university can"))[0] == "canterbury"


def test_an_acronym_does_not_hide_the_country_of_that_name(client, directory):
    alabama = make_institution(slug="alabama", name="Alabama School", country=make_country("US"))
    make_name(alabama, value="USA", kind=NameKind.ACRONYM)
    make_institution(slug="harbour", name="Boston Harbour Clinic", country=make_country("US"))
    assert slugs(client.get("/institutions/", {"q": "Clinic, USA"})) == ["harbour"]


@pytest.mark.parametrize("text", ["Уфы", "Уфе", "Уфой"])
def test_a_city_with_a_latin_name_is_found_by_its_cases(client, directory, text):
    make_institution(slug="ufa", name="Oil Institute", city=make_city(slug="ru-ufa", name="Ufa"))
    assert slugs(client.get("/institutions/", {"q": text})) == ["ufa"]


@pytest.mark.parametrize("text", ["Львова", "Львові", "Львове"])
def test_a_city_is_found_by_cases_in_which_a_vowel_changes(client, directory, text):
    lviv = make_city(slug="ua-lviv", name="Lviv", country=make_country("UA"))
    make_city_name(lviv, value="Львів", language="uk")
    make_institution(slug="lviv", name="Academy of Trade", city=lviv)
    assert slugs(client.get("/institutions/", {"q": text})) == ["lviv"]


@pytest.mark.parametrize(
    ("text", "name", "marked"),
    [
        ("Institut Pasteur", "L'Institut Pasteur", "L'<mark>Institut</mark> <mark>Pasteur</mark>"),
        ("l’institut", "L'Institut Pasteur", "L'<mark>Institut</mark> Pasteur"),
        ("C.N.R.S.", "CNRS", "<mark>CNRS</mark>"),
    ],
)
def test_articles_and_initials_are_marked_where_they_stand(client, text, name, marked):
    make_institution(slug="one", name=name)
    page = client.get("/institutions/", {"q": text})
    assert slugs(page) == ["one"]
    assert marked in html.unescape(page.content.decode())


@pytest.mark.parametrize(
    "address",
    [
        "https://api.ror.org/v2/organizations/05256ym39",
        "https://ror.org/search?page=1&query=05256YM39",
        "https%3A%2F%2Fror.org%2F05256ym39",
        "www.ror.org/05256ym39/?x=1",
    ],
)
def test_an_id_decides_whatever_address_it_stands_in(client, directory, address):
    edit(Institution.objects.get(slug="kfu"), ror_id="https://ror.org/05256ym39")
    assert slugs(client.get("/institutions/", {"q": address})) == ["kfu"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("US Geological Survey", "United States Geological Survey"),
        ("U.S. Geological Survey", "United States Geological Survey"),
        ("UK Biobank", "Biobank of the United Kingdom"),
        ("V. N. Karazin", "Karazin V. N. University"),
        ("VN Karazin", "V. N. Karazin University"),
    ],
)
def test_initials_and_such_countries_find_as_they_are_written_elsewhere(client, text, name):
    make_institution(slug="one", name=name)
    page = client.get("/institutions/", {"q": text})
    assert (slugs(page), page.context["found"].match) == (["one"], "exact")
