"""Pages say in the words of schema.org what they show, in a block that no text can leave."""

import json
import re

import pytest

from tests.support.factories import (
    make_city,
    make_consortium,
    make_contact,
    make_institution,
    make_lab,
    make_name,
    make_participation,
    make_role,
)

pytestmark = pytest.mark.django_db
BLOCK = re.compile('<script type="application/ld\\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def home():
    make_consortium(name="Chain", licence_url="https://licence.example/")
    home = make_institution(
        name="Home", slug="home", kind="hospital", ror_id="https://ror.org/05256ym39", city=make_city(name="Almaty")
    )
    make_name(home, value="Дом", language="ru")
    make_participation(home, make_role(name="Vector"), make_lab(home, name="Lab", slug="lab"), since="2026-01-31")
    make_contact(
        home, person="Person Shown", visibility="public", basis="consent", basis_on="2026-01-01", basis_source="x"
    )
    return home


def data_of(client, address):
    [block] = BLOCK.findall(client.get(address).text)
    return json.loads(block)


def test_an_entry_says_what_it_is_and_whose(client, home):
    said = data_of(client, "/ru/institutions/home/")
    address = "http://testserver/institutions/home/"

    assert (said["@context"], said["@type"], said["@id"]) == ("https://schema.org", "Hospital", address)
    assert said["url"] == "http://testserver/ru/institutions/home/"
    assert said["alternateName"] == [{"@value": "Дом", "@language": "ru"}]
    assert (said["identifier"]["value"], said["sameAs"]) == ("https://ror.org/05256ym39",) * 2
    assert said["address"] == {"@type": "PostalAddress", "addressLocality": "Almaty", "addressCountry": "KZ"}
    [role] = said["memberOf"]
    assert (role["@type"], role["roleName"], role["startDate"]) == ("OrganizationRole", "Vector", "2026-01-31")
    assert role["memberOf"]["@id"] == data_of(client, "/")["@id"] == "http://testserver/"
    [lab] = said["department"]
    assert lab["@id"] == data_of(client, "/institutions/home/labs/lab/")["@id"] == f"{address}labs/lab/"
    assert data_of(client, "/institutions/home/labs/lab/")["parentOrganization"]["@id"] == address
    assert "Person Shown" not in json.dumps(said, ensure_ascii=False)


def test_signposts_lead_to_the_same_in_other_forms(client, home):
    for page in ("/institutions/home/", "/institutions/home/labs/lab/"):
        answer = client.get(page)
        links = dict(re.findall('<([^>]*)>; rel="(cite-as|describedby|item|license)"', answer["Link"]))
        assert links == {
            f"http://testserver{page}": "cite-as",
            f"http://testserver{page.rstrip('/')}.jsonld": "describedby",
            f"http://testserver{page.rstrip('/')}.json": "item",
            "https://licence.example/": "license",
        }
        linked = client.get(f"{page.rstrip('/')}.jsonld")
        assert (linked["Content-Type"], linked.json()) == ("application/ld+json", data_of(client, page))
        assert client.get(f"{page.rstrip('/')}.json").json() == client.get(f"/api/v1{page.rstrip('/')}").json()


def test_about_is_a_data_set_whose_files_are_there(client, home):
    said = data_of(client, "/about/")

    assert (said["@type"], said["license"]) == ("Dataset", "https://licence.example/")
    for file in said["distribution"]:
        answer = client.get(file["contentUrl"])
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(file["encodingFormat"])
        answer.getvalue()  # reads the file to its end, which closes it


def test_no_text_ends_the_block(client):
    evil = "</script><script>alert(1)</script>&<!--"
    make_institution(name=evil, slug="evil", summary=evil)

    page = client.get("/institutions/evil/").text
    assert data_of(client, "/institutions/evil/")["description"] == evil
    assert "<script>alert" not in page
