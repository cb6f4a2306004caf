"""The change log among several connections: numbers in the order of the commits, and none from what never was."""

import os
import queue
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from partners.models import (
    City,
    CityName,
    Country,
    Institution,
    InstitutionName,
    Lab,
    LoggedChange,
    Participation,
    Role,
    changed_since,
    missing_triggers,
    position,
    read_snapshot,
)
from tests.support import factories
from tests.support.change_log import concerned_since

pytestmark = pytest.mark.django_db(transaction=True)

DEADLINE = 30  # seconds; only a test that hangs meets it


def newest():
    """Return the newest number."""
    return position()[1]


def last_but_one():
    """Return the number before the newest; there are gaps between numbers."""
    return LoggedChange.objects.order_by("-number").values_list("number", flat=True)[1]


def in_thread(work):
    """Return work that closes the connection of its thread when it is done."""

    def run(*arguments):
        with closing(connection):
            return work(*arguments)

    return run


def test_every_change_is_seen_by_a_reader_that_follows_the_numbers(database_url):
    institutions = [factories.make_institution().pk for _number in range(6)]
    start = threading.Barrier(len(institutions) + 1, timeout=DEADLINE)
    done = threading.Event()
    rounds = 25

    def write(writer):
        start.wait()
        for turn in range(rounds):
            with transaction.atomic():
                # Another lap for each writer, so that who writes first does not commit first.
                for lap in range(1 + (writer * 7 + turn * 3) % 5):
                    Institution.objects.filter(pk=institutions[writer]).update(founded=1000 + turn * 10 + lap)
                transaction.set_rollback(turn % 4 == 3)

    def read():
        """Keep a copy of the years as the index would, and return it with every number that was seen."""
        with read_snapshot():
            numbers = [newest()]
            copy = dict(Institution.objects.values_list("pk", "founded"))
        start.wait()
        finished = False
        while not finished:
            finished = done.is_set()  # before the last look
            with read_snapshot():
                number = newest()
                keys = concerned_since(numbers[-1])
                copy |= dict(Institution.objects.filter(pk__in=keys).values_list("pk", "founded"))
                assert copy == dict(Institution.objects.values_list("pk", "founded"))
            numbers.append(number)
        return numbers

    with ThreadPoolExecutor(len(institutions) + 1) as pool:
        reader = pool.submit(in_thread(read))
        writers = [pool.submit(in_thread(write), writer) for writer in range(len(institutions))]
        try:
            for writer in writers:
                writer.result(DEADLINE)
        finally:
            done.set()
        numbers = reader.result(DEADLINE)
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 1


def test_rollback_leaves_the_position(database_url):
    institution = factories.make_institution()
    before = position()
    with transaction.atomic():
        institution.save()
        connection.check_constraints()
        transaction.set_rollback(True)
    assert (position(), concerned_since(before[1])) == (before, set())
    institution.save()
    assert concerned_since(before[1]) == {institution.pk}


KILLED = """
import django, sys
django.setup()
from django.db import connection, transaction
from partners.models import Institution
with transaction.atomic():
    Institution.objects.update(founded=1804)
    connection.check_constraints()
    print("written", flush=True)
    sys.stdin.read()
"""


def test_killed_writer_leaves_nothing(database_url):
    institution = factories.make_institution()
    before = position()
    environment = os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "consortium.settings"}
    command = [sys.executable, "-c", KILLED]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "written\n"
        writer.send_signal(signal.SIGKILL)
    institution.save()
    assert concerned_since(before[1]) == {institution.pk}
    assert not Institution.objects.filter(founded=1804).exists()


def test_flush_renews_the_epoch():
    epoch, _number = position()
    call_command("flush", interactive=False, verbosity=0)
    assert position()[0] != epoch  # its numbers begin again, and are compared within one epoch only


ALTERED = {
    Institution: "name",
    InstitutionName: "value",
    Lab: "name",
    Participation: "note",
    City: "name",
    CityName: "value",
    Country: "label",
    Role: "name",
}


def alter(model, old, new):
    """Alter a column as a migration does; SQLite makes the table anew, without its triggers."""
    with connection.schema_editor() as editor:
        editor.alter_field(model, old, new)
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")


@pytest.mark.parametrize("model", ALTERED)
def test_altered_table_is_logged_again(model):
    city = factories.make_city(country=factories.make_country())
    lab = factories.make_lab(factories.make_institution(city=city))
    factories.make_name(lab.institution)
    factories.make_participation(lab=lab)
    factories.make_city_name(city)
    field = model._meta.get_field(ALTERED[model])
    wider = field.clone()
    wider.max_length += 1
    wider.set_attributes_from_name(field.name)
    epoch, _number = position()
    alter(model, field, wider)
    try:
        assert missing_triggers() == []
        assert position()[0] != epoch  # because edits went unnoticed while the triggers were gone
        before = newest()
        model.objects.first().save()
        shared = model in {City, CityName, Country, Role}
        assert changed_since(before) == ((set(), True) if shared else ({lab.institution_id}, False))
    finally:
        alter(model, wider, field)


def test_log_of_an_earlier_form_is_left_to_the_code_that_knows_it():
    institution = factories.make_institution()
    loader = MigrationLoader(connection)
    migration = loader.get_migration("partners", "0011_shared_changes")
    earlier = loader.project_state(("partners", "0010_keys_and_city_slug"))
    with connection.schema_editor() as editor:  # as `migrate partners 0010` does, without making each later table anew
        migration.unapply(earlier, editor)
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default", apps=earlier.apps)
    try:
        institution.save()  # no trigger asks for what is not there
    finally:
        with connection.schema_editor() as editor:
            migration.apply(earlier, editor)
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    before = newest()
    institution.save()
    assert missing_triggers() == []
    assert concerned_since(before) == {institution.pk}


if connection.vendor == "postgresql":  # SQLite has one writer at a time

    def is_waiting(backend):
        """Say whether a connection waits for a lock."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid = %s)", [backend])
            return cursor.fetchone()[0]

    @pytest.fixture
    def begin(database_url):
        """Commit something in a thread; return its future, and whether it came to wait for a lock of ours."""
        with ThreadPoolExecutor(1) as pool:
            backends = queue.SimpleQueue()

            def run(work):
                with transaction.atomic():
                    backends.put(connection.connection.info.backend_pid)
                    work()

            def begin(work):
                future = pool.submit(in_thread(run), work)
                backend = backends.get(timeout=DEADLINE)
                while not (future.done() or is_waiting(backend)):
                    pass
                return future, not future.done()

            yield begin

    def test_earlier_writer_that_commits_later_gets_the_higher_number(begin):
        first, second = factories.make_institution(), factories.make_institution()
        before = newest()
        with transaction.atomic():
            first.save()
            future, waited = begin(second.save)
        future.result(DEADLINE)
        assert not waited
        assert concerned_since(before) == {first.pk, second.pk}
        assert concerned_since(last_but_one()) == {first.pk}

    def test_commits_queue_for_their_numbers(begin):
        first, second = factories.make_institution(), factories.make_institution()
        before = newest()
        with transaction.atomic():
            first.save()
            connection.check_constraints()  # draws the number, as the commit would
            future, waited = begin(second.save)
        future.result(DEADLINE)
        assert waited
        assert concerned_since(before) == {first.pk, second.pk}
        assert concerned_since(last_but_one()) == {second.pk}

    def test_commit_that_waits_for_a_row_holds_up_no_other(begin):
        """The check of a foreign key waits for the lock on its row; who holds that lock must be able to commit."""
        institution = factories.make_institution()

        def add_names():
            factories.make_name()
            factories.make_name(institution)

        with transaction.atomic():
            Institution.objects.select_for_update().get(pk=institution.pk)
            future, waited = begin(add_names)
            institution.save()
        future.result(DEADLINE)
        assert waited
        assert institution.names.count() == 1
