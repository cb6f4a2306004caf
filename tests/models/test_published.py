"""How SQLite finds what everybody may see: it reads an index that has nothing else, and no row."""

import pytest
from django.db import connection
from django.db.models import Count

from partners.models import Institution

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows each value when it plans")


@pytest.mark.parametrize("column", ["kind", "standing", "country", "city", "city__slug"])
@pytest.mark.django_db
def test_the_listed_are_counted_in_an_index_alone(column):
    counted = Institution.objects.published().order_by().values(column).annotate(number=Count("pk"))
    sql, params = counted.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SELECT rootpage, type FROM sqlite_master WHERE tbl_name = 'partners_institution'")
        kinds = dict(cursor.fetchall())
        cursor.execute(f"EXPLAIN {sql}", params)
        steps = [row[1:6] for row in cursor.fetchall()]  # (opcode, p1, p2, p3, p4) of SQLite's virtual machine
    read = {opened: kinds[root] for opcode, opened, root, *_rest in steps if opcode == "OpenRead" and root in kinds}
    looked_at = {read[opened] for opcode, opened, *_rest in steps if opcode == "Column" and opened in read}
    assert looked_at == {"index"}  # and no row of the table
