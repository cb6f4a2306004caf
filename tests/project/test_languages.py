"""One page in five languages: the address alone tells which."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from partners.imports.consortium_file import ConsortiumFileError, load
from partners.models import Consortium, NameKind, Role
from tests.support import factories
from tests.support.changes import edit

OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def entries():
    """Write a lab with a role, so that every page has something to show."""
    factories.make_consortium()
    lab = factories.make_lab(factories.make_institution(slug="clinic", country_id="KZ"), slug="ward")
    factories.make_participation(lab=lab, role=factories.make_role(code="vector", name="Vector production"))


def page_urls():
    """Return the address of every page in the language at hand."""
    names = ["home", "institution-list", "lab-list", "country-list", "role-list", "coverage", "pipeline", "compare"]
    names += ["map", "lab-map", "changes", "about", "about-api"]
    of_one = [("institution-detail", ["clinic"]), ("lab-detail", ["clinic", "ward"])]
    of_one += [("country-detail", ["KZ"]), ("role-detail", ["vector"])]
    return [reverse(f"partners:{name}", args=args) for name, args in [*((name, []) for name in names), *of_one]]


FILES = ["institutions.csv", "institutions.json", "labs.csv", "coverage.csv", "pipeline.ics", "changes.atom"]


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_page_speaks_the_language_of_its_address_and_of_nothing_else(client, entries, language):
    with override(language):
        urls = page_urls()
    headers = {"Accept-Language": "de,ru;q=0.5,be;q=0.4", "Cookie": f"{settings.LANGUAGE_COOKIE_NAME}=kk"}
    for url in urls:
        assert url.startswith("/" if language == "en" else f"/{language}/")
        page = client.get(url, headers=headers)
        assert (page.status_code, page.headers["Content-Language"]) == (200, language), url
        assert f'<html lang="{language}">' in page.text
        assert "Accept-Language" not in page.headers.get("Vary", "")
        assert page.cookies == {}


def test_links_of_a_page_stay_in_its_language(client, entries):
    page = client.get("/ru/institutions/")
    others = [edition["url"] for edition in editions_of(page)] + ["/static/"]
    paths = re.findall(r'(?:href|action)="(/[^"]*)"', page.text)
    strays = {path for path in paths if not path.startswith("/ru/") and not path.startswith(tuple(others))}
    assert all(re.match(r"/institutions\.(csv|xlsx|json|atom)|/pipeline\.ics", path) for path in strays)


@pytest.mark.parametrize(
    ("address", "marked"),
    [
        ("map/", ("page", "map/")),
        ("map/labs/", ("true", "map/")),
        ("labs/", ("page", "labs/")),
        ("institutions/", ("page", "institutions/")),
        ("institutions/clinic/", ("true", "institutions/")),
        ("institutions/clinic/labs/ward/", ("true", "labs/")),
        ("countries/KZ/", ("true", "countries/")),
        ("roles/vector/", ("true", "roles/")),
        ("coverage/", ("page", "coverage/")),
        ("changes/", ("page", "changes/")),
        ("compare/", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("prefix", ["/", "/ru/"])
def test_one_entry_of_the_main_navigation_is_marked(client, entries, prefix, address, marked):
    page = client.get(prefix + address).text
    (navigation,) = re.findall(r"<header.*?</header>", page, re.DOTALL)
    found = re.findall(r'<li><a href="([^"]*)" aria-current="(\w+)">', navigation)
    assert found == ([(prefix + marked[1], marked[0])] if marked else [])


def editions_of(page):
    """Return what the switcher of a page offers."""
    pattern = r'<a href="(?P<url>[^"]+)" lang="(?P<lang>[^"]+)" hreflang="(?P<hreflang>[^"]+)"'
    return [match.groupdict() for match in re.finditer(pattern, page.text)]


def test_page_links_itself_in_every_language_with_the_same_question(client, entries):
    page = client.get("/kk/institutions/", {"country": ["KZ", "RU"], "q": "a&b"})
    path = "/institutions/?country=KZ&amp;country=RU&amp;q=a%26b"
    urls = [path, *(f"/{language}{path}" for language in OTHERS)]
    assert [edition["url"] for edition in editions_of(page)] == urls
    alternates = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page.text)
    languages = ["en", *OTHERS]
    assert alternates == [(code, f"http://testserver{url}") for code, url in zip(languages, urls, strict=True)]
    assert len(re.findall(r'aria-current="true">Қазақша<', page.text)) == 1


@pytest.mark.parametrize("name", FILES)
def test_file_has_one_content_and_no_other_address(client, entries, name):
    plain = client.get(f"/{name}")
    other = client.get(f"/{name}", headers={"Accept-Language": "ru", "Cookie": f"{settings.LANGUAGE_COOKIE_NAME}=ru"})
    assert plain.status_code == 200
    assert without_moment(other) == without_moment(plain)
    assert client.get(f"/ru/{name}").status_code == 404


def without_moment(answer):
    """Return the bytes of a file without the time it was written at."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return re.sub(rb"\d{4}-?\d\d-?\d\dT[\d:.]+(Z|\+\d\d:\d\d)?", b"", content)


@pytest.mark.parametrize("prefix", ["en", "de", "ru-ru", "RU", "zh-cn", "zh", "xx"])
def test_prefix_of_no_language_leads_nowhere(client, prefix):
    assert client.get(f"/{prefix}/institutions/").status_code == 404


def test_page_that_is_not_there_offers_no_language(client):
    page = client.get("/ru/nothing/here/")
    assert (page.status_code, editions_of(page)) == (404, [])
    assert '<html lang="ru">' in page.text


def test_texts_of_rows_speak_the_language_and_fall_back_to_english(client):
    factories.make_consortium_text(factories.make_consortium(story="In English"), name="Консорциум")
    translated, plain = factories.make_role(name="Vector"), factories.make_role(name="Clinic")
    factories.make_role_text(translated, name="Векторы", definition="Делает векторы")
    page = client.get("/ru/roles/").text
    assert "Векторы" in page
    assert "Делает векторы" in page
    assert "Clinic" in page
    assert ">Vector<" not in page
    home = client.get("/ru/").text
    assert "Консорциум" in home
    assert "In English" in home
    assert "Векторы" not in client.get("/roles/").text
    assert plain.texts.count() == 0


@pytest.mark.parametrize("roles", [1, 20])
def test_roles_in_another_language_cost_one_query(client, roles):
    for _number in range(roles):
        factories.make_participation(role=factories.make_role_text().role)
    read = {}
    for url in ["/institutions/", "/ru/institutions/"]:
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        read[url] = sum("partners_roletext" in query["sql"] for query in queries)
    assert read == {"/institutions/": 0, "/ru/institutions/": 1}


@pytest.mark.parametrize(
    ("prefix", "shown"), [("", "Kazan, Russia"), ("/ru", "Казань, Россия"), ("/be", "Kazan, Расія")]
)
def test_place_speaks_the_language(client, prefix, shown):
    city = factories.make_city(name="Kazan", country_id="RU")
    factories.make_city_name(city, value="Казань", language="ru")
    factories.make_institution(city=city)
    assert shown in client.get(f"{prefix}/institutions/").text


@pytest.fixture
def moved():
    """Write an institution and a lab that were in no city and are in Kazan now."""
    city = factories.make_city(name="Kazan", slug="ru-kazan", country_id="RU", latitude=55.8, longitude=49.1)
    factories.make_city_name(city, value="Казань", language="ru")
    factories.make_city_name(city, value="喀山", language="zh-Hans")
    institution = factories.make_institution(name="Clinic", slug="clinic", country_id="RU", standing="signed")
    factories.make_institution(slug="other")
    lab = factories.make_lab(institution, name="Ward", slug="ward")
    edit(lab, city=city)
    edit(institution, city=city)


def without_addresses(page):
    return re.sub(r'href="[^"]*"', "", page.text)


@pytest.mark.parametrize(
    "address",
    [
        *("", "map/", "map/labs/", "labs/", "institutions/?city=ru-kazan", "institutions/clinic/"),
        *("institutions/clinic/labs/ward/", "pipeline/", "compare/?i=clinic&i=other"),
        *("changes/", "changes/?since=2020-01-01"),
    ],
)
@pytest.mark.parametrize(
    ("prefix", "shown", "others"),
    [("/", "Kazan", "Казань|喀山"), ("/ru/", "Казань", "Kazan|喀山"), ("/zh-hans/", "喀山", "Kazan|Казань")],
)
def test_cities_are_called_in_the_visitors_language_everywhere(client, moved, prefix, shown, others, address):
    text = without_addresses(client.get(prefix + address))
    assert shown in text
    assert re.findall(rf"(?<![-=])\b(?:{others})\b", text) == []


@pytest.mark.parametrize("address", ["/ru/map/", "/ru/map/labs/", "/ru/changes/", "/ru/"])
def test_names_of_cities_in_another_language_cost_one_query(client, address):
    def texts_read():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return sum('FROM "partners_cityname"' in query["sql"] for query in queries), len(queries)

    def make():
        city = factories.make_city_name(language="ru").city
        edit(factories.make_lab(factories.make_institution(standing="signed", city=city)), city=city)

    make()
    first = texts_read()
    for _number in range(3):
        make()
    assert first[0] == 1
    assert texts_read() == first


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "Kazan", "Қазан"),
        ("ru", "Казань", "Kazan"),
        ("kk", "Қазан", "Kazan"),
        ("zh-hans", "喀山", "Kazan"),
        ("be", "Kazan", "Қазан"),
    ],
)
def test_row_shows_the_name_in_the_visitors_language_else_the_native_one(client, language, first, second):
    institution = factories.make_institution(name="Kazan")
    factories.make_name(institution, value="Қазан", language="kk")
    factories.make_name(institution, value="Казань", language="ru", kind=NameKind.OFFICIAL)
    factories.make_name(institution, value="喀山", language="zh-Hans", kind=NameKind.ALIAS)
    factories.make_name(institution, value="Каз", language="be", kind=NameKind.ACRONYM)
    with override(language):
        url = reverse("partners:institution-list")
    page = client.get(url).text
    assert re.findall(r'<a [^>]*class="name"[^>]*>\s*([^<]+?)\s*<', page) == [first]
    assert re.findall(r'<span class="native"[^>]*>\s*([^<]+?)\s*<', page) == [second]


FILE = {
    "consortium": {"name": "Consortium", "short_name": "Short", "texts": {"ru": {"name": "Консорциум"}}},
    "role": [
        {"code": "vector", "group": "chain", "position": 1, "name": "Vector", "texts": {"kk": {"name": "Вектор"}}},
    ],
}


def test_file_of_a_consortium_brings_texts_in_other_languages():
    load(FILE)
    with override("ru"):
        assert (Consortium.objects.get().as_read().name, str(Role.objects.get())) == ("Консорциум", "Vector")
    with override("kk"):
        assert (Consortium.objects.get().as_read().name, str(Role.objects.get())) == ("Consortium", "Вектор")


def test_file_of_a_consortium_is_told_where_a_language_or_a_text_is_wrong():
    role = FILE["role"][0] | {"texts": {"de": {"name": "Vektor"}, "ru": "Вектор", "kk": {"title": "Вектор"}}}
    with pytest.raises(ConsortiumFileError) as refusal:
        load(FILE | {"role": [role]})
    assert refusal.value.mistakes == [
        'role "Vector", texts "de", language: Value \'de\' is not a valid choice.',
        'role "Vector", texts, ru: one table is expected',
        'role "Vector", texts "kk": unknown key "title"',
    ]
