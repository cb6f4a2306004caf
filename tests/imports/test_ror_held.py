"""A release before it is written, what an editor's value holds back, what was deleted, cities that are renamed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.imports.ror.held import take
from partners.imports.ror.load import import_release
from partners.imports.ror.names import without_country
from partners.models import City, Institution, InstitutionName, RegistryRecord
from tests.support.changes import edit
from tests.support.factories import make_country, make_institution
from tests.support.ror import load as load_release
from tests.support.ror import location, name, record, ror_id, write_release

pytestmark = pytest.mark.django_db
TABLES = [City, Institution, InstitutionName, RegistryRecord, Institution.history.model]


@pytest.fixture
def load(tmp_path):
    """Import records and return what the command says, line by line."""
    return lambda *records, **options: load_release(write_release(tmp_path, *records), **options)


def contents():
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


def test_a_dry_run_says_what_the_import_says_and_writes_nothing(load):
    first = [record(1, "One", name("Eins", "alias")), record(2, "Two"), record(3, "Three")]
    load(*first)
    Institution.objects.filter(name="Two").update(name="Ours")
    make_institution(name="Four", ror_id="", country_id="KZ")
    kazan = [location("RU", 551487, "Kazan’")]
    second = [
        record(1, "One", status="inactive", established=1900),
        record(2, "Zwei"),
        record(3, "Three", locations=kazan),
        record(4, "Four", locations=[location(city="Nur-Sultan")]),
    ]
    before = contents()
    said = load(*second, dry_run=True)
    assert contents() == before
    assert said == load(*second)
    assert "Held back by an editor's value: 1" in said
    assert said[1:4] == ["Created: 1", "Updated: 3", "Unchanged: 0"]
    assert load(*second, dry_run=True)[1:4] == ["Created: 0", "Updated: 0", "Unchanged: 4"]


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_needs_no_more_than_to_read(tmp_path):
    make_country("KZ")
    path = write_release(tmp_path, record(1), record(2))
    with CaptureQueriesContext(connection) as queries:
        report = import_release(path, dry_run=True)
    assert {query["sql"].split()[0] for query in queries} <= {"BEGIN", "SELECT", "PREPARE", "EXECUTE", "ROLLBACK"}
    assert [row["states"] for row in report.rows.values()] == [["new"], ["new"]]


def test_what_an_editor_holds_back_is_stored_until_it_agrees_and_not_once_it_is_refused(load):
    load(record(1, "Old"))
    Institution.objects.update(name="Ours", founded=1800)
    load(record(1, "New", established=1900))
    stored = RegistryRecord.objects.get()
    assert stored.held == {"name": "New", "founded": 1900}
    RegistryRecord.objects.update(refused=["name"])
    load(record(1, "Newer", established=1800))
    stored.refresh_from_db()
    assert stored.held == {}
    assert Institution.objects.get().name == "Ours"


def test_a_value_that_is_taken_leaves_what_a_colleague_saved_and_the_former_name(load):
    load(record(1, "Old"))
    Institution.objects.update(name="Ours")
    load(record(1, "New"))
    shown = Institution.objects.get()
    edit(shown, summary="Saved by a colleague")
    take(shown, "name")
    entry = Institution.objects.get()
    assert (entry.name, entry.summary) == ("New", "Saved by a colleague")
    assert entry.names.get(value="Ours").kind == "former"
    load(record(1, "New"))
    assert entry.names.filter(value="Ours", kind="former").exists()


def test_a_deleted_entry_comes_back_only_when_asked(load):
    load(record(1), record(2))
    Institution.objects.get(ror_id=ror_id(1)).delete()
    assert f"Skipped, deleted by an editor: 1 ({ror_id(1)})" in load(record(1), record(2))
    assert Institution.objects.count() == 1
    load(record(1), record(2), bring_back=True)
    assert Institution.objects.count() == 2


def test_a_city_follows_the_registry_unless_an_editor_named_it(load):
    load(record(1), record(2, locations=[location("RU", 551487, "Kazan’")]))
    City.objects.filter(geonames_id=551487).update(name="Kazan")
    said = load(
        record(1, locations=[location(city="Nur-Sultan")]), record(2, locations=[location("RU", 551487, "Kasan")])
    )
    assert "Cities renamed: 1 (Astana → Nur-Sultan (kz-astana))" in said
    assert set(City.objects.values_list("name", "sort_key")) == {("Nur-Sultan", "nur sultan"), ("Kazan", "kazan")}
    assert [row.value for row in City.objects.get(name="Nur-Sultan").names.all()] == ["Astana"]
    again = load(record(1, locations=[location(city="Astana")]))
    assert "Cities renamed: 1 (Nur-Sultan → Astana (kz-astana))" in again


@pytest.mark.parametrize(
    ("shown", "own", "kept"),
    [
        ("MSD (Turkiye)", "", "MSD"),
        ("MSD (Türkiye)", "", "MSD"),
        ("MSD (TURKEY)", "", "MSD"),
        ("Novo (Cote d'Ivoire)", "", "Novo"),
        ("Novo (United States of America)", "United States", "Novo"),
        ("Novo, S.A.(Portugal)", "Portugal", "Novo, S.A."),
        ("Novo (Ruritania)", "Ruritania", "Novo"),
        ("Novo (Ruritania)", "Turkey", "Novo (Ruritania)"),
        ("Novo ()", "", "Novo ()"),
        ("(Turkey)", "", "(Turkey)"),
    ],
)
def test_a_country_at_the_end_of_a_company_is_known_in_any_spelling(shown, own, kept):
    assert without_country(shown, own) == kept
