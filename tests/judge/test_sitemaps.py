"""Sitemaps judged against their schema, and every address that they name asked for."""

from pathlib import Path

import pytest

from partners.imports.consortium_file import load, read

etree = pytest.importorskip("lxml.etree")

pytestmark = pytest.mark.judge
LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
HOST = {"headers": {"host": "directory.example"}, "secure": True}


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(Path(__file__).with_name("sitemap.xsd")))


# Real transactions, so that an index answers: in one of a test each of a thousand pages would ask the database all.
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_every_sitemap_of_the_demonstration_is_valid_and_each_address_is_there(client, settings, schema):
    settings.ALLOWED_HOSTS = ["directory.example"]
    load(read("partners/seeds/demo.toml"))

    def judged(address):
        tree = etree.fromstring(client.get(address, **HOST).content)
        assert schema.validate(tree), schema.error_log
        return [one.text for one in tree.iter(LOCATION)]

    pages = [address for sitemap in judged("/sitemap.xml") for address in judged(sitemap)]
    assert len(pages) == len(set(pages)) > 500
    asked = {address: client.get(address, **HOST) for address in pages}
    assert {address: answer.status_code for address, answer in asked.items() if answer.status_code != 200} == {}
    shut = [address for address, answer in asked.items() if b'content="noindex' in answer.content]
    assert shut == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("right", "wrong"),
    [("<loc>https://", "<loc>"), ("hreflang", "lang"), ("<url>", "<url><priority>2</priority>"), ("alternate", "next")],
)
def test_the_schema_finds_what_is_wrong(client, schema, right, wrong):
    text = client.get("/sitemap-pages-1.xml", secure=True).text

    assert schema.validate(etree.fromstring(text.encode()))
    assert not schema.validate(etree.fromstring(text.replace(right, wrong).encode()))
