"""What columns show of more than their own row: each is gathered in one place, for pages and files alike."""

import pytest
from django.conf import settings
from django.utils.translation import override

from partners.lists.filters import CITIES, COUNTRIES, INSTITUTIONS, ROLES
from partners.lists.institutions import INSTITUTION_ROWS
from partners.lists.labs import LAB_ROWS
from partners.models import NameKind
from tests.support.factories import (
    make_city,
    make_city_name,
    make_country,
    make_institution,
    make_lab,
    make_name,
    make_participation,
    make_role,
    make_role_text,
)

pytestmark = pytest.mark.django_db


def test_a_file_lists_the_roles_in_their_order_and_each_once():
    later, earlier = make_role(code="clinic", position=9), make_role(code="vector", position=8)
    lab = make_lab()
    for role in (later, earlier):  # not in the order in which they were written
        make_participation(lab=lab, role=role)
    make_participation(lab.institution, later)

    institutions, labs = INSTITUTION_ROWS.of_file([lab.institution_id]), LAB_ROWS.of_file([lab.pk])
    assert institutions["roles"] == labs["roles"] == [["vector (operational)", "clinic (operational)"]]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_a_file_has_one_content_whatever_the_language_around_it(language):
    city = make_city(name="Kazan", country=make_country("RU"))
    make_city_name(city, value="Казань", language="ru")
    institution = make_institution(name="Kazan University", slug="kfu", city=city, country=city.country)
    make_name(institution, value="Казанский университет", language="ru", kind=NameKind.OFFICIAL)
    make_name(institution, value="Казан университеты", language="tt", kind=NameKind.NATIVE)
    role = make_role(code="vector")
    make_role_text(role, name="Вектор", language="ru")
    make_participation(institution, role)

    with override(language):
        columns = INSTITUTION_ROWS.of_file([institution.pk], origin="https://example.org")
        (row,) = INSTITUTION_ROWS.of_page([institution.pk])

    names = ["native_name", "country_name", "city", "roles", "url"]
    assert [columns[name] for name in names] == [
        ["Казан университеты"],
        ["Russia"],
        ["Kazan"],
        [["vector (operational)"]],
        ["https://example.org/institutions/kfu/"],
    ]
    shown = (row.native_name, row.native_language, row.city, row.roles[0].role)
    if language == "ru":
        assert shown == ("Казанский университет", "ru", "Казань", "Вектор")
    else:
        assert shown == ("Казан университеты", "tt", "Kazan", role.name)


@pytest.mark.parametrize("options", [COUNTRIES, CITIES, ROLES, INSTITUTIONS])
def test_values_of_facets_are_called_as_their_rows_are(options):
    make_city_name(make_city(name="Kazan", country=make_country("RU")), value="Казань", language="ru")
    lodz = make_city(name="Łódź", country=make_country("PL", label="The Plain"))
    make_role_text(make_role(code="vector"), name="Вектор", language="ru")
    make_institution(slug="null", name="Null “Institute”", city=lodz)
    make_institution(slug="other")

    for language in ("en", "ru", "zh-hans"):
        with override(language):
            expected = {getattr(row, options.key): str(row) for row in options.rows()}
            assert options.labels([*expected, "gone"]) == expected
            assert options.labels([]) == {}
