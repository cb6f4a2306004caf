"""A board whose ticked roles are of another group: it has no row, and forgets nothing of the question."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.factories import make_country, make_institution, make_participation, make_role
from tests.support.forms import submitted

pytestmark = pytest.mark.django_db


def test_a_board_without_rows_keeps_the_rest_of_the_question(client):
    make_country(code="CN", is_target=True)
    make_role(code="training", group="support")
    vector = make_role(code="vector", group="chain")
    make_participation(role=vector, institution=make_institution(country_id="CN", kind="hospital"))
    page = client.get("/coverage/?role=training&group=chain&country=CN&kind=hospital")

    question = parse_qs(urlsplit(submitted(page.text, "filter")).query)
    assert [question[name] for name in ("role", "country", "kind")] == [["training"], ["CN"], ["hospital"]]
