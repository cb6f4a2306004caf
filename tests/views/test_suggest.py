"""What a search box offers while somebody types."""

import re
from http import HTTPStatus

import pytest

from partners.lists import LISTS
from partners.views.suggest import OFFERED
from tests.support.factories import (
    make_city,
    make_country,
    make_institution,
    make_lab,
    make_name,
    make_participation,
    make_role,
)

pytestmark = pytest.mark.django_db


def offered(response):
    """Return [(address, text)] of the options."""
    options = re.findall(r'<li role="option".*?data-url="(.*?)">(.*?)</li>', response.content.decode(), re.DOTALL)
    return [(url, " ".join(re.sub(r"<[^>]*>", " ", re.sub("</?mark>", "", text)).split())) for url, text in options]


def announced(response):
    """Return the sentence for who does not see the options."""
    return " ".join(re.search(r'<p class="announced">(.*?)</p>', response.content.decode(), re.DOTALL)[1].split())


def test_the_best_are_offered_with_native_name_city_and_country(client):
    kfu = make_institution(
        slug="kfu", name="Kazan Federal University", city=make_city(name="Kazan", country=make_country("RU"))
    )
    make_name(kfu, value="Казанский университет")
    make_institution(slug="clinic", name="Clinic of Kazan")

    assert offered(client.get("/suggest/?q=kaz")) == [
        ("/countries/KZ/", "Kazakhstan a country without a current partner"),
        ("/institutions/kfu/", "Kazan Federal University Казанский университет Kazan, Russia"),
        ("/institutions/clinic/", "Clinic of Kazan not stated"),
        (f"/institutions/?city={kfu.city.slug}", "Kazan, Russia a city with 1 institution"),
    ]


def test_no_more_are_offered_than_fit(client, django_assert_max_num_queries):
    for number in range(OFFERED * 2):
        make_institution(name=f"Kazan {number}")
        make_lab(make_institution(name="Center"), name=f"Kazan lab {number}")
    with django_assert_max_num_queries(15 * len(LISTS)):
        assert len(offered(client.get("/suggest/?q=kazan"))) == OFFERED * len(LISTS)


def test_labs_are_offered_below_the_institutions_with_whose_they_are(client):
    kfu = make_institution(slug="kfu", name="Kazan University")
    make_lab(kfu, slug="gene", name="Gene Therapy of Kazan")

    response = client.get("/suggest/?q=kazan gene")

    assert re.findall(r'role="presentation" id="[^"]*">(.*?)<', response.content.decode()) == ["Institutions", "Labs"]
    assert offered(response) == [
        ("/institutions/kfu/", "Kazan University not stated matched: lab Gene Therapy of Kazan"),
        ("/institutions/kfu/labs/gene/", "Gene Therapy of Kazan Kazan University not stated"),
    ]


@pytest.mark.parametrize("query", ["", "?q=", "?q=%22"])
def test_nothing_is_offered_for_nothing(client, query):
    make_institution(name="Kazan")
    assert client.get(f"/suggest/{query}").content.strip() == b""


def test_it_is_announced_what_is_offered_and_that_nothing_is(client):
    make_institution(name="Kazan")
    assert (announced(client.get("/suggest/?q=zzzzzz")), offered(client.get("/suggest/?q=zzzzzz"))) == (
        "No suggestions",
        [],
    )
    assert announced(client.get("/suggest/?q=kazan")) == "Institutions: 1"
    assert announced(client.get("/suggest/?q=rfpfy")) == "Read as: казан. Institutions: 1"


def test_roles_and_countries_come_first_and_cities_last_where_the_text_names_them(client):
    make_role(code="vector", name="Vector production")
    almaty = make_city(slug="kz-almaty", name="Almaty", country=make_country("KZ"))
    lab = make_lab(make_institution(slug="clinic", name="Clinic", city=almaty, standing="signed"), name="Gene Lab")
    make_participation(role=make_role(code="gene", name="Gene therapy"), lab=lab)

    assert offered(client.get("/suggest/?q=vect")) == [
        ("/roles/vector/", "Vector production a link of the chain, nobody yet")
    ]
    response = client.get("/suggest/?q=gene")
    assert announced(response) == "Roles and countries: 1; Institutions: 1; Labs: 1"
    assert offered(response)[:2] == [
        ("/roles/gene/", "Gene therapy a link of the chain, covered by 1 institution"),
        ("/institutions/clinic/", "Clinic Almaty, Kazakhstan matched: lab Gene Lab"),
    ]
    assert offered(client.get("/suggest/?q=kazakhstan"))[0] == (
        "/countries/KZ/",
        "Kazakhstan a country with 1 current partner",
    )
    assert offered(client.get("/suggest/?q=almaty"))[-1] == (
        "/institutions/?city=kz-almaty",
        "Almaty, Kazakhstan a city with 1 institution",
    )
    assert offered(client.get("/suggest/?q=almaty clinic"))[-1][0] != "/institutions/?city=kz-almaty"


def test_beginnings_of_words_come_before_insides(client):
    samarkand = make_city(slug="uz-samarkand", name="Samarkand", country=make_country("UZ"))
    make_name(make_institution(slug="anor", name="Anor Centre", city=samarkand), value="Anor onkologiya markazi")
    make_institution(slug="aqqu", name="Zhan Hospital", country_id="KZ")
    make_institution(slug="kazan", name="University of Kazan")
    urls = [url for url, _text in offered(client.get("/suggest/?q=kaz"))]
    assert urls == ["/countries/KZ/", "/institutions/kazan/", "/institutions/aqqu/", "/institutions/anor/"]


def test_what_is_not_published_is_not_offered(client):
    make_institution(name="Kazan", is_published=False)
    assert offered(client.get("/suggest/?q=kazan")) == []


def test_an_impossible_text_is_refused(client):
    response = client.get("/suggest/", {"q": "a" * 201})
    assert (response.status_code, response.content.strip()) == (HTTPStatus.BAD_REQUEST, b"")


def test_no_cookie_is_set(client):
    make_institution(name="Kazan")
    assert not client.get("/suggest/?q=kazan").cookies
