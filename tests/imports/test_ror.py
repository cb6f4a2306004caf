"""A release of the registry comes in whole and once, or not at all."""

import json
import zipfile
from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.models import City, Institution, InstitutionName, Participation, RegistryRecord
from tests.support.factories import make_city, make_institution
from tests.support.ror import SLICE, load, location, record, relation, ror_id, write_release

pytestmark = pytest.mark.django_db

RECORDS = json.loads(SLICE.read_text(encoding="utf-8"))
ACTIVE = [raw for raw in RECORDS if raw["status"] == "active"]
TABLES = [City, Institution, InstitutionName, RegistryRecord]


def by_number(number):
    return Institution.objects.get(ror_id=ror_id(number))


def test_slice_is_stored_whole_and_the_second_run_changes_nothing():
    aside = Counter(raw["status"] for raw in RECORDS) - Counter({"active": len(RECORDS)})
    last = (
        f"Set aside, stored but not listed: {aside.total()}"
        f" (inactive {aside['inactive']}, withdrawn {aside['withdrawn']})"
    )
    assert load(SLICE) == ["Read: 500", "Created: 500", "Updated: 0", "Unchanged: 0", last]
    before = [list(table.objects.order_by("pk").values()) for table in TABLES]
    assert load(SLICE) == ["Read: 500", "Created: 0", "Updated: 0", "Unchanged: 500", last]
    assert [list(table.objects.order_by("pk").values()) for table in TABLES] == before
    assert set(Institution.objects.published().values_list("ror_id", flat=True)) == {raw["id"] for raw in ACTIVE}
    assert not Institution.objects.partners().exists()
    assert not Participation.objects.exists()


def test_slice_passes_the_rules_that_editors_meet():
    load(SLICE)
    for row in [
        *Institution.objects.select_related("city", "replaced_by"),
        *InstitutionName.objects.all(),
        *City.objects.all(),
    ]:
        try:
            row.full_clean(validate_constraints=False, validate_unique=False)
        except ValidationError as error:
            pytest.fail(f"{row!r}: {error}")


def test_rows_are_the_same_whatever_the_order_of_the_file(tmp_path):
    columns = ["ror_id", "slug", "name", "city__slug", "city__latitude", "replaced_by__ror_id"]
    load(write_release(tmp_path, *RECORDS))
    expected = set(Institution.objects.values_list(*columns))
    Institution.objects.update(replaced_by=None)
    Institution.objects.all().delete()
    City.objects.all().delete()
    load(write_release(tmp_path, *reversed(RECORDS)), bring_back=True)
    assert set(Institution.objects.values_list(*columns)) == expected


@pytest.mark.parametrize(
    "names", [["v1.7-ror-data.json", "v1.7-ror-data_schema_v2.json", "v1.7-ror-data.csv"], ["r.json"]]
)
def test_release_archive_gives_its_json_of_schema_v2(tmp_path, names):
    path = tmp_path / "release.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            of_v2 = "schema_v2" in name or len(names) == 1
            archive.writestr(name, json.dumps([record()] if of_v2 else [{"id": ror_id(1), "name": "schema v1"}]))
    assert load(path)[1] == "Created: 1"


def test_country_limits_what_comes_in(tmp_path):
    places = {1: "KZ", 2: "XK", 3: "RU", 4: "QQ"}
    path = write_release(tmp_path, *[record(n, locations=[location(code, n)]) for n, code in places.items()], record(1))
    lines = load(path, country=["KZ", "XK"])
    assert lines[0:2] == ["Read: 5", "Created: 2"]
    assert lines[5:] == [
        f"Skipped, in another country: 2 ({ror_id(3)}, {ror_id(4)})",
        f"Skipped, stands in the file twice: 1 ({ror_id(1)})",
    ]
    assert load(path)[5:] == [
        f"Skipped, its country code is unknown: 1 ({ror_id(4)})",
        f"Skipped, stands in the file twice: 1 ({ror_id(1)})",
    ]
    with pytest.raises(CommandError, match="Unknown country code: QQ, kz"):
        load(path, country=["KZ", "kz", "QQ"])


def test_unpublished_hides_new_entries_only(tmp_path):
    load(write_release(tmp_path, record(1)))
    load(write_release(tmp_path, record(1), record(2)), unpublished=True)
    assert (by_number(1).is_published, by_number(2).is_published) == (True, False)


def test_city_is_matched_by_its_geonames_id_alone(tmp_path):
    astana = make_city(name="Астана", slug="kz-nur-sultan", geonames_id=1526273)
    make_city(name="Abay", slug="kz-abay")
    elsewhere = location("RU", 1526273)
    places = [location(), location("KZ", 7, "Abay"), location("KZ", 8, "Abay"), elsewhere]
    lines = load(write_release(tmp_path, *[record(n, locations=[place]) for n, place in enumerate(places, start=1)]))
    assert [(row.country_id, row.city and row.city.slug) for row in Institution.objects.order_by("ror_id")] == [
        ("KZ", "kz-nur-sultan"),
        ("KZ", "kz-abay-7"),
        ("KZ", "kz-abay-8"),
        ("RU", None),
    ]
    assert lines[5:] == [f"Left out, city known in another country: 1 ({ror_id(4)})"]
    astana.refresh_from_db()
    assert (astana.name, astana.latitude) == ("Астана", None)
    assert City.objects.get(geonames_id=7).latitude == 51.1801


def test_shared_name_gets_addresses_by_place_then_by_ror_id(tmp_path):
    make_institution(name="Another", slug="ministry-of-health")
    minsk = [location("BY", 625144, "Minsk")]
    twins = [record(n, "Ministry of Health", locations=minsk) for n in (1, 2)]
    load(write_release(tmp_path, *twins))
    assert [by_number(1).slug, by_number(2).slug] == [
        "ministry-of-health-by-minsk",
        f"ministry-of-health-{ror_id(2).removeprefix('https://ror.org/')}",
    ]


def test_an_address_that_even_the_identifier_leaves_taken_gets_a_number(tmp_path):
    identifier = ror_id(1).removeprefix("https://ror.org/")
    for ending in ["", "-kz-astana", f"-{identifier}", f"-{identifier}-2"]:
        make_institution(slug=f"ministry-of-health{ending}")
    path = write_release(tmp_path, record(1, "Ministry of Health"))
    load(path)
    assert by_number(1).slug == f"ministry-of-health-{identifier}-3"
    assert load(path)[1:4] == ["Created: 0", "Updated: 0", "Unchanged: 1"]


def test_a_city_whose_name_ends_like_the_number_of_another_gets_an_address(tmp_path):
    for slug in ["kz-abay", "kz-abay-7"]:
        make_city(slug=slug)
    load(write_release(tmp_path, record(1, locations=[location("KZ", 7, "Abay")])))
    assert by_number(1).city.slug == "kz-abay-7-2"


def gone(number, *successors, status="withdrawn"):
    return record(number, status=status, relationships=[relation("successor", other) for other in successors])


def test_gone_organisation_leads_to_its_successors(tmp_path):
    make_institution(name="Here already", ror_id=ror_id(20), slug="here-already")
    records = [
        gone(1, 2, 99),
        gone(2, 3),
        record(3),
        gone(4, 3, 20),
        gone(5, 98),
        gone(6, status="inactive"),
        gone(7, 20),
        gone(8, 3, status="active"),
    ]
    path = write_release(tmp_path, *records)
    load(path)
    rows = Institution.objects.exclude(ror_id=ror_id(20)).order_by("ror_id")
    assert [
        (row.replaced_by and row.replaced_by.ror_id, set(row.successors.values_list("ror_id", flat=True)))
        for row in rows
    ] == [
        (ror_id(2), set()),
        (ror_id(3), set()),
        (None, set()),
        (None, {ror_id(3), ror_id(20)}),
        (None, set()),
        (None, set()),
        (ror_id(20), set()),
        (None, set()),
    ]
    assert [row.ror_id for row in by_number(1).replacements()] == [ror_id(1), ror_id(2), ror_id(3)]
    assert load(path)[1:4] == ["Created: 0", "Updated: 0", "Unchanged: 8"]
    load(write_release(tmp_path, record(1), gone(4, 3), record(98)))
    assert (by_number(1).replaced_by, by_number(4).replaced_by) == (None, by_number(3))
    assert not by_number(4).successors.exists()


def test_circle_of_successors_is_cut(tmp_path):
    path = write_release(tmp_path, gone(1, 2), gone(2, 3), gone(3, 1), gone(4, 1), gone(5, 5))
    assert load(path)[5:] == [f"Left out, successor that it replaced itself: 1 ({ror_id(3)})"]
    assert [by_number(n).replaced_by for n in (1, 2, 3, 4, 5)] == [by_number(2), by_number(3), None, by_number(1), None]
    assert load(path)[1:4] == ["Created: 0", "Updated: 0", "Unchanged: 5"]


def test_circle_that_editors_made_does_not_hold_the_import_up(tmp_path):
    first, second = make_institution(ror_id=ror_id(2)), make_institution()
    Institution.objects.filter(pk=first.pk).update(replaced_by=second)
    Institution.objects.filter(pk=second.pk).update(replaced_by=first)
    load(write_release(tmp_path, gone(1, 2)))
    assert by_number(1).replaced_by == first


def test_entries_are_locked_while_they_are_merged(tmp_path):
    with CaptureQueriesContext(connection) as queries:
        load(write_release(tmp_path, record(1)))
    is_locked = any(query["sql"].endswith("FOR UPDATE") for query in queries)
    assert is_locked == connection.features.has_select_for_update


def test_queries_do_not_grow_with_the_records(tmp_path):
    counts = []
    for first, number in [(1, 1), (101, 20)]:
        path = write_release(
            tmp_path, *[record(n, locations=[location("KZ", n, "X")]) for n in range(first, first + number)]
        )
        for _run in ("first", "second"):
            with CaptureQueriesContext(connection) as queries:
                load(path)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


@pytest.mark.parametrize("left_out", [{"geonames_id": None}, {"geonames_id": -5}])
def test_a_record_whose_city_is_left_out_brings_no_city(tmp_path, left_out):
    release = write_release(
        tmp_path, record(1, locations=[location(**left_out)]), record(2, locations=[location("RU")])
    )
    for _time in range(2):
        load(release)
    assert Institution.objects.count() == 2
    assert [city.country_id for city in City.objects.all()] == ["RU"]


def test_a_city_in_two_countries_is_one_city_each_time(tmp_path):
    release = write_release(tmp_path, record(1), record(2, locations=[location("RU")]))
    load(release)
    cities = list(City.objects.values_list("slug", "geonames_id"))
    load(release)
    assert list(City.objects.values_list("slug", "geonames_id")) == cities
    assert len(cities) == 1
