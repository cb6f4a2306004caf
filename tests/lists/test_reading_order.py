"""Values that are equally frequent, and countries, stand as readers of the page's language look for them."""

from contextlib import nullcontext

import pytest
from django.conf import settings
from django.utils.translation import override

from partners.index import current, labels
from partners.lists.filters import InstitutionFilter, LabFilter
from partners.models import Role, RoleGroup
from partners.models.collation import collation_key
from tests.support.directory import make_directory
from tests.support.factories import make_city, make_country, make_institution

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_of_equal_count_are_ordered_by_the_label_that_is_read(language):
    make_directory(seed=3)
    for code in ["KZ", "CN", "KG", "UZ"]:
        make_country(code, is_target=True)
    for number, name in enumerate(["Ürümqi", "Astana", "Ärna", "Zagreb"]):
        make_institution(city=make_city(slug=f"ru-{9 - number}", name=name))

    with override(language):
        for filterset in (InstitutionFilter.asking(), LabFilter.asking(), InstitutionFilter.asking(country=["RU"])):
            for facet in filterset.facets():
                if not filterset.filters[facet.name].options.in_vocabulary_order:
                    shown = [(-value.count, collation_key(value.label, language)) for value in facet.values]
                    assert shown == sorted(shown), (facet.name, facet.values)


@pytest.mark.parametrize("few", [0, labels.FEW], ids=["all are in order", "few are sorted"])
def test_index_and_database_order_values_alike(few, monkeypatch):
    monkeypatch.setattr(labels, "FEW", few)
    make_directory(seed=3)
    for language in LANGUAGES:
        with override(language):
            by_database, of_labs = InstitutionFilter.asking().facets(), LabFilter.asking().facets()
            with current.in_snapshot():
                by_index = InstitutionFilter.asking().facets()
                assert LabFilter.asking().facets() == of_labs
        assert by_index == by_database


@pytest.mark.parametrize("read", [nullcontext, current.in_snapshot], ids=["database", "index"])
def test_which_values_of_equal_count_are_shown_first_goes_by_the_label_that_is_read(read):
    for number in range(12):
        make_institution(city=make_city(slug=f"kz-{90 - number}", name=f"City {'ABCDEFGHIJKL'[number]}"))

    with read():
        cities = next(facet for facet in InstitutionFilter.asking().facets() if facet.name == "city")

    assert ([value.label[5] for value in cities.values], cities.hidden) == (
        [*"ABCDEFGHIJ"],
        3,
    )  # two of them, and “not stated”


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("", ["China", "Kazakhstan", "Russia", "Armenia"]),
        ("ru/", ["Казахстан", "Китай", "Россия", "Армения"]),
        ("be/", ["Казахстан", "Кітай", "Расія", "Арменія"]),
        ("kk/", ["Қазақстан", "Қытай", "Ресей", "Армения"]),
        ("zh-hans/", ["俄罗斯", "哈萨克斯坦", "中国", "亚美尼亚"]),
    ],
)
def test_countries_stand_by_the_names_that_are_read_the_targets_first(client, prefix, names):
    for code in ["KZ", "RU", "CN"]:
        make_country(code, is_target=True)
    make_institution(country=make_country("AM"))
    Role.objects.create(code="vector", name="Vector", group=RoleGroup.CHAIN, position=1)

    countries = client.get(f"/{prefix}countries/").context["countries"]
    columns = client.get(f"/{prefix}coverage/").context["board"].places

    with override(prefix.rstrip("/") or "en"):
        assert [country.name for country, *_figures in countries] == names
    assert [place.label for place in columns] == names[:3]
