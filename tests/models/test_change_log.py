"""Whoever writes what a list shows leaves the institution's key in the change log, and nothing else does."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Case, CharField, F, Value, When
from django.utils import timezone

from partners.models import (
    Changes,
    City,
    CityName,
    Consortium,
    ConsortiumText,
    Contact,
    Country,
    FormerSlug,
    Institution,
    InstitutionName,
    Logo,
    Participation,
    RegistryRecord,
    Role,
    RoleText,
)
from partners.models.log.triggers import CONCERNED, OF_LISTS
from tests.support import factories
from tests.support.change_log import execute, logged, number, written
from tests.support.editor import inline, post
from tests.support.ror import record, write_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """Two institutions, each with a name, a lab and a participation."""
    pair = [factories.make_institution(), factories.make_institution()]
    for institution in pair:
        factories.make_name(institution)
        factories.make_participation(lab=factories.make_lab(institution))
    return pair


# Who writes


def test_saving_and_deleting_leave_the_key():
    institution = factories.make_institution()
    key = institution.pk
    assert written(institution.save) == {key}
    assert written(institution.delete) == {key}


def test_bulk_writers_leave_every_key(pair):
    first, second = pair
    keys = {first.pk, second.pk}
    names = [InstitutionName(institution=owner, value="KFU", kind="acronym") for owner in pair]
    assert written(InstitutionName.objects.bulk_create, names) == keys
    assert written(Institution.objects.bulk_update, pair, ["name"]) == keys
    assert written(Institution.objects.update, founded=1804) == keys
    assert written(Institution.objects.filter(pk=first.pk).update, founded=1804) == {first.pk}
    assert written(Participation.objects.filter(institution=second).delete) == {second.pk}


def test_conflicting_insert_leaves_the_key_of_the_row_it_updates(pair):
    first, second = pair
    row = first.names.get()
    row.institution = second
    assert written(
        InstitutionName.objects.bulk_create,
        [row],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["institution"],
    ) == {first.pk, second.pk}


def test_plain_sql_leaves_the_keys(pair):
    first, second = pair
    assert written(execute, "UPDATE partners_institution SET founded = 1804 WHERE id = %s", first.pk) == {first.pk}
    assert written(execute, "UPDATE partners_lab SET institution_id = %s", first.pk) == {first.pk, second.pk}
    assert written(execute, "DELETE FROM partners_institutionname") == {first.pk, second.pk}


def test_a_link_leaves_the_keys_of_both_ends(pair):
    child, parent = pair
    assert written(child.parents.add, parent) == {child.pk, parent.pk}
    assert written(child.parents.clear) == {child.pk, parent.pk}


def test_admin_leaves_the_key(admin_client):
    institution = factories.make_institution()
    row = {"value": "КФУ", "kind": "acronym", "language": "ru", "source": ""}
    assert written(post, admin_client, Institution, institution, **inline("names", row)) == {institution.pk}
    assert institution.names.get().value == "КФУ"


def test_import_leaves_the_keys_that_it_changed(tmp_path):
    call_command("import_ror", write_release(tmp_path, record(1), record(2)), verbosity=0)
    changed = write_release(tmp_path, record(1, "Another name"), record(2))
    keys = written(call_command, "import_ror", changed, verbosity=0)
    assert keys == {Institution.objects.get(name="Another name").pk}


def test_import_of_new_cities_leaves_them_beside_the_keys(tmp_path):
    changes = logged(call_command, "import_ror", write_release(tmp_path, record(1), record(2)), verbosity=0)
    assert changes == (set(Institution.objects.values_list("pk", flat=True)), True)


# What is written


@pytest.mark.parametrize("make", [factories.make_name, factories.make_lab, factories.make_participation])
def test_row_of_an_institution_leaves_its_key_when_it_comes_changes_moves_and_goes(make):
    old, new = factories.make_institution(), factories.make_institution()
    role = factories.make_role()
    rows = []
    fields = {"role": role} if make is factories.make_participation else {}
    assert written(lambda: rows.append(make(old, **fields))) == {old.pk}
    (row,) = rows
    assert written(row.save) == {old.pk}
    row.institution = new
    assert written(row.save) == {old.pk, new.pk}
    former = {old.pk} if make is factories.make_lab else set()  # its former address goes, too
    assert written(row.delete) == {new.pk} | former


def test_participation_of_a_lab_elsewhere_leaves_both_institutions(pair):
    first, second = pair
    participation = first.participations.get()
    elsewhere = second.labs.get()
    moved = Participation.objects.filter(pk=participation.pk)
    assert written(moved.update, lab=elsewhere) == {first.pk, second.pk}
    assert written(moved.update, state="planned") == {first.pk, second.pk}
    assert written(moved.update, lab=None) == {first.pk, second.pk}
    assert written(moved.update, state="ended") == {first.pk}


def test_a_replaced_institution_leaves_the_key_of_each_that_is_found_by_its_names(pair):
    first, second = pair
    last = factories.make_institution()
    replaced = Institution.objects.filter(pk=first.pk)
    assert written(replaced.update, replaced_by=second) == {first.pk, second.pk}
    assert written(first.names.all().delete) == {first.pk, second.pk}
    assert written(Institution.objects.filter(pk=second.pk).update, replaced_by=last) == {second.pk, last.pk}
    assert written(replaced.update, name="Another name") == {first.pk, second.pk, last.pk}
    assert written(replaced.update, replaced_by=None) == {first.pk, second.pk, last.pk}
    assert written(replaced.update, name="A third name") == {first.pk}


def test_institution_leaves_its_key_with_all_that_goes_with_it(pair):
    first, _second = pair
    key = first.pk
    assert written(first.delete) == {key}


MAKE_SHARED = {
    City: factories.make_city,
    CityName: factories.make_city_name,
    Country: lambda: Country.objects.create(code="ZZ"),
    Role: factories.make_role,
    RoleText: factories.make_role_text,
    Consortium: factories.make_consortium,
    ConsortiumText: factories.make_consortium_text,
    Logo: factories.make_logo,
    City.history.model: lambda: City.history.create(id=1, name="Gone", history_date=timezone.now(), history_type="-"),
    Role.history.model: lambda: Role.history.create(code="gone", history_date=timezone.now(), history_type="-"),
}


SHARED = Changes(set(), shared=True)


@pytest.mark.parametrize("model", [model for model, keys in CONCERNED.items() if not keys])
def test_shared_row_is_noted_as_such(model):
    rows = []
    assert logged(lambda: rows.append(MAKE_SHARED[model]())) == SHARED
    assert logged(rows[0].save) == SHARED
    assert logged(rows[0].delete) == (None if model in OF_LISTS else SHARED)


def test_shared_row_concerns_every_institution_where_lists_go_by_what_changed():
    city = factories.make_city(country=factories.make_country("KZ"))
    factories.make_country("RU")
    cities, countries = City.objects.filter(pk=city.pk), Country.objects.filter(code="KZ")
    for rows, fields in [
        (cities, {"name": "A", "sort_key": "a", "geonames_id": 7, "latitude": 1, "longitude": 1}),
        (countries, {"label": "A", "is_target": True}),
    ]:
        assert logged(rows.update, **fields) == SHARED
    for rows, field, value in [
        (cities, "slug", "ru-a"),
        (cities, "country", "RU"),
        (countries, "sort_key", "a"),
    ]:
        assert logged(rows.update, **{field: value}) is None
        assert logged(rows.update, **{field: value}) == SHARED  # the same again


def test_one_of_many_shared_rows_that_lists_go_by_is_enough():
    elsewhere, _same = factories.make_city(), factories.make_city()
    slug = Case(When(pk=elsewhere.pk, then=Value("zz-elsewhere")), default=F("slug"), output_field=CharField())
    assert logged(City.objects.update, name="A") == SHARED
    assert logged(City.objects.update, name="A", slug=slug) is None


def test_what_the_page_of_an_entry_alone_shows_leaves_its_key(pair):
    """A page that is held in memory has to know of it, though no list does."""
    first, second = pair
    contact = factories.make_contact(first)
    for write in [
        lambda: first.successors.add(second),
        lambda: first.successors.clear(),
        lambda: FormerSlug.objects.create(institution=first, slug="before"),
        lambda: Contact.objects.filter(pk=contact.pk).update(function="head"),
        contact.delete,
        lambda: first.history.all().delete(),
    ]:
        assert written(write) == {first.pk}


def test_what_an_import_remembers_leaves_nothing(pair):
    first, _second = pair
    assert written(RegistryRecord.objects.create, institution=first, values={}) == set()


def test_statement_that_finds_no_row_leaves_nothing():
    for model in CONCERNED:
        table, key = model._meta.db_table, model._meta.pk.column
        assert written(execute, f"UPDATE {table} SET {key} = {key} WHERE 1 = 0") == set()
        assert written(execute, f"DELETE FROM {table} WHERE 1 = 0") == set()
        assert written(execute, f"INSERT INTO {table} SELECT * FROM {table} WHERE 1 = 0") == set()


def test_rollback_leaves_nothing():
    saved, undone = factories.make_institution(), factories.make_institution()

    def write():
        saved.save()
        with transaction.atomic():
            undone.save()
            Role.objects.create(code="undone", group="chain", position=1, name="Undone")
            transaction.set_rollback(True)

    assert written(write) == {saved.pk}


if connection.vendor == "postgresql":  # SQLite knows no TRUNCATE

    @pytest.mark.parametrize("model", CONCERNED)
    def test_truncate_concerns_every_institution(model):
        assert written(execute, f"TRUNCATE {model._meta.db_table} CASCADE") is None

    def test_many_rows_cost_no_look_through_a_table_each():
        """Who planned without a row would look, and 10,000 edits would take ten seconds."""

        def looks():
            tables = "WHERE relname IN ('changelog_noted', 'partners_loggedchange')"
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT sum(seq_scan) FROM pg_stat_xact_user_tables {tables}")
                return cursor.fetchone()[0]

        institutions = [Institution(name="A", slug=f"a-{count}", kind="other") for count in range(300)]
        number()
        execute("ANALYZE changelog_noted")
        execute("DISCARD PLANS")
        before = looks()
        written(Institution.objects.bulk_create, institutions)
        assert looks() - before < 10
