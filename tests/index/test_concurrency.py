"""The index among several processes: it never differs from SQL, whoever writes, reads or dies meanwhile."""

import json
import os
import random
import select
import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import ExitStack

import pytest
from django.db import connection, transaction

from partners.models import Institution, InstitutionName, position
from tests.support.directory import make_directory
from tests.support.factories import make_institution, make_lab, make_name
from tests.support.index_process import look

pytestmark = pytest.mark.django_db(transaction=True)

DEADLINE = 60  # seconds; only a test that hangs meets it
START = "import django; django.setup(); from tests.support.index_process import main; main()"
DEVELOPMENT = {"DEBUG": "1", "HTTPS": "0", "ALLOWED_HOSTS": "localhost"}  # pages without collected files or redirects


@pytest.fixture
def start(database_url):
    """Set a process to some work of `index_process`; it ends with the test, and the test ends when it hangs."""
    processes = []

    def kill():
        for process in processes:
            process.kill()

    def start(*work):
        environment = os.environ | DEVELOPMENT | {"DATABASE_URL": database_url}
        command = [sys.executable, "-c", START, *map(str, work)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}  # a line at a time
        processes.append(pipes_closed.enter_context(subprocess.Popen(command, env=environment, **pipes)))
        return processes[-1]

    watch = threading.Timer(DEADLINE, kill)
    watch.start()
    with ExitStack() as pipes_closed:
        yield start
        watch.cancel()
        kill()


def tell(process, thing="go on"):
    """Write a line to a process."""
    process.stdin.write(json.dumps(thing) + "\n")


def heard(process):
    """Return what a process says next, or nothing where it has ended."""
    line = process.stdout.readline()
    return json.loads(line) if line else None


def ask(process, **question):
    """Return who answers a question in another process, and the slugs."""
    tell(process, question)
    return heard(process)


def test_index_and_sql_never_differ_while_processes_write_and_read(start):
    make_directory(seed=random.getrandbits(32), institutions=40)
    writers = [start("edit", random.getrandbits(32)) for _number in range(3)]
    readers = [start("compare", random.getrandbits(32)) for _number in range(2)]

    assert [reader.wait() for reader in readers] == [0, 0]
    for writer in writers:
        writer.stdin.close()
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    done = sum((Counter(heard(process)) for process in [*readers, *writers]), Counter())
    assert done["IndexResults"] > done["SqlResults"]
    assert min(done["committed"], done["rolled back"]) > 0


def test_unpublished_institution_is_in_no_later_answer_of_any_process(start):
    """Each visitor reads what is hidden, asks a page, and must not find any of it there."""
    institutions = [make_institution(name="Kazan", slug=f"entry-{number:02}") for number in range(8)]
    for institution in institutions:
        make_lab(institution)
    visitors = [start("visit") for _number in range(2)]

    rounds = [[heard(visitor)] for visitor in visitors]
    for institution in institutions:
        institution.is_published = False
        institution.save()
        for visitor, shown in zip(visitors, rounds, strict=True):
            shown.append(heard(visitor))
    for visitor, shown in zip(visitors, rounds, strict=True):
        shown += map(json.loads, visitor.stdout)
        assert (shown[0], shown[-1]) == (len(institutions), 0)
        assert shown == sorted(shown, reverse=True)
        assert visitor.wait() == 0


def test_killed_writer_leaves_nothing_in_the_index(start):
    for number in range(60):
        make_name(make_institution(name=f"Before {number}", slug=f"entry-{number}"), value="Прежде")
    reader, writer = start("answer_questions"), start("hold", "", "numbered")
    everything = ask(reader, q=["before"])
    assert everything == ["IndexResults", sorted(f"entry-{number}" for number in range(60))]
    before = position()

    assert heard(writer) == "written"
    assert ask(reader, q=["before"]) == everything
    writer.send_signal(signal.SIGKILL)
    assert writer.wait() == -signal.SIGKILL

    assert ask(reader, q=["before"]) == ask(reader, q=["прежде"]) == everything
    assert ask(reader, q=["held"]) == ["IndexResults", []]
    assert position() == before
    InstitutionName.objects.filter(institution__slug="entry-7").update(value="Новое")
    assert ask(reader, q=["новое"]) == ["IndexResults", ["entry-7"]]


def test_reader_killed_in_the_middle_harms_nobody(start):
    make_institution(slug="first")
    reader = start("answer_questions")
    victims = [start("stall", looks) for looks in (0, 1)]  # one builds its index, one brings it up to date
    assert ask(reader) == ["IndexResults", ["first"]]
    assert [heard(victim) for victim in victims] == ["ready", "ready"]
    make_institution(slug="second")
    for victim in victims:
        tell(victim)
    assert [heard(victim) for victim in victims] == ["reading", "reading"]

    make_institution(slug="third")
    assert ask(reader) == ["IndexResults", ["first", "second", "third"]]
    for victim in victims:
        victim.send_signal(signal.SIGKILL)
    assert [victim.wait() for victim in victims] == [-signal.SIGKILL, -signal.SIGKILL]

    Institution.objects.filter(slug="first").delete()
    assert ask(reader) == ask(start("answer_questions")) == ["IndexResults", ["second", "third"]]


def test_edit_after_a_rolled_back_one_is_seen_and_the_other_never(start):
    """SQLite gives the number of the one that was rolled back to the next one."""
    make_institution(slug="stays")
    reader = start("answer_questions")
    assert ask(reader) == look({}) == ["IndexResults", ["stays"]]

    with transaction.atomic():
        make_institution(slug="never")
        connection.check_constraints()  # draws PostgreSQL's number, as the commit would
        assert look({}) == ["SqlResults", ["never", "stays"]]
        assert ask(reader) == ["IndexResults", ["stays"]]
        transaction.set_rollback(True)
    assert ask(reader) == look({}) == ["IndexResults", ["stays"]]

    make_institution(slug="next")
    assert ask(reader) == look({}) == ["IndexResults", ["next", "stays"]]


if connection.vendor == "postgresql":  # SQLite has one writer at a time

    @pytest.fixture
    def reader(start):
        """Answer questions in another process, about two institutions."""
        for slug in ("first", "second"):
            make_institution(name="Before", slug=slug)
        reader = start("answer_questions")
        assert ask(reader, q=["before"]) == ["IndexResults", ["first", "second"]]
        return reader

    def test_writer_that_began_first_and_commits_last_is_seen(start, reader):
        """The index is brought up to date between the two commits."""
        writer = start("hold", "first", "unnumbered")
        assert heard(writer) == "written"
        Institution.objects.filter(slug="second").update(name="Held")
        assert ask(reader, q=["held"]) == ["IndexResults", ["second"]]

        tell(writer)
        assert heard(writer) == "committed"
        assert ask(reader, q=["held"]) == ["IndexResults", ["first", "second"]]

    def is_waiting_for_its_number():
        """Say whether a commit waits for another one."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'advisory')")
            return cursor.fetchone()[0]

    def test_commit_that_overtakes_another_hides_nothing_of_it(start, reader):
        first, second = start("hold", "first", "numbered"), start("hold", "second", "unnumbered")
        assert (heard(first), heard(second)) == ("written", "written")
        tell(second)
        while not (is_waiting_for_its_number() or select.select([second.stdout], [], [], 0)[0]):
            pass
        assert ask(reader, q=["before"])[0] == "IndexResults"  # whether or not it is overtaken

        tell(first)
        assert (heard(first), heard(second)) == ("committed", "committed")
        assert ask(reader, q=["held"]) == ["IndexResults", ["first", "second"]]
