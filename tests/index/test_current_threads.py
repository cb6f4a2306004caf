"""One index, several threads: one builds it, nobody sees half an edit."""

import threading

import pytest
from django.db import connection, transaction

from partners.index import current
from partners.lists.filters import InstitutionFilter
from partners.models import Institution
from tests.support.factories import make_institution, make_participation, make_role
from tests.support.index import read

pytestmark = pytest.mark.django_db(transaction=True)


def test_only_one_thread_builds_and_the_others_ask_sql():
    make_institution()
    with current._building, current.in_snapshot():
        assert current.index_of(InstitutionFilter) is None
    assert read()


def test_texts_asked_for_while_an_index_is_built_wait_for_that_one(monkeypatch):
    make_institution(name="Kazan")
    build, made, found = current.built, [], []

    def counted(*args, **kwargs):
        made.append(args)
        return build(*args, **kwargs)

    def search():
        try:
            with current.in_snapshot():
                found.append(InstitutionFilter.asking(q=["kazan"]).results.count())
        finally:
            connection.close()

    monkeypatch.setattr(current, "built", counted)
    threads = [threading.Thread(target=search) for _number in range(4)]
    with current._building:
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join()

    assert found == [1] * 4
    assert len(made) == 1


def test_readers_in_threads_never_see_half_an_edit():
    """Every edit changes one institution's role and another's name; whoever reads sees both or neither."""
    role, first, second = make_role(code="vector"), make_institution(slug="first"), make_institution(slug="second")
    seen, done = [], threading.Event()

    def look():
        try:
            while not done.is_set():
                with current.in_snapshot():
                    takers = InstitutionFilter.asking(role=["vector"]).results.count()
                    named = InstitutionFilter.asking(q=["marked"]).results.count()
                seen.append((takers, named))
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _number in range(3)]
    for thread in threads:
        thread.start()
    for number in range(40):
        with transaction.atomic():
            if number % 2:
                first.participations.all().delete()
                name = "Plain"
            else:
                make_participation(first, role)
                name = "Marked"
            Institution.objects.filter(pk=second.pk).update(name=name)  # which leaves no former name
    done.set()
    for thread in threads:
        thread.join()

    assert seen
    assert set(seen) <= {(0, 0), (1, 1)}
