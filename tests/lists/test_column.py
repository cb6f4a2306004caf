"""What columns declare: rows of pages say what the models say, in every language; files say it in English."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from partners.index.current import in_snapshot, index_of
from partners.lists.column import Column, ListRows, known
from partners.lists.filters import InstitutionFilter, LabFilter
from partners.lists.institutions import INSTITUTION_ROWS
from partners.lists.labs import LAB_ROWS
from partners.models import City, Country, Institution, Lab, NameKind, Participation, Role
from partners.models.languages import cached_texts
from tests.support.directory import make_directory
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

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def directory():
    make_directory(seed=3, institutions=25)
    for institution in Institution.objects.all()[:10]:
        make_name(institution, value=f"Имя {institution.pk}", language="ru", kind=NameKind.OFFICIAL)
        make_name(institution, value=f"А{institution.pk}", kind=NameKind.ACRONYM)
        if institution.city:
            make_city_name(institution.city)
        for participation in institution.participations.all():
            if not participation.role.texts.exists():
                make_role_text(participation.role, name=f"Роль {participation.role_id}")


def roles_of(row):
    """Return each role and state of a model's row once, in words."""
    participations = row.participations.order_by(*Participation.ORDER)
    return list(dict.fromkeys((str(one.role), one.state, one.get_state_display()) for one in participations))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_of_an_institution_says_what_the_model_says(directory, language):
    with override(language), cached_texts():
        models = Institution.objects.order_by("-pk")
        rows = INSTITUTION_ROWS.of_page([model.pk for model in models])
        for row, model in zip(rows, models, strict=True):
            assert (row.key, row.slug, row.name) == (model.pk, model.slug, model.name)
            assert row.url == model.get_absolute_url()
            assert (row.native_name, row.native_language) == (
                (model.native_name.value, model.native_name.language) if model.native_name else (None, None)
            )
            assert row.acronym == (model.acronym and model.acronym.value)
            assert row.kind_label == model.get_kind_display()
            assert row.city == (model.city and model.city.spoken_name)
            assert row.country_name == (model.country and model.country.name)
            assert [role[:3] for role in row.roles] == roles_of(model)
            assert (row.standing, row.standing_label) == (model.standing or None, model.get_standing_display() or None)
            assert str(row.verified_on) == str(model.verified_on)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_of_a_lab_says_what_the_model_says(directory, language):
    with override(language), cached_texts():
        models = Lab.objects.order_by("-pk")
        rows = LAB_ROWS.of_page([model.pk for model in models])
        for row, model in zip(rows, models, strict=True):
            assert (row.key, row.name, row.native_name) == (model.pk, model.name, model.native_name or None)
            assert (row.url, row.institution) == (model.get_absolute_url(), model.institution.name)
            assert row.institution_url == model.institution.get_absolute_url()
            assert row.city == (model.place and model.place.spoken_name)
            assert row.country_name == (model.country and model.country.name)
            assert [role[:3] for role in row.roles] == roles_of(model)
            assert str(row.verified_on) == str(model.verified_on)


@pytest.mark.parametrize(("rows", "model"), [(INSTITUTION_ROWS, Institution), (LAB_ROWS, Lab)])
def test_rows_cost_the_same_queries_for_few_and_for_many(directory, rows, model):
    somewhere = model.objects.filter(city__isnull=False).first()
    for some in ([somewhere.pk], list(model.objects.values_list("pk", flat=True))):
        with CaptureQueriesContext(connection) as queries:
            rows.of_page(some)
        names = 1 if rows is INSTITUTION_ROWS else 0
        assert len(queries) == names + 5  # rows, roles of rows, roles, countries, cities


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rows", [INSTITUTION_ROWS, LAB_ROWS])
def test_shared_rows_are_read_anew_only_where_one_changed(rows):
    kazakhstan, role = make_country("KZ"), make_role()
    city = make_city(name="Almaty", country=kazakhstan)
    home = make_institution(country=kazakhstan, city=city)
    lab = make_lab(home)
    make_participation(home, role, lab=lab)

    once = 3 if rows is INSTITUTION_ROWS else 2  # rows and roles, and of institutions names

    def read():
        with in_snapshot():
            for filterset_class in (InstitutionFilter, LabFilter):
                index_of(filterset_class)
            with CaptureQueriesContext(connection) as queries:
                (row,) = rows.of_page([home.pk if rows is INSTITUTION_ROWS else lab.pk])
        return row.city, row.country_name, [role.role for role in row.roles], len(queries)

    assert read() == ("Almaty", "Kazakhstan", [role.name], once + 3)
    assert read() == ("Almaty", "Kazakhstan", [role.name], 0)
    home.name = "Renamed"
    home.save()
    assert read() == ("Almaty", "Kazakhstan", [role.name], once)
    Institution.objects.filter(pk=home.pk).update(city=make_city(name="Astana", country=kazakhstan))
    assert read() == ("Astana", "Kazakhstan", [role.name], once + 3)
    City.objects.filter(name="Astana").update(name="Aqmola")
    Country.objects.filter(pk=kazakhstan.pk).update(label="Qazaqstan")
    Role.objects.filter(pk=role.pk).update(name="Another")
    assert read() == ("Aqmola", "Qazaqstan", ["Another"], once + 3)
    Institution.objects.filter(pk=home.pk).update(city=city)
    assert read() == ("Almaty", "Qazaqstan", ["Another"], once + 1)  # a city that no row has shown since


def test_rows_come_in_the_order_of_the_keys_each_time():
    first, second = make_institution().pk, make_institution().pk

    assert [row.key for row in INSTITUTION_ROWS.of_page([second, first])] == [second, first]
    assert [row.key for row in INSTITUTION_ROWS.of_page([first, second])] == [first, second]
    assert INSTITUTION_ROWS.of_page([]) == []


def test_a_text_of_several_lines_is_a_column_too():
    keys = [make_institution(summary=summary).pk for summary in ("Makes vectors.\nAnd more.", "")]
    rows = ListRows(Institution, [Column("summary", "what it does", (known("summary"),))])

    assert rows.of_file(keys) == {"summary": ("Makes vectors.\nAnd more.", None)}
