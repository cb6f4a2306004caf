"""Every record says what brought it, and names have a history too."""

import importlib

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from partners.models import Institution, InstitutionName, Lab, Operation, Participation
from partners.models.history import record_in_bulk
from partners.models.operation import operation
from tests.support import factories, ror
from tests.support.editor import inline, post

pytestmark = pytest.mark.django_db
TRACKED = [Institution, Lab, Participation, InstitutionName]


def brought_by():
    """Return what brought each record: {(kind, label, editor), …}."""
    told = ("operation__kind", "operation__label", "operation__user__username")
    return {brought for model in TRACKED for brought in model.history.values_list(*told)}


def test_records_of_one_operation_point_to_it_and_what_changes_nothing_leaves_none():
    user = User.objects.create(username="ann")
    with operation(Operation.Kind.BULK, "Verified \udcff" + "x" * 300, user):
        institution = factories.make_institution()
        name = factories.make_name(institution)
        record_in_bulk(Institution, [institution.pk], "~")
    with operation(Operation.Kind.FORM):
        institution.save()
    row = Operation.objects.get()
    assert (row.kind, row.label, row.user) == ("bulk", ("Verified ?" + "x" * 300)[:200], user)
    assert set(Institution.history.values_list("operation", flat=True)) == {row.pk}
    assert name.history.get().operation == row
    name.delete()
    assert InstitutionName.history.filter(history_type="-").get().operation is None


def test_forms_seeds_and_releases_say_that_it_was_they(admin_client, tmp_path):
    call_command("start_consortium", "partners/seeds/cart.toml", verbosity=0)
    assert brought_by() == {("seed", "cart.toml", None)}
    ror.load(ror.write_release(tmp_path, ror.record(1, "First", ror.name("Erste", "alias"))))
    assert brought_by() == {("seed", "cart.toml", None), ("registry", "release.json", None)}
    row = factories.make_institution()
    name_before = row.name
    added = inline("names", {"value": "Новый", "kind": "native", "language": "ru"})
    assert post(admin_client, Institution, row, name="Renamed", **added).status_code == 302
    named = {(name.value, name.history.get().operation) for name in row.names.all()}
    assert named == {(value, row.history.latest().operation) for value in ("Новый", name_before)}
    assert row.history.latest().operation.user.username == "admin"


def test_names_that_a_release_brings_changes_and_drops_are_recorded(tmp_path):
    for name, alias in [("First", "Erste"), ("Erste", "Primus")]:
        ror.load(ror.write_release(tmp_path, ror.record(1, name, ror.name(alias, "alias"))))
    records = InstitutionName.history.values_list("value", "history_type")
    assert sorted(records) == [("Erste", "+"), ("Erste", "-"), ("First", "+"), ("Primus", "+")]
    assert set(InstitutionName.objects.values_list("value", flat=True)) == {"First", "Primus"}


def test_names_from_before_begin_their_history_with_what_they_are():
    names = [factories.make_name() for _number in range(3)]
    InstitutionName.history.all().delete()
    migration = importlib.import_module("partners.migrations.0013_operations")
    migration.record_present_names(apps, connection.schema_editor())
    assert set(InstitutionName.history.values_list("value", "history_type", "operation__kind")) == {
        (name.value, "+", "first") for name in names
    }
    assert names[0].history.get().institution_id == names[0].institution_id
