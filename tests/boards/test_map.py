"""The map: every number is that of the list or the map it leads to, and every entry stands somewhere."""

import html
import random
import re
from itertools import combinations
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from partners.boards.map import Box, city_map, point_map
from partners.boards.map.drawing import DOTS, View, _around, _overlap, circles, names, project
from partners.boards.map.filters import map_url, on_map
from partners.lists import INSTITUTION_LIST, LAB_LIST
from partners.lists.filters import InstitutionFilter, LabFilter
from partners.models import City, Institution, Lab
from tests.support.boards import RANDOM
from tests.support.directory import QUESTIONS, SPARSE_QUESTIONS, make_directory
from tests.support.factories import make_city, make_country, make_institution, make_lab

pytestmark = pytest.mark.django_db

# Kazan and Almaty are drawn apart at any scale that shows both, Astana's point is not known.
POINTS = {"ru-kazan": (55.79, 49.12), "kz-almaty": (43.25, 76.95), "cn-beijing": (39.9, 116.4)}
LISTS = {"/institutions/": (InstitutionFilter, Institution), "/labs/": (LabFilter, Lab)}
MAPS = {"/map/": (on_map(INSTITUTION_LIST), Institution), "/map/labs/": (on_map(LAB_LIST), Lab)}
latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)
positions = st.builds(project, latitudes, longitudes)


@pytest.fixture
def directory():
    make_directory(seed=7)
    for slug, (latitude, longitude) in POINTS.items():
        City.objects.filter(slug=slug).update(latitude=latitude, longitude=longitude)
    for place in range(3):  # two of them at one point
        lone = {"latitude": 10 + place // 2, "longitude": 20, "standing": "signed"}
        make_lab(make_institution(city=City.objects.get(slug="kz-astana") if place else None, **lone), city=None)


def ask(url, known=LISTS):
    address = urlsplit(url)
    filterset_class, _model = known[address.path]
    filterset = filterset_class(QueryDict(address.query))
    assert filterset.is_valid(), filterset.errors
    return filterset


def draw(url):
    filterset = ask(url, MAPS)
    return city_map(filterset, filterset.page_url(), filterset.form.cleaned_data["box"])


def number_behind(url):
    """Return how many entries the list, the map or the page of an entry at an address shows."""
    if re.match(r"/institutions/[^?]", url):
        return 1
    return draw(url).entries.count if urlsplit(url).path in MAPS else ask(url).qs.count()


def check_numbers(drawing):
    figures = [dot.figure for dot in drawing.dots] + [*drawing.rows, *drawing.pointless]
    figures += [figure for figure in (drawing.cityless, drawing.entries) if figure and figure.url]
    assert [number_behind(figure.url) for figure in figures] == [figure.count for figure in figures]


def entries_on(drawing):
    everywhere = [dot.figure for dot in drawing.dots] + list(drawing.pointless)
    cityless = drawing.cityless.count if drawing.cityless else 0
    return sum(figure.count for figure in everywhere) + cityless - drawing.alone  # who is drawn alone stands there, too


@pytest.mark.parametrize("path", MAPS)
def test_every_number_is_that_of_the_list_it_leads_to_and_every_entry_is_counted_once(directory, one_index, path):
    @RANDOM
    @given(st.one_of(QUESTIONS, SPARSE_QUESTIONS))
    def check(question):
        if path == "/map/labs/":
            question = {name: codes for name, codes in question.items() if name not in {"partner", "kind", "standing"}}
        filterset_class, _model = MAPS[path]
        filterset = filterset_class.asking(**question)
        drawing = city_map(filterset, filterset.page_url())
        check_numbers(drawing)
        assert entries_on(drawing) == filterset.qs.count() == number_behind(filterset.list_url())

    check()


def test_cities_that_stand_close_are_one_dot_that_leads_to_the_map_of_just_these():
    country = make_country("RU")
    for number in range(12):
        city = make_city(country=country, latitude=55 + number / 100, longitude=49 + number / 50)
        make_institution(city=city, standing="signed")
    make_institution(city=make_city(country=country, latitude=43, longitude=132, name="Vladivostok"), standing="signed")

    drawing = draw("/map/")

    assert [(dot.is_merged, dot.figure.count) for dot in drawing.dots] == [(True, 12), (False, 1)]
    assert drawing.dots[0].title.endswith(", Russia, and 11 more cities: 12 institutions")
    check_numbers(drawing)
    part = draw(drawing.dots[0].figure.url)
    assert (part.cities, part.entries.count, part.entries.label) == (12, 12, "12 institutions")
    assert entries_on(part) == 12
    check_numbers(part)


def test_cities_that_no_map_parts_lead_to_their_list():
    for name in ["One", "Two"]:
        make_institution(city=make_city(name=name, latitude=50, longitude=50), standing="signed")

    whole = draw("/map/")
    part = draw(whole.dots[0].figure.url)

    assert urlsplit(part.dots[0].figure.url).path == "/institutions/"
    check_numbers(part)


def test_only_partners_are_shown_until_somebody_asks_for_others(client):
    city = make_city(latitude=50, longitude=50)
    make_institution(city=city, standing="signed")
    make_institution(city=city)

    page = client.get("/map/")
    everybody = client.get("/map/" + page.context["everybody_url"])

    assert (page.context["map"].entries.count, everybody.context["map"].entries.count) == (1, 2)
    assert page.context["chips"] == []
    assert everybody.context["everybody_url"] == ""


@pytest.mark.parametrize("spread", [180, 8, 1])
@pytest.mark.parametrize("number", [1, 20, 2000])
@pytest.mark.parametrize("seed", range(3))
def test_no_view_has_more_than_its_dots_and_each_position_lies_in_the_rectangle_of_one(spread, number, seed):
    choose = random.Random(seed)
    points = [project(choose.gauss(50, spread / 4) % 85, choose.uniform(-spread, spread)) for _ in range(number)]
    view = View.of(points, narrowest=16)

    clusters = view.clusters(points)

    assert len(clusters) <= DOTS
    assert sorted(index for indices in clusters for index in indices) == list(range(number))
    rectangles = [_around([points[index] for index in indices]) for indices in clusters]
    assert not any(_overlap(one, other) for one, other in combinations(rectangles, 2))


def test_dots_beside_a_line_of_the_grid_are_one_unless_another_lies_between():
    view = View(0, 0, 36)  # cells of one unit

    assert view.clusters([(0.95, 1.05), (1.05, 0.95)]) == [[0, 1]]
    assert view.clusters([(0.95, 1.05), (0.3, 1.3), (1.05, 0.95), (0.32, 0.97)]) == [[0, 1], [2], [3]]


@settings(max_examples=100)
@given(st.integers(1, 60), st.sampled_from([0.1, 1, 30]), st.randoms(use_true_random=False))
def test_what_is_one_dot_depends_on_places_and_not_on_their_order(number, spread, choose):
    points = [(50 + choose.uniform(0, spread), 50 + choose.uniform(0, spread)) for _ in range(number)]
    points += [(132, 43)]
    view = View.of(points, narrowest=16)

    def dots(of_points):
        return {frozenset(of_points[index] for index in indices) for indices in view.clusters(of_points)}

    assert dots(points) == dots(choose.sample(points, len(points)))


def test_twelve_cities_in_a_row_are_one_dot_whatever_their_slugs():
    country = make_country("RU")
    for number in range(12):
        place = {"latitude": 55 + number / 100, "longitude": 49 + number / 50}
        make_institution(city=make_city(country=country, slug=f"city-{78 + 2 * number}", **place), standing="signed")
    make_institution(city=make_city(country=country, latitude=43, longitude=132), standing="signed")

    assert [dot.figure.count for dot in draw("/map/").dots] == [12, 1]


@settings(max_examples=100)
@given(st.lists(positions, min_size=1, max_size=50))
def test_a_view_shows_all_its_positions(points):
    view = View.of(points, narrowest=16)

    assert all(view.x <= x <= view.x + view.width and view.y <= y <= view.y + view.width / 2 for x, y in points)


@settings(max_examples=200)
@given(st.lists(st.tuples(latitudes, longitudes), min_size=1, max_size=20))
def test_a_box_holds_its_points_and_survives_an_address(points):
    box = Box.around(points)

    assert Box.parse(str(box)) == box
    assert all(point in box for point in points)


def test_a_box_holds_no_other_city():
    assert [point in Box(10, 20, 30, 40) for point in [(20, 10), (40, 30), (19.99, 10), (20, 30.01)]] == [
        True,
        True,
        False,
        False,
    ]


def test_areas_go_by_numbers():
    [four, one] = circles(View(0, 0, 100), [(0, 0), (9, 9)], [4, 1])

    assert four.radius == pytest.approx(2 * one.radius)


def test_the_projection_has_the_equator_in_its_middle_and_the_poles_at_their_height():
    """Hold the values of Snyder's table 14: the pole of a globe of radius 1 stands at 2.30341."""
    assert project(0, 49.12) == (49.12, pytest.approx(0, abs=1e-9))
    assert project(90, 0)[1] == pytest.approx(-131.97, abs=0.01)
    assert project(-50, 0)[1] == pytest.approx(-project(50, 0)[1])


@pytest.mark.parametrize("path", MAPS)
@pytest.mark.parametrize(
    "query", ["country=ZZ", "box=1,2,3", "box=a,b,c,d", "box=10,0,5,1", "box=0,0,0,91", "box=nan,0,1,1", "sort=x"]
)
def test_a_bad_value_is_refused(client, path, query):
    response = client.get(f"{path}?{query}")

    assert response.status_code == 400
    [[message]] = response.context["filterset"].errors.values()
    assert message in html.unescape(response.content.decode())


def test_no_language_writes_a_coordinate_with_a_comma(client, directory):
    with translation.override("ru"):
        address = reverse("partners:map")
    page = client.get(address).content.decode()

    assert '<html lang="ru">' in page
    lengths = re.findall(r'(?: (?:cx|cy|r|x|y|font-size|viewBox)="|translate\()([^")]+)', page)
    assert len(lengths) > 3 * len(POINTS)
    assert all(re.fullmatch(r"[-0-9. ]+", length) for length in lengths)


def test_a_list_leads_to_the_map_of_its_rows(client, directory):
    for query in ["", "country=KZ&sort=newest&size=50", "partner=partner&q=kazan", "partner=registry"]:
        filterset = ask(f"/institutions/?{query}")
        assert entries_on(draw(map_url(filterset))) == filterset.qs.count()
        assert html.escape(map_url(filterset)) in client.get(f"/institutions/?{query}").content.decode()
    assert entries_on(draw(map_url(ask("/labs/?country=KZ")))) == ask("/labs/?country=KZ").qs.count()


def test_a_point_has_a_dot_that_leads_nowhere():
    [dot] = point_map((55.79, 49.12), "Kazan").dots

    assert (dot.title, dot.figure.url, dot.x) == ("Kazan", "", "49.120")


@pytest.mark.parametrize("number", [1, 20])
def test_the_number_of_queries_is_fixed(client, number):
    for index in range(number):
        city = make_city(latitude=index, longitude=index)
        make_lab(make_institution(city=city, standing="signed"))

    with CaptureQueriesContext(
        connection,
    ) as queries:
        filterset = on_map(INSTITUTION_LIST).asking()
        city_map(filterset, filterset.page_url())

    # The rows; counts by city, of who signed, by country; cities; countries twice, without a snapshot.
    assert len(queries) == 7


@pytest.mark.parametrize("path", MAPS)
def test_the_files_of_a_map_hold_the_entries_that_it_counts(client, path):
    make_directory(seed=3, institutions=30)

    page = client.get(path, {"country": ["KZ"]})

    for download in page.context["downloads"]:
        response = client.get(download.url)
        b"".join(response)
        assert int(response["X-Row-Count"]) == page.context["total"]


@pytest.mark.parametrize(("text", "is_right"), [("Almaty", True), ("阿拉木图城市", False)])
def test_a_name_of_wide_letters_covers_no_dot(text, is_right):
    view = View(0, 0, 100)
    drawn = circles(view, [(50, 20), (58.5, 20)], [1, 1])  # room for six narrow letters between them
    (first, *_others) = names(view, drawn, [text, ""])
    assert (float(first.x) > 50) == is_right
