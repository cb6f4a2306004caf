"""Every published point is on the map, also that of an entry whose city, or whose city's point, is not known."""

import pytest

from tests.support.factories import make_city, make_institution

pytestmark = pytest.mark.django_db


def test_the_page_names_what_has_no_dot_and_draws_every_point(client):
    make_institution(city=make_city(name="Astana", slug="kz-astana"), standing="signed")
    make_institution(country_id="KZ", standing="signed")
    alone = make_institution(name="Alone", standing="signed", latitude=50, longitude=50)  # a point of its own, no city

    page = client.get("/map/")

    drawing = page.context["map"]
    assert [(dot.title, dot.figure.url) for dot in drawing.dots] == [("Alone: 1 institution", alone.get_absolute_url())]
    assert [(figure.label, figure.count) for figure in drawing.pointless] == [("Astana, Kazakhstan", 1)]
    assert (drawing.cityless.count, drawing.alone) == (2, 1)
    assert "1 of these has a point of its own and is drawn there." in page.text


def test_points_that_no_map_parts_are_named_in_words(client):
    for name in ["One", "Two"]:
        make_institution(name=name, latitude=50, longitude=50, standing="signed")

    whole = client.get("/map/").context["map"]
    part = client.get(whole.dots[0].figure.url).context["map"]

    [dot] = part.dots
    assert (dot.title, dot.figure.url) == ("One, and 1 more place: 2 institutions", "#places")
    assert [figure.label for figure in part.rows] == ["One", "Two"]
