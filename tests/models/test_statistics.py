"""The database knows how many rows it has, so that it plans to read them in the quickest way."""

import pytest
from django.core.management import call_command

from partners.models import Institution
from tests.support.factories import make_institution
from tests.support.ror import SLICE, load
from tests.support.statistics import rows_by_statistics

pytestmark = pytest.mark.django_db


def test_rows_are_counted_after_an_import_and_daily():
    load(SLICE)
    assert rows_by_statistics() == Institution.objects.count() == 500

    make_institution()
    call_command("tidy")

    assert rows_by_statistics() == Institution.objects.count() == 501
