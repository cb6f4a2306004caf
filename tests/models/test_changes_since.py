"""What is read of the change log: one by one up to a bound, as far as it reaches back, within one epoch."""

import pytest
from django.db import connection

from partners.models import (
    CHANGES_AT_MOST,
    Institution,
    InstitutionName,
    LogEpoch,
    LoggedChange,
    begin_epoch,
    changed_since,
    position,
)
from partners.models.log.triggers import CHANCE_BITS, PRUNED_EVERY, RETAINED
from tests.support import factories
from tests.support.change_log import concerned_since, number, written

pytestmark = pytest.mark.django_db


def make_names(institutions):
    InstitutionName.objects.bulk_create(
        InstitutionName(institution=institution, value="A", kind="alias") for institution in institutions
    )


def test_changes_are_read_one_by_one_up_to_a_bound():
    institutions = Institution.objects.bulk_create(
        Institution(name="A", slug=f"a-{count}", kind="other") for count in range(CHANGES_AT_MOST + 1)
    )
    enough = institutions[1:]
    assert written(make_names, enough) == {institution.pk for institution in enough}
    assert written(Institution.objects.update, founded=1804) is None
    last = institutions[0]
    assert written(last.save) == {last.pk}


def test_each_change_is_read_from_every_number_before_it():
    numbers, institutions = [number()], []
    for _count in range(4):
        institutions.append(factories.make_institution())
        numbers.append(number())
    assert numbers == sorted(set(numbers))
    for start, since in enumerate(numbers):
        assert concerned_since(since) == {institution.pk for institution in institutions[start:]}


def test_reading_costs_one_query_each(django_assert_num_queries):
    before = number()
    factories.make_participation(lab=factories.make_lab())
    connection.check_constraints()
    with django_assert_num_queries(1):
        position()
    with django_assert_num_queries(1):
        changed_since(before)


def test_log_keeps_the_newest_and_says_where_it_no_longer_reaches():
    old = number()
    # As the triggers bring them: on PostgreSQL under provisional numbers, until the commit.
    numbers = (
        range(-RETAINED - PRUNED_EVERY, 0) if connection.vendor == "postgresql" else [None] * (RETAINED + PRUNED_EVERY)
    )
    LoggedChange.objects.bulk_create(LoggedChange(number=number, institution=1) for number in numbers)
    factories.make_institution()
    middle = number()
    retained = LoggedChange.objects.order_by("number").values_list("number", flat=True)
    assert RETAINED <= len(retained) <= RETAINED + PRUNED_EVERY
    assert old < retained[0]
    assert retained[len(retained) - 1] == middle
    assert concerned_since(old) is None
    assert concerned_since(middle) == set()


def test_gap_between_numbers_takes_nothing_from_the_log():
    before = number()
    last_before_it_prunes = ((before >> CHANCE_BITS) // PRUNED_EVERY + 2 * RETAINED) * PRUNED_EVERY - 1
    set_number = {
        "sqlite": f"UPDATE sqlite_sequence SET seq = %s << {CHANCE_BITS} WHERE name = 'partners_loggedchange'",
        "postgresql": "SELECT setval(pg_get_serial_sequence('partners_loggedchange', 'number'), %s)",
    }
    with connection.cursor() as cursor:
        cursor.execute(set_number[connection.vendor], [last_before_it_prunes])
    institution = factories.make_institution()
    assert number() >> CHANCE_BITS > last_before_it_prunes
    assert concerned_since(before) == {institution.pk}


def test_number_that_the_log_never_gave_reaches_nowhere():
    newest = number()
    assert [concerned_since(newest + 1), concerned_since(0), concerned_since(newest)] == [None, None, set()]


def test_log_without_epoch_or_rows_has_no_position():
    newest = number() and position()
    LoggedChange.objects.all().delete()
    assert position() is None
    begin_epoch()
    assert (number() and position()) > newest
    LogEpoch.objects.all().delete()
    assert position() is None


def test_new_epoch_outdates_every_position():
    before, (old_epoch, _number) = number(), position()
    begin_epoch()
    connection.check_constraints()
    epoch, newest = position()
    assert (epoch != old_epoch, newest > before, concerned_since(before)) == (True, True, None)
