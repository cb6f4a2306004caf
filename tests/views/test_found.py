"""Search engines find every page in every language, no combination of filters, and nothing that is gone."""

import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from partners.urls import pages
from partners.views import found
from tests.support.factories import make_consortium, make_institution, make_lab, make_participation, make_role

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
NOT_IN_SITEMAPS = {
    "compare": "without a team it is a form",
    "suggest": "it answers while somebody types",
    **dict.fromkeys(["institution-print", "lab-print"], "they are lists once more, for paper"),
    **dict.fromkeys(["embed-board", "embed-list", "embed-map"], "they are parts of pages, for other sites"),
    **dict.fromkeys(["opensearch", "manifest", "card"], "they are no pages"),
}


def locations(client, address):
    return [one.text for one in ElementTree.fromstring(client.get(address).content).iter(f"{SITEMAP}loc")]


@pytest.fixture
def entries():
    partner = make_institution(slug="partner", standing="signed", country_id="KZ")
    make_lab(partner, slug="lab")
    make_participation(partner, make_role(code="vector"))
    make_lab(make_institution(slug="registry"), slug="lab")
    make_institution(slug="draft", standing="signed", is_published=False)


def test_sitemaps_lead_to_pages_in_every_language_with_the_others_beside(client, entries, monkeypatch):
    monkeypatch.setattr(found, "AT_ONCE", 10)
    host = {"headers": {"host": "testserver"}, "secure": True}
    sitemaps = locations(client, "/sitemap.xml")
    every = []
    for sitemap in sitemaps:
        tree = ElementTree.fromstring(client.get(sitemap, **host).content)
        assert tree.tag == f"{SITEMAP}urlset"
        for url in tree:
            here = url.findtext(f"{SITEMAP}loc")
            others = {link.get("hreflang"): link.get("href") for link in url.iter(f"{XHTML}link")}
            assert list(others) == LANGUAGES
            assert here in others.values()
            assert here.startswith("https://testserver/")
            every.append(here)

    assert len(every) == len(set(every))
    assert [client.get(address).status_code for address in every] == [200] * len(every)
    said = " ".join(every)
    assert "/ru/institutions/partner/labs/lab/" in said
    assert not re.search("registry|draft", said)
    assert client.get("/sitemap-labs-9.xml").status_code == 404
    everybody = client.get("/sitemap.xml?partner=partner&partner=registry")
    assert all(
        address.endswith("?partner=partner&partner=registry")
        for address in re.findall("<loc>(.*?)</loc>", everybody.text.replace("&amp;", "&"))
    )
    assert "registry/" in client.get("/sitemap-institutions-1.xml?partner=partner&partner=registry").text


def test_each_page_of_a_name_alone_stands_in_a_sitemap_or_has_a_reason(client):
    found_at = {address.removeprefix("http://testserver") for address in locations(client, "/sitemap-pages-1.xml")}
    alone = {page.name for page in pages if not page.pattern.converters}

    missing = {name for name in alone if reverse(f"partners:{name}") not in found_at}
    assert missing == NOT_IN_SITEMAPS.keys(), "add it to BOARDS of views/found.py, or say why not"


def test_robots_close_filters_and_name_the_sitemap(client):
    text = client.get("/robots.txt", headers={"host": "localhost"}).text

    assert "Disallow: /*?\n" in text
    assert [line for line in text.splitlines() if "institutions" in line or "labs" in line] == []
    assert {f"Disallow: {prefix}/admin/" for prefix in ("", "/ru", "/zh-hans")} <= set(text.splitlines())
    assert "Sitemap: http://localhost/sitemap.xml" in text


def test_a_filtered_list_is_followed_and_not_indexed_and_says_what_it_shows(client, entries):
    plain = client.get("/institutions/").text
    assert 'rel="canonical" href="http://testserver/institutions/"' in plain
    assert "noindex" not in plain

    filtered = client.get("/institutions/?utm=x&country=KZ&size=25").text
    assert '<meta name="robots" content="noindex, follow">' in filtered
    assert 'rel="canonical" href="http://testserver/institutions/?country=KZ"' in filtered
    assert '<meta name="description" content="1 institution. Country is Kazakhstan">' in filtered
    entry = client.get("/institutions/partner/").text
    [title] = re.findall('property="og:title" content="(.*?)"', entry)
    assert title.startswith("Institution ")
    assert 'property="og:url" content="http://testserver/institutions/partner/"' in entry
    assert "og:url" not in client.get("/nowhere/").text


def test_a_browser_learns_to_search_here_in_the_language_of_the_page(client):
    make_consortium(short_name="A & B")
    [address] = re.findall('rel="search"[^>]*href="(.*?)"', client.get("/ru/labs/").text)
    answer = client.get(address)

    assert answer["Content-Type"] == "application/opensearchdescription+xml"
    tree = ElementTree.fromstring(answer.content)
    names = {one.tag.rpartition("}")[2]: one for one in tree}
    assert names["ShortName"].text == "A & B"
    search = names["Url"].get("template").replace("{searchTerms}", "kazan").removeprefix("http://testserver")
    assert search == "/ru/institutions/?q=kazan"


def test_a_phone_is_told_the_name_in_its_language_and_pictures_that_are_there(client):
    consortium = make_consortium(name="Chain", short_name="CH")
    consortium.texts.create(language="ru", name="Цепь")

    page = client.get("/ru/").text
    manifest = client.get(re.search('rel="manifest" href="([^"]+)"', page)[1])

    assert manifest["Content-Type"] == "application/manifest+json"
    assert {name: manifest.json()[name] for name in ("name", "short_name", "lang", "start_url")} == {
        "name": "Цепь",
        "short_name": "CH",
        "lang": "ru",
        "start_url": "/ru/",
    }
    named = [icon["src"] for icon in manifest.json()["icons"]] + re.findall(r'<link rel="icon" href="([^"]+)"', page)
    assert len(named) == 4
    assert [name for name in named if not finders.find(name.removeprefix("/static/"))] == []
    for name in ("/favicon.ico", "/apple-touch-icon.png"):
        icon = client.get(name)
        icon.close()
        assert icon.status_code == 200
