"""An empty list is no dead end: it names each part of the question that stands in the way."""

import re

import pytest

from tests.support.factories import make_country, make_institution, make_participation, make_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory():
    """Write a clinic in Kazakhstan, and two makers of vectors in Russia."""
    clinic, vector = make_role(code="clinic", name="Clinic"), make_role(code="vector", name="Vector production")
    make_participation(make_institution(name="Aqqu", country=make_country("KZ")), clinic)
    for name in ("Alatyr", "Zilant"):
        make_participation(make_institution(name=name, country=make_country("RU")), vector)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("country=KZ&role=vector", {"Country: Kazakhstan": 2, "Role: Vector production": 1}),
        ("country=KZ&role=vector&q=zilant", {"Country: Kazakhstan": 1}),
        ("country=KZ&role=vector&role=clinic&role_match=all&q=zilant", {}),
    ],
)
def test_an_empty_list_names_what_stands_in_the_way(client, directory, question, expected):
    page = client.get(f"/institutions/?{question}")
    offered = {(way.label, way.count): way.url for way in page.context["ways_out"]}
    assert offered.keys() == {*expected.items()}
    assert page.text.count("without “") == len(expected)
    for (_label, number), url in offered.items():
        assert re.search(rf"\b{number} institution", client.get(f"/institutions/{url}").text)


@pytest.mark.parametrize("question", ["country=RU", "country=KZ&role=clinic", "q=nobody", "kind=hospital"])
def test_a_list_with_rows_or_of_one_part_offers_no_ways_out(client, directory, question):
    assert client.get(f"/institutions/?{question}").context["ways_out"] == []
