"""What stands on the map beside its dots."""

import pytest

from partners.lists import results
from tests.support.factories import make_city, make_country, make_institution, make_lab

pytestmark = pytest.mark.django_db


def map_of(client, address="/map/"):
    return client.get(address).context["map"]


def test_countries_are_named_in_the_page_s_language_with_their_number(client):
    make_country(code="KZ", is_target=True)
    make_country(code="CN", is_target=True)
    for latitude, longitude in [(43.2, 76.9), (51.1, 71.4)]:
        city = make_city(country_id="KZ", latitude=latitude, longitude=longitude)
        make_institution(city=city, country=city.country, standing="signed")

    named = {country.name.text: country.is_gap for country in map_of(client).countries}
    assert named["Kazakhstan 2"] is False
    assert {country.name.text for country in map_of(client, "/ru/map/").countries} >= {"Казахстан 2"}


def test_a_target_country_without_anybody_is_a_gap_on_the_map(client):
    make_country(code="KG", is_target=True)
    make_country(code="TJ")
    for longitude in (50, 100):
        make_institution(city=make_city(latitude=45, longitude=longitude), standing="signed")

    countries = {country.name.text: country.is_gap for country in map_of(client).countries}
    assert countries["Kyrgyzstan gap"] is True
    assert not [text for text in countries if text.startswith("Tajikistan")]
    page = client.get("/map/").content.decode()
    assert 'class="country is-gap"' in page


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("?", {"Russia 4", "Kazakhstan 1", "Kyrgyzstan 1", "Mongolia gap"}),
        ("?country=RU&country=MN", {"Russia 4", "Mongolia gap"}),
        ("?box=70,40,75,45", {"Kazakhstan 1", "Kyrgyzstan 1"}),
        ("labs/?", {"Russia 0", "Kazakhstan 1", "Kyrgyzstan 0"}),
    ],
)
def test_the_number_of_a_country_is_that_of_its_list_wherever_its_entries_stand(client, question, shown):
    codes = {"Russia": "RU", "Kazakhstan": "KZ", "Kyrgyzstan": "KG", "Mongolia": "MN"}
    for code in codes.values():
        make_country(code=code, is_target=True)
    points = [{"latitude": 56, "longitude": 49}, {"latitude": 62, "longitude": 120}, {}]
    cities = [{"city": make_city(country_id="RU", **point)} for point in points]
    for place in [*cities, {"country_id": "RU"}, {"country_id": "KG"}]:
        make_institution(standing="signed", **place)
    make_lab(make_institution(standing="signed", city=make_city(country_id="KZ", latitude=43, longitude=72)))

    countries = map_of(client, f"/map/{question}").countries

    assert {country.name.text for country in countries} == shown
    for country in countries:
        name, _space, number = country.name.text.rpartition(" ")
        assert (number == "gap") is country.is_gap
        of_list = "labs/?" if question.startswith("labs") else "institutions/?partner=partner&"
        assert client.get(f"/{of_list}country={codes[name]}").context["total"] == country.number


def test_names_on_the_map_cover_neither_each_other_nor_a_dot(client):
    for place in range(30):
        city = make_city(latitude=40 + place % 6 * 2, longitude=45 + place // 6 * 5, name=f"City of Place {place}")
        make_institution(city=city, country=city.country, standing="signed")
    drawing = map_of(client)

    boxes = []
    for name in [*drawing.names, *(country.name for country in drawing.countries)]:
        x, y, size = float(name.x), float(name.y), float(name.size)
        boxes.append((x - 0.3 * size * len(name.text), y - 0.85 * size, x + 0.3 * size * len(name.text), y))
    for dot in drawing.dots:
        x, y, radius = float(dot.x), float(dot.y), float(dot.radius)
        boxes.append((x - radius, y - radius, x + radius, y + radius))
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 : len(boxes) - len(drawing.dots)]:
            assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
    assert len(drawing.names) > 12


def test_a_map_searches_its_text_once(client, monkeypatch):
    city, searched, find = make_city(latitude=45, longitude=60), [], results.find
    for standing in ("signed", "expected"):
        make_institution(name=f"Kazan {standing}", city=city, standing=standing)
    monkeypatch.setattr(results, "find", lambda text, *rest: searched.append(text) or find(text, *rest))

    assert [dot.form for dot in map_of(client, "/map/?q=kazan").dots] == ["is-part"]
    assert searched == ["kazan"]


def test_a_dot_says_by_its_form_who_has_signed(client):
    standings = {"all": ["signed", "signed"], "some": ["signed", "expected"], "nobody": ["expected", "prospect"]}
    for longitude, (name, those) in enumerate(standings.items()):
        city = make_city(name=name, country_id="KZ", latitude=45, longitude=40 + 30 * longitude)
        for standing in those:
            make_institution(city=city, country=city.country, standing=standing)

    def forms(address):
        return {dot.figure.label.split(",")[0]: dot.form for dot in map_of(client, address).dots}

    assert forms("/map/") == {"all": "", "some": "is-part", "nobody": "is-open"}
    assert forms("/map/?standing=signed") == {"all": "", "some": ""}
    assert forms("/map/?standing=expected") == {"some": "is-open", "nobody": "is-open"}
    assert {*forms("/map/labs/").values()} <= {""}
