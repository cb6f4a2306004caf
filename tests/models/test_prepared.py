"""What PostgreSQL plans once a connection."""

import pytest
from django.db import NotSupportedError, connection
from django.test.utils import CaptureQueriesContext

from partners.models import City, prepared
from partners.models.keys import PlainRows
from partners.models.log.snapshot import read_snapshot
from tests.support.factories import make_city, make_country

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans in no time"),
]

CITIES = PlainRows(lambda keys: City.objects.filter(pk__among=keys, name__contains="%").order_by().values_list("name"))
ALL = PlainRows(lambda _keys: City.objects.order_by("name").values_list("name"))


@pytest.fixture(autouse=True)
def nothing_is_prepared():
    """Forget what other tests prepared on this connection, whose countries are gone, too."""
    make_country()
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")


def read(query, *args, **kwargs):
    """Return the names that a query finds in a snapshot, and the first word of what was asked for them."""
    with read_snapshot(), CaptureQueriesContext(connection) as asked:
        names = [name for (name,) in query(*args, **kwargs)]
    return names, [one["sql"].split()[0] for one in asked]


def test_a_query_is_prepared_once_for_all_keys_and_snapshots():
    first, second = make_city(name="A %s"), make_city(name="B's 100 %")
    assert read(CITIES, [first.pk]) == ([first.name], ["PREPARE"])
    assert read(CITIES, [second.pk]) == ([second.name], ["EXECUTE"])
    assert read(ALL, limit=1) == ([first.name], ["PREPARE"])
    assert read(ALL) == ([first.name, second.name], ["PREPARE"])
    assert read(ALL, limit=1) == ([first.name], ["EXECUTE"])


def test_a_full_connection_prepares_no_more_and_outside_of_a_snapshot_nothing_is(monkeypatch):
    city = make_city(name="A %")
    monkeypatch.setattr(prepared, "AT_MOST", 1)
    assert [read(query, [city.pk]) for query in (CITIES, ALL, CITIES)] == [
        ([city.name], ["PREPARE"]),
        ([city.name], ["SELECT"]),
        ([city.name], ["EXECUTE"]),
    ]
    with CaptureQueriesContext(connection) as asked:  # PgBouncer may give another process now
        assert CITIES([city.pk]) == [(city.name,)]
    assert asked[0]["sql"].startswith("SELECT")


def test_an_altered_table_fails_one_snapshot_and_not_the_next():
    city = make_city(name="A %")
    alter = "ALTER TABLE partners_city ALTER name TYPE varchar({})".format
    length = City._meta.get_field("name").max_length
    read(CITIES, [city.pk])
    with connection.cursor() as cursor:
        cursor.execute(alter(length + 1))
    try:
        with pytest.raises(NotSupportedError):
            read(CITIES, [city.pk])
        assert read(CITIES, [city.pk]) == ([city.name], ["PREPARE"])
    finally:
        with connection.cursor() as cursor:
            cursor.execute(alter(length))
