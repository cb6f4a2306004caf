"""New labs of a file: what a row says of their place is stored, follows from what is stored, or is refused."""

import pytest

from partners.models import Lab
from tests.support.factories import make_city, make_institution
from tests.support.list_file import load, refusal, written

pytestmark = pytest.mark.django_db
HEADER = ["institution_slug", "institution", "slug", "name", "country", "country_name", "city", "latitude", "longitude"]
HOME = ["kfu", "KFU", "", "Lab at home", "RU", "Russia", "Kazan", "55.79", "49.12"]


@pytest.fixture(autouse=True)
def kfu():
    kazan = make_city(name="Kazan", slug="ru-kazan", country_id="RU", latitude=55.79, longitude=49.12)
    make_city(name="Kazan", slug="ru-kazan-2", country_id="RU")
    make_city(name="Astana", slug="kz-astana", country_id="KZ")
    return make_institution(name="KFU", slug="kfu", city=kazan)


def test_a_new_lab_gets_the_city_of_its_row_where_it_is_not_its_institution_s():
    away = ["kfu", "", "", "Lab away", "KZ", "Kazakhstan", "Astana", "", ""]
    plain = ["kfu", "", "", "Plain lab", "", "", "", "", ""]
    assert load(written(HEADER, [HOME, away, plain]))[3] == "New: 3"
    cities = {("Lab at home", None), ("Lab away", "kz-astana"), ("Plain lab", None)}
    assert set(Lab.objects.values_list("name", "city__slug")) == cities


@pytest.mark.parametrize(
    ("cells", "mistake"),
    [
        ({"city": "Atlantis"}, "country “RU”, city “Atlantis”: 0 cities of this country have this name"),
        ({"latitude": "1.5"}, "latitude “1.5”: this is edited in the admin: put back “55.79”"),
        ({"country": "KZ", "city": ""}, "country “KZ”: this is edited in the admin: put back “RU”"),
        ({"country": "KZ", "city": "Astana"}, "country_name “Russia”: this is edited in the admin: put back “Kaz"),
        ({"institution": "Another"}, "institution “Another”: this is edited in the admin: put back “KFU”"),
    ],
)
def test_a_place_that_a_new_lab_will_not_have_is_refused(cells, mistake):
    row = dict(zip(HEADER, HOME, strict=True)) | cells
    [told] = refusal(written(HEADER, [list(row.values())]))
    assert told.startswith(f"line 2, {mistake}")
