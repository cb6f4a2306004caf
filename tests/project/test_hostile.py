"""Whatever arrives, the answer is a clear one: never 5xx."""

from http import HTTPStatus
from itertools import product

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.factories import make_institution, make_lab, make_role
from tests.support.hostile import ADDRESSES, ODD, PARAMETERS

pytestmark = pytest.mark.django_db

RANDOM = settings(
    max_examples=50,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

TURNS = 10  # an address takes every tenth pair of parameter and value, the next address the next tenth


@pytest.fixture(autouse=True)
def entries():
    make_lab(make_institution(slug="kfu"), slug="lab")
    make_role(code="vector")


def status(response):
    """Return the status of an answer, read to its end."""
    if response.streaming:
        b"".join(response)
    return response.status_code


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_odd_value_is_answered_or_refused(client, one_index, address):
    """Each value is tried in each parameter, and at each address; `make faults` tries many of the three together."""
    turn = ADDRESSES.index(address)
    for (at, parameter), (number, value) in product(enumerate(PARAMETERS), enumerate(ODD)):
        if (at + number + turn) % TURNS == 0:
            assert status(client.get(f"{address}?{parameter}={value}")) in {
                HTTPStatus.OK,
                HTTPStatus.BAD_REQUEST,
                HTTPStatus.NOT_FOUND,
            }, (parameter, value)


def test_any_query_string_is_answered_or_refused(client, one_index):
    @RANDOM
    @given(
        st.sampled_from(ADDRESSES),
        st.lists(st.tuples(st.sampled_from(PARAMETERS), st.text(max_size=30) | st.sampled_from(ODD)), max_size=5),
    )
    def check(address, pairs):
        question = {}
        for parameter, value in pairs:
            question.setdefault(parameter, []).append(value.encode("utf-8", "replace").decode("utf-8", "replace"))
        assert status(client.get(address, question)) < HTTPStatus.INTERNAL_SERVER_ERROR

    check()


@pytest.mark.parametrize("address", ["/institutions/", "/labs.csv"])
def test_thousands_of_values_are_refused(client, address):
    many = "&".join(f"city=c{number}" for number in range(5000))

    assert client.get(f"{address}?{many}").status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "path",
    [
        "/institutions/%00/",
        "/institutions/kfu%00/",
        "/institutions/kfu/labs/%ED%A0%80/",
        "/institutions/" + "a" * 5000 + "/",
        "/countries/%00/",
        "/countries/" + "9" * 5000 + "/",
        "/countries/КЗ/",
        "/roles/%FF/",
        "/institutions.%00",
        "/institutions.csv/",
        "/api/v1/institutions/%00",
        "/api/v1/labs/%FF",
        "/api/%F0%9F%98%80",
        "/%F0%9F%98%80/",
    ],
)
def test_an_odd_path_is_not_found(client, path):
    assert client.get(path).status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST}


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options", "head"])
@pytest.mark.parametrize("address", ["/institutions/", "/institutions.csv", "/institutions/kfu/"])
def test_another_method_breaks_nothing(client, method, address):
    assert status(getattr(client, method)(address)) < HTTPStatus.INTERNAL_SERVER_ERROR


def test_a_wrong_host_is_refused(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == HTTPStatus.BAD_REQUEST


def test_markup_in_names_is_text(client):
    make_institution(name="<script>alert(1)</script>", slug="markup", summary="<img src=x onerror=alert(1)>")

    for address in ["/institutions/", "/institutions/markup/", "/institutions/?q=%3Cscript%3E"]:
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
