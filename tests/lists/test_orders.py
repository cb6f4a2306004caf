"""The order of a list: total whatever it goes by, and the same on every database."""

import pytest

from partners.lists.filters import InstitutionFilter
from partners.models import Institution
from tests.support.directory import make_directory
from tests.support.factories import make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory():
    make_directory(seed=1)


@pytest.mark.parametrize("sort", ["name", "country", "verified", "newest"])
def test_order_is_total_whatever_the_sort(directory, sort):
    filterset = InstitutionFilter.asking(sort=[sort])
    keys = list(filterset.in_order().values_list("pk", flat=True))

    pages = [
        key
        for start in range(0, len(keys), 7)
        for key in filterset.in_order()[start : start + 7].values_list("pk", flat=True)
    ]

    assert pages == keys


def test_names_order_alike_on_every_database():
    names = ["Zeta", "école", "Eclair", "Ёлка", "Иваново", "zebra", "Ábc", "清华", "_x", "Élan"]
    for name in names:
        make_institution(name=name)

    found = [institution.name for institution in Institution.objects.in_order("name")]

    assert found == ["Ábc", "Eclair", "école", "Élan", "Ёлка", "Иваново", "清华", "_x", "zebra", "Zeta"]
