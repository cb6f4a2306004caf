"""What columns of text hold."""

import unicodedata

import pytest

from partners.models import Institution, InstitutionName
from tests.support.factories import make_institution, make_lab, make_name

pytestmark = pytest.mark.django_db
LODZ = "Łódź Йога"
APART = unicodedata.normalize("NFD", LODZ)


@pytest.mark.parametrize("write", ["save", "bulk_create", "update"])
def test_what_is_stored_is_composed_whoever_writes(write):
    row = make_institution(name=APART if write == "save" else "Other", summary=APART)
    if write == "bulk_create":
        Institution.objects.bulk_create([Institution(name=APART, slug="bulk", kind=row.kind)])
    elif write == "update":
        Institution.objects.filter(pk=row.pk).update(name=APART)
    assert list(Institution.objects.filter(name=LODZ).values_list("name", flat=True)) == [LODZ]
    assert Institution.objects.filter(summary=LODZ).exists()


def test_who_asks_decomposed_finds_what_is_stored_composed():
    row = make_name(make_institution(), value=LODZ)
    assert InstitutionName.objects.get(value=APART) == row


def test_a_checked_row_is_composed_before_it_is_compared():
    lab = make_lab(make_institution())
    lab.name = APART
    lab.full_clean()
    assert lab.name == LODZ
