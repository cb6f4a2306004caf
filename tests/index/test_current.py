"""An edit is in the next request, whoever makes it; what is not committed is in none."""

import datetime
import gc
import types
import weakref
from http import HTTPStatus

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.datastructures import MultiValueDict

from partners.index import current
from partners.index.index import Index
from partners.lists.filters import InstitutionFilter, LabFilter
from partners.lists.index_results import IndexResults
from partners.lists.sql_results import SqlResults
from partners.models import Institution, Lab, position, read_snapshot
from partners.models.log import snapshot
from tests.support.factories import (
    make_city,
    make_country,
    make_institution,
    make_lab,
    make_name,
    make_participation,
    make_role,
)
from tests.support.index import read

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_edit_by_any_writer_is_in_the_next_request():
    kfu = make_institution(slug="kfu", name="Kazan")
    assert read(q=["kazan"]) == ["kfu"]

    make_name(kfu, value="Университет")
    assert read(q=["университет"]) == ["kfu"]
    Institution.objects.filter(pk=kfu.pk).update(name="Other")
    assert read(q=["kazan"]) == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE partners_institution SET is_published = %s", [False])
    assert read() == []
    Institution.objects.bulk_create([Institution(slug="new", name="New", kind="other", sort_key="new")])
    assert read() == ["new"]


def test_shared_rows_change_every_entry_at_once():
    city = make_city(slug="ru-kazan", name="Kazan", country=make_country("RU"))
    make_institution(slug="kfu", city=city)
    assert read(q=["kazan"]) == ["kfu"]

    type(city).objects.update(name="Yelabuga")

    assert read(q=["kazan"]) == []
    assert read(q=["yelabuga"]) == ["kfu"]


def test_a_renamed_shared_row_leaves_what_was_read_at_once():
    city, role = make_city(slug="ru-kazan", name="Kazan", country=make_country("RU")), make_role(name="Vector")
    make_participation(make_institution(slug="kfu", city=city), role)
    assert read(q=["kazan", "vector"]) == ["kfu"]
    layer = current._indexes["institution"].corpus.layer

    type(role).objects.update(name="Apheresis")
    other = make_city(slug="kz-almaty", name="Almaty", country=make_country("KZ"))
    make_institution(slug="new", city=other)

    assert read(q=["apheresis"]) == ["kfu"]
    assert read(q=["vector"]) == []
    assert read(q=["almaty"]) == read(city=["kz-almaty"]) == ["new"]
    assert current._indexes["institution"].corpus.layer is layer


def test_a_facet_shows_shared_rows_as_they_are_called_now():
    def shown(name):
        with current.in_snapshot():
            facets = InstitutionFilter.asking().facets()
        return {value.code: value.label for facet in facets if facet.name == name for value in facet.values}

    make_participation(make_institution(), make_role(code="vector", name="Vector"))
    kazakhstan = make_country("KZ")
    assert shown("role")["vector"] == "Vector"
    assert "KZ" not in shown("country")

    type(make_role(code="clinic")).objects.filter(code="vector").update(name="Viral vector")
    type(kazakhstan).objects.filter(code="KZ").update(is_target=True)

    assert shown("role")["vector"] == "Viral vector"
    assert "clinic" in shown("role")
    assert "KZ" in shown("country")


def test_a_shared_row_that_lists_go_by_makes_the_index_anew():
    city = make_city(slug="ru-kazan", name="Kazan", country=make_country("RU"))
    lab = make_lab(make_institution(city=make_city(country=make_country("KZ"))), slug="lab", city=city)
    assert read(LabFilter, country=["RU"], city=["ru-kazan"]) == ["lab"]

    type(city).objects.filter(pk=city.pk).update(slug="kz-kazan")
    assert read(LabFilter, city=["kz-kazan"]) == ["lab"]
    type(city).objects.filter(pk=city.pk).update(country="KZ")
    assert read(LabFilter, country=["KZ"]) == ["lab"]
    make_lab(lab.institution, slug="other", city=make_city(country=make_country("BY")))
    assert read(LabFilter, sort=["country"]) == ["other", "lab"]
    type(city.country).objects.filter(code="BY").update(sort_key="zz")
    assert read(LabFilter, sort=["country"]) == ["lab", "other"]


def test_a_lab_that_moves_or_goes_is_followed():
    lab = make_lab(make_institution(slug="one"), slug="lab")
    two = make_institution(slug="two")
    assert read(LabFilter, institution=["one"]) == ["lab"]

    Lab.objects.filter(pk=lab.pk).update(institution=two)
    assert (read(LabFilter, institution=["one"]), read(LabFilter, institution=["two"])) == ([], ["lab"])
    two.is_published = False
    two.save()
    assert read(LabFilter) == []
    two.is_published = True
    two.save()
    lab.delete()
    assert read(LabFilter) == []


def test_what_is_rolled_back_never_shows():
    make_institution(slug="stays")
    read()
    with transaction.atomic():
        make_institution(slug="never")
        transaction.set_rollback(True)

    assert read() == ["stays"]


def test_inside_a_transaction_sql_answers():
    make_institution(slug="before")
    read()
    with transaction.atomic():
        make_institution(slug="mine", name="Mine")
        with current.in_snapshot():
            filterset = InstitutionFilter.asking()
            assert isinstance(filterset.results, SqlResults)
            assert filterset.results.count() == 2
            assert [row.slug for row in InstitutionFilter.asking(q=["mine"]).results.rows()] == ["mine"]


def test_without_its_triggers_the_index_is_not_asked(monkeypatch):
    monkeypatch.setattr(current, "missing_triggers", lambda: ["changelog_insert"])
    current._log_is_complete.cache_clear()
    with current.in_snapshot():
        assert current.index_of(InstitutionFilter) is None
        assert current.snapshot_position() is None  # so that nothing is kept, and no page called unchanged
    current._log_is_complete.cache_clear()


def test_an_index_that_was_built_anew_leaves_nothing_of_the_last_one():
    city = make_city(country=make_country("RU"))
    make_institution(city=city)
    read()
    last = weakref.ref(current._indexes["institution"])
    gc.disable()  # so that nothing but the reader collects
    try:
        type(city).objects.update(slug="ru-yelabuga")
        read()
        assert last() is None
    finally:
        gc.enable()


def test_a_text_that_sql_answers_leaves_no_index():
    make_institution(name="Kazan")
    results = SqlResults(InstitutionFilter.asking(q=["kazan"]))
    assert (results.count(), len(results.keys()), results.searched is None) == (1, 1, False)

    reached, seen = [results.__dict__, results.filterset.filters["q"].__dict__], set()
    while reached:
        thing = reached.pop()
        assert not isinstance(thing, Index)
        if id(thing) not in seen and not isinstance(thing, type | types.ModuleType | types.FunctionType):
            seen.add(id(thing))
            reached += gc.get_referents(thing)


def test_a_moment_that_cannot_begin_leaves_no_transaction(monkeypatch):
    make_institution()
    with monkeypatch.context() as patch:
        patch.setattr(snapshot, "POSITION", "SELECT nothing FROM nowhere")
        with pytest.raises(DatabaseError), current.in_snapshot():
            pass
    assert connection.connection is None
    assert read()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL lets nobody delete what is referred to")
def test_a_role_that_is_gone_is_not_shown(client):
    make_participation(make_institution(name="Kazan"), make_role(code="vector", name="Vector"))
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM partners_role")
    try:
        page = client.get("/institutions/")
        assert page.status_code == HTTPStatus.OK
        assert "Kazan" in page.text
        assert b"vector" not in client.get("/institutions.csv").getvalue()
    finally:
        make_role(code="vector")


@pytest.mark.parametrize(
    ("question", "is_known"),
    [
        ({"role": ["vector"]}, True),
        ({"role": ["none"], "country": ["none"], "city": ["none"]}, True),
        ({"country": ["KZ"], "kind": ["university"], "verified": ["older"]}, True),
        ({"role": ["operational"]}, False),
        ({"state": ["vector"]}, False),
        ({"verified": ["2020-01-01"]}, False),
        ({"kind": ["none"]}, False),
        ({"partner": ["none"]}, False),
        ({"city": ["kz-nowhere"]}, False),
    ],
)
def test_the_index_knows_no_other_codes_than_the_database(question, is_known):
    institution = make_institution(country=make_country("KZ"), verified_on=datetime.date(2020, 1, 1))
    make_participation(institution, make_role(code="vector"))

    with current.in_snapshot():
        assert isinstance(InstitutionFilter.asking().results, IndexResults)
        assert InstitutionFilter(MultiValueDict(question)).is_valid() == is_known
    with transaction.atomic(), current.in_snapshot():
        assert InstitutionFilter(MultiValueDict(question)).is_valid() == is_known


@pytest.mark.skipif(connection.vendor == "sqlite", reason="no server that could hang up")
def test_a_connection_that_broke_between_requests_is_replaced(client):
    make_institution(slug="kfu")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])  # milliseconds to wait for it
        assert cursor.fetchone() == (True,)
    other.close()

    assert client.get("/institutions/").status_code == HTTPStatus.OK
    assert read() == ["kfu"]


def test_a_snapshot_speaks_of_the_log_but_not_inside_a_transaction():
    make_institution()
    with read_snapshot() as seen:
        assert seen == position()
    with transaction.atomic(), read_snapshot() as seen:
        assert seen is None


def test_a_renamed_institution_has_its_new_name_in_the_facet():
    home = make_institution(name="Before")
    make_lab(home)

    def label():
        with current.in_snapshot():
            facets = LabFilter.asking().facets()
        return next(facet.values[0].label for facet in facets if facet.name == "institution")

    assert label() == "Before"
    Institution.objects.filter(pk=home.pk).update(name="After")
    assert label() == "After"


def test_the_changes_of_what_a_text_finds_ask_the_index(client, monkeypatch):
    kfu = make_institution(name="Kazan", standing="expected")
    make_institution(name="Almaty")
    read()
    monkeypatch.setattr(current, "built", None)  # to build a corpus anew for each request takes seconds
    for address in ("/changes/", "/changes.atom", "/changes.csv", "/pipeline/", "/pipeline.ics"):
        content = client.get(f"{address}?q=kazan").getvalue().decode()
        assert "Almaty" not in content
    assert kfu.name in client.get("/changes/?q=kazan").text


class HospitalFilter(InstitutionFilter):
    thing = "hospital"
    listed = staticmethod(lambda: Institution.objects.published().filter(kind="hospital"))


def test_two_lists_over_one_table_have_an_index_each():
    for kind in ("hospital", "university"):
        make_institution(slug=kind, kind=kind)
    assert [read(of_class) for of_class in (InstitutionFilter, HospitalFilter)] == [
        ["hospital", "university"],
        ["hospital"],
    ]
