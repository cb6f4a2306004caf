"""A drawing that is remembered is the one that would be made anew."""

import random

import pytest
from django.utils.translation import override

from partners.boards.map import Box, city_map
from partners.boards.map.filters import on_map
from partners.index import current
from partners.lists import INSTITUTION_LIST, LAB_LIST
from partners.models import City, CityName, Institution
from tests.support.directory import make_directory
from tests.support.factories import make_city, make_city_name, make_country, make_institution

pytestmark = pytest.mark.django_db(transaction=True)
QUESTIONS = [{}, {"partner": ["partner", "registry"]}, {"country": ["KZ"]}, {"standing": ["signed"]}]


def maps():
    return [
        city_map(filterset, filterset.page_url(), box)
        for listing in (INSTITUTION_LIST, LAB_LIST)
        for question in QUESTIONS
        if listing is INSTITUTION_LIST or not question.keys() - {"country"}
        for filterset in [on_map(listing).asking(**question)]
        for box in (None, Box(30, 30, 80, 60))
    ]


def remembered():
    with current.in_snapshot():
        return maps()


def place_cities(choose):
    for city in City.objects.order_by("slug"):
        city.latitude, city.longitude = choose.uniform(-60, 60), choose.uniform(-90, 90)
        city.save()


EDITS = {
    "founded": lambda _choose: {"founded": 1901},
    "standing": lambda choose: {"standing": choose.choice(["signed", "expected"])},
    "city": lambda choose: {"city": choose.choice(City.objects.order_by("slug"))},
    "point": lambda choose: {"city": None, "latitude": choose.uniform(-60, 60), "longitude": choose.uniform(-90, 90)},
}


@pytest.mark.parametrize("seed", range(2))
def test_a_remembered_drawing_is_the_one_that_would_be_made_anew(seed):
    choose = random.Random(seed)
    make_directory(seed=seed, institutions=30)
    place_cities(choose)
    for _number in range(2):
        for edit in EDITS.values():
            one = choose.choice(Institution.objects.order_by("slug"))
            for field, value in edit(choose).items():
                setattr(one, field, value)
            one.save()
            assert remembered() == maps()  # nothing is remembered outside of a snapshot
        city = choose.choice(City.objects.order_by("slug"))
        City.objects.filter(pk=city.pk).update(name=f"{city.name} Two", latitude=None, longitude=None)
        assert remembered() == maps()


def test_each_language_has_its_own_names_of_cities_after_a_change_too():
    city = make_city(name="First", country=make_country("KZ"), latitude=50, longitude=50)
    make_city_name(city, language="ru", value="Первый")
    make_institution(city=city)

    def named():
        for language in ("en", "ru", "zh-hans"):
            with override(language), current.in_snapshot():
                [figure] = city_map(on_map(INSTITUTION_LIST).asking(partner=["registry"]), "/map/?").rows
            yield next(name for name in ("First", "Первый", "Second", "Второй") if name in figure.label)

    assert list(named()) == ["First", "Первый", "First"]
    City.objects.filter(pk=city.pk).update(name="Second")
    CityName.objects.filter(city=city).update(value="Второй")
    assert list(named()) == ["Second", "Второй", "Second"]


def test_an_edit_that_moves_no_number_draws_nothing_anew():
    make_directory(seed=1, institutions=30)
    place_cities(random.Random(1))
    one = Institution.objects.filter(standing="signed", is_published=True, status="active").exclude(city=None).first()

    def names_after(**fields):
        Institution.objects.filter(pk=one.pk).update(**fields)
        with current.in_snapshot():
            return city_map(on_map(INSTITUTION_LIST).asking(), "/map/?").names

    first = names_after(founded=1901)
    assert first
    assert names_after(founded=1902) is first
    assert names_after(standing="expected") is not first
    assert names_after(standing="signed") is first
