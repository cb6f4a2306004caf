"""JSON-LD of every page of the demonstration, read by others and judged by our own shapes."""

import json
from pathlib import Path

import pytest

from partners.imports.consortium_file import load, read
from partners.models import Institution, Lab

extruct = pytest.importorskip("extruct")
rdflib = pytest.importorskip("rdflib")
pyshacl = pytest.importorskip("pyshacl")

pytestmark = [pytest.mark.judge, pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]
SHAPES = Path(__file__).with_name("shapes.ttl")
CONTEXT = {"@vocab": "https://schema.org/"}  # nobody loads the one of schema.org from here


def graph_of(blocks):
    graph = rdflib.Graph()
    for block in blocks:
        assert block["@context"] == "https://schema.org"
        graph.parse(data=json.dumps(block | {"@context": CONTEXT}), format="json-ld")
    return graph


def judged(graph):
    conforms, _graph, text = pyshacl.validate(graph, shacl_graph=str(SHAPES), shacl_graph_format="turtle")
    return "" if conforms else text


def test_every_page_of_the_demonstration_keeps_our_shapes(client):
    load(read("partners/seeds/demo.toml"))
    addresses = ["/", "/about/", "/ru/about/"]
    addresses += [one.get_absolute_url() for one in Institution.objects.published()]
    addresses += [one.get_absolute_url() for one in Lab.objects.published().select_related("institution")]
    everything = rdflib.Graph()
    for address in addresses:
        [block] = extruct.extract(client.get(address).text, syntaxes=["json-ld"])["json-ld"]
        everything += graph_of([block])

    assert len(everything) > 1000
    assert judged(everything) == ""


def test_shapes_find_what_is_wrong():
    wrong = {
        "@context": "https://schema.org",
        "@type": "Hospital",
        "@id": "https://a.example/",
        "url": "https://a.example/",
    }
    assert "name" in judged(graph_of([wrong]))
