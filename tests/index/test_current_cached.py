"""What a process caches from one request to the next, and when that is outdated."""

import pytest
from django.utils.translation import get_language, override

from partners.index import current
from partners.lists.filters import InstitutionFilter
from partners.models import Institution
from tests.support.factories import make_institution, make_role

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_read_is_cached_for_each_language_until_a_shared_row_changes():
    languages = []

    @current.cached_for_shared_rows
    def read():
        languages.append(get_language())
        return get_language()

    def read_in(*several):
        for language in several:
            with current.in_snapshot(), override(language):
                assert read() == language

    read_in("en", "ru", "en", "ru")
    assert languages == ["en", "ru"]
    make_role()
    read_in("ru", "en", "ru")
    assert languages == ["en", "ru", "ru", "en"]


def test_few_changed_institutions_are_read_anew_and_one_more_makes_the_index_anew(monkeypatch):
    first, second, third = (make_institution() for _number in range(3))
    built, build = [], current.built
    monkeypatch.setattr(current, "LAYERED_AT_MOST", 2)
    monkeypatch.setattr(current, "built", lambda *arguments: built.append(arguments) or build(*arguments))

    numbers = []
    for edited in (None, first, second, first, third, third):
        Institution.objects.filter(pk=edited and edited.pk).update(name="Edited")
        with current.in_snapshot():
            assert current.index_of(InstitutionFilter) is not None
        numbers.append(len(built))
    assert numbers == [1, 1, 1, 1, 2, 2]
