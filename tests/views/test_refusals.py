"""An address that asks for what is not known gets a 400 that says so, once, in the form that it asked for."""

import html
import re
from http import HTTPStatus

import pytest
from django.utils.datastructures import MultiValueDict

from partners.lists.filters import InstitutionFilter, LabFilter
from tests.support.factories import (
    make_city,
    make_country,
    make_former_slug,
    make_institution,
    make_participation,
    make_role,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/institutions/", "/labs/", "/institutions.csv", "/labs.csv", "/institutions.xlsx"]
)
@pytest.mark.parametrize(
    "query", ["country=ZZ", "role=nobody", "page=0", "sort=x", "q=%00", "q=" + "a+" * 50, "country=KZ&country=ZZ"]
)
def test_a_bad_value_is_refused_on_page_and_file_in_the_same_words(client, address, query):
    make_institution()

    response = client.get(f"{address}?{query}")

    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert response["Content-Type"].startswith("text/html")
    [[message]] = response.context["filterset"].errors.values()
    assert html.unescape(response.content.decode()).count(message) == 1


@pytest.mark.parametrize(
    ("address", "parameters"),
    [
        ("/institutions.json?country=ZZ&sort=x", {"country", "sort"}),
        ("/labs.json?q=%00&size=9", {"q", "size"}),
        ("/changes.json?since=2026&page=0", {"since", "page"}),
        ("/coverage.json?role=nobody", {"role"}),
    ],
)
def test_a_program_that_asks_for_json_is_refused_in_json(client, address, parameters):
    make_institution()

    refused, page = client.get(address), client.get(address.replace(".json", "/"))

    assert (refused.status_code, refused["Content-Type"]) == (HTTPStatus.BAD_REQUEST, "application/json")
    errors = refused.json()["errors"]
    assert errors.keys() == parameters
    for [message] in errors.values():
        assert message in html.unescape(page.text)


@pytest.mark.parametrize("path", ["/institutions/", "/labs/", "/coverage/", "/changes/", "/map/"])
def test_who_asks_for_something_unknown_may_keep_the_rest(client, path):
    make_institution(country=make_country("KZ"))

    refused = client.get(f"{path}?country=KZ&role=nobody&size=9").text
    [rest] = re.findall(r'<a href="([^"]+)">Leave this out and keep the rest', refused)

    assert rest == f"{path}?country=KZ"
    assert client.get(rest).status_code == HTTPStatus.OK


@pytest.mark.parametrize("path", ["/institutions/", "/labs/", "/coverage/", "/changes/", "/map/"])
def test_one_wrong_value_of_a_facet_leaves_the_right_ones_beside_it(client, path):
    make_country("KZ")
    make_role(code="clinic")

    refused = client.get(f"{path}?country=KZ&country=ZZ&country=%00&role=clinic&role=nobody").text
    [rest] = re.findall(r'<a href="([^"]+)">Leave this out and keep the rest', refused)

    assert html.unescape(rest) == f"{path}?country=KZ&role=clinic"
    assert asked_again(refused) == [("country", "KZ"), ("role", "clinic")]
    assert client.get(html.unescape(rest)).status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    "address",
    [
        "/institutions/?country=kz&role=CLINIC&standing=Signed&city=KZ-Almaty",
        "/institutions.csv?country=Kz&country=KZ&role=Clinic&standing=SIGNED&city=kz-Almaty",
        "/api/v1/institutions?country=kz&role=clinic&standing=signed&city=KZ-ALMATY",
    ],
)
def test_a_code_in_other_case_is_that_of_the_vocabulary(client, address):
    almaty = make_city(slug="kz-almaty")
    make_participation(make_institution(name="Found", city=almaty, standing="signed"), make_role(code="clinic"))
    make_institution(name="Another", standing="signed")

    answer = client.get(address)
    text = b"".join(answer).decode()

    assert answer.status_code == HTTPStatus.OK
    assert "Found" in text
    assert "Another" not in text


def test_no_value_is_one_in_any_case_and_other_words_are_not():
    make_country("SS")

    assert InstitutionFilter.asking(country=["NONE"]).form.cleaned_data["country"] == ["none"]
    assert not InstitutionFilter(MultiValueDict({"country": ["ß"]})).is_valid()
    assert not InstitutionFilter(MultiValueDict({"kind": ["NONE"]})).is_valid()  # everybody has one


def test_a_code_as_it_was_written_comes_before_one_in_other_case(client):
    make_institution(slug="kfu")
    make_former_slug(make_institution(slug="now"), slug="KFU")

    assert LabFilter.asking(institution=["KFU", "kfu"]).form.cleaned_data["institution"] == ["now", "kfu"]


def asked_again(page):
    """Return the parameters that the form of a page sends as it is, but empty ones."""
    [form] = re.findall(r'<form id="filter".*?</form>', page, re.DOTALL)
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', one)) for one in re.findall("<input[^>]*>", form)]
    chosen = re.findall(r'<select name="(\w+)".*?<option value="([^"]*)" selected', form, re.DOTALL)
    return sorted(
        [(one["name"], one["value"]) for one in inputs if one.get("value")] + [pair for pair in chosen if pair[1]]
    )


@pytest.mark.parametrize("path", ["/institutions/", "/labs/", "/coverage/", "/changes/", "/map/", "/pipeline/"])
def test_the_form_of_what_is_refused_goes_on_with_what_was_right(client, path):
    make_institution(country=make_country("KZ"))

    refused = client.get(f"{path}?country=KZ&role=nobody&q=a&sort=country&countryy=RU")

    assert asked_again(refused.text) == [("country", "KZ"), ("q", "a"), ("sort", "country")]
    assert "Not understood: <bdi>countryy</bdi>" in refused.text


def test_days_of_a_refused_question_stay_in_their_fields(client):
    refused = client.get("/changes/?role=nobody&since=2026-01-01&until=2026-02-01")

    assert asked_again(refused.text) == [("since", "2026-01-01"), ("until", "2026-02-01")]


def test_where_nothing_was_understood_there_is_no_rest(client):
    assert "keep the rest" not in client.get("/institutions/?country=ZZ&page=0").text


def test_what_is_wrong_is_said_under_the_name_that_its_field_gives_it(client):
    page = client.get("/institutions/?sort=<b>&q=%00").text

    for field in ("sort", "q"):
        assert page.count(f'aria-describedby="id_{field}_error"') == page.count(f' id="id_{field}_error"') == 1
    assert "<b>" not in page
