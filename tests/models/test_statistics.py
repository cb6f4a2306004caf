"""The database knows how many rows it has, so that it plans to read them in the quickest way."""

import pytest
from django.core.management import call_command
from django.db import connection

from partners.models import Institution
from tests.support.factories import make_institution
from tests.support.ror import SLICE, load

pytestmark = pytest.mark.django_db


def rows_by_statistics():
    """Return how many institutions there are, as the database's plans have it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT stat FROM sqlite_stat1 WHERE idx = 'institution_by_name'")
        else:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'partners_institution'")
        ((found,),) = cursor.fetchall()
    return int(found.split()[0]) if connection.vendor == "sqlite" else found


def test_rows_are_counted_after_an_import_and_daily():
    load(SLICE)
    assert rows_by_statistics() == Institution.objects.count() == 500

    make_institution()
    call_command("tidy")

    assert rows_by_statistics() == Institution.objects.count() == 501
