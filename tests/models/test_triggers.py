"""The triggers of the change log are there as expected, or the check says which are not."""

import pytest
from django.apps import apps
from django.db import connection

from partners.checks import check_triggers
from partners.models import (
    DistinctPair,
    InstitutionName,
    InstitutionParent,
    InstitutionSuccessor,
    LogEpoch,
    LoggedChange,
    Operation,
    RegistryRecord,
    begin_epoch,
    create_triggers,
    drop_triggers,
    missing_triggers,
    position,
)
from partners.models.log.triggers import CHANCE_BITS, CONCERNED
from tests.support import factories
from tests.support.change_log import concerned_since

pytestmark = pytest.mark.django_db


def execute(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_triggers_are_missed_until_they_are_made_again():
    assert missing_triggers() == []
    assert check_triggers(["default"]) == []
    drop_triggers()
    names = missing_triggers()
    assert {name for name in names if name.startswith("changelog_insert_")} == {
        f"changelog_insert_{model._meta.db_table}" for model in CONCERNED
    }
    (warning,) = check_triggers(["default"])
    assert (warning.id, warning.msg.count("changelog_")) == ("partners.W001", len(names))
    create_triggers()
    assert missing_triggers() == []
    connection.check_constraints()  # on PostgreSQL, does what a commit would do
    _epoch, number = position()
    institution = factories.make_institution()
    connection.check_constraints()
    assert concerned_since(number) == {institution.pk}


def test_triggers_that_are_right_are_left_alone(django_assert_num_queries):
    with django_assert_num_queries(1):
        create_triggers()


TAMPERED = {
    "sqlite": [
        "DROP TRIGGER changelog_number",
        "CREATE TRIGGER changelog_unknown AFTER INSERT ON partners_lab BEGIN SELECT 1; END",
        "ALTER TABLE partners_lab RENAME COLUMN institution_id TO owner_id",
    ],
    "postgresql": [
        "DROP TRIGGER changelog_delete_partners_lab ON partners_lab",
        "CREATE TRIGGER changelog_unknown AFTER INSERT ON partners_lab EXECUTE FUNCTION changelog_note('SELECT 1, 1')",
        "ALTER TABLE partners_lab DISABLE TRIGGER changelog_insert_partners_lab",
        "DROP TABLE changelog_noted CASCADE",
        "CREATE OR REPLACE FUNCTION changelog_number() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    ],
}


@pytest.mark.parametrize("statement", TAMPERED[connection.vendor])
def test_tampered_trigger_is_noticed_and_mended(statement):
    execute(statement)
    assert missing_triggers() != []
    if "RENAME COLUMN" in statement:
        execute("ALTER TABLE partners_lab RENAME COLUMN owner_id TO institution_id")
    create_triggers()
    assert missing_triggers() == []


def test_no_databases_are_no_triggers_to_look_at():
    assert check_triggers(None) == []


def test_numbers_count_and_are_chance_beside():
    institution, numbers = factories.make_institution(), []
    for count in range(20):
        type(institution).objects.filter(pk=institution.pk).update(name=f"Name {count}")
        connection.check_constraints()
        numbers.append(position()[1])
    counts = [number >> CHANCE_BITS for number in numbers]
    assert counts == list(range(counts[0], counts[0] + 20))
    assert len({number % 2**CHANCE_BITS for number in numbers}) > 15


def test_later_epoch_is_larger():
    epochs = []
    for _count in range(20):
        begin_epoch()
        epochs.append(position()[0])
    assert epochs == sorted(set(epochs))


def test_every_table_that_a_page_may_show_enters_the_log():
    """Pages are sent again as long as the log stands still. Visitors see no history of names and links, nor editors."""
    models = set(apps.get_app_config("partners").get_models(include_auto_created=True))
    assert models - CONCERNED.keys() == {
        LoggedChange,
        LogEpoch,
        RegistryRecord,
        Operation,
        DistinctPair,
        InstitutionName.history.model,
        InstitutionParent.history.model,
        InstitutionSuccessor.history.model,
    }
