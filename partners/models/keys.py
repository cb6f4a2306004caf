"""Primary keys: their range, and a lookup for more of them than a query may have parameters."""

import json
from datetime import UTC

from django.db import connection
from django.db.models import BigIntegerField, CheckConstraint, ForeignKey, Lookup, Q
from django.utils.translation import get_language

MARK = [-1, -2]  # stands for the keys in compiled SQL; no table has these
KEYS_END = 2**32  # a roaring bitmap holds only numbers below this


def key_constraint(table):
    """Return the rule that keys fit into the bitmaps of an index; only plain SQL could write others."""
    return CheckConstraint(condition=Q(id__gte=0, id__lt=KEYS_END), name=f"{table}_key_fits_bitmap")


@BigIntegerField.register_lookup  # automatic keys are such, and what copies them
@ForeignKey.register_lookup
class Among(Lookup):
    """Compare a numeric key with a list of any length, passed as one parameter: `pk__among=[3, 5]`."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        """Unpack a JSON array; SQLite takes 32,766 parameters at most."""
        key, params = self.process_lhs(compiler, connection)
        return f"{key} IN (SELECT value FROM json_each(%s))", [*params, self.as_parameter(connection, self.rhs)]

    def as_postgresql(self, compiler, connection):
        """Compare with an array from a subquery: PostgreSQL takes long to plan a query that names each key."""
        key, params = self.process_lhs(compiler, connection)
        return f"{key} = ANY((SELECT %s::bigint[])::bigint[])", [*params, self.as_parameter(connection, self.rhs)]

    @staticmethod
    def as_parameter(connection, keys):
        """Return keys as the one parameter that the database takes."""
        return json.dumps(list(keys)) if connection.vendor == "sqlite" else f"{{{','.join(map(str, keys))}}}"


class PlainRows:
    """A query for plain rows, of some keys or of all, which Django compiles to SQL once and not each time.

    The SQL never changes, because `among` passes any number of keys as one parameter. Values come as the driver gives
    them: SQLite stores days as text in ISO 8601. Reading 25 rows takes half of what it would with SQL compiled anew,
    and a quarter of what model instances take: see “Tricks” in docs/performance.md.
    """

    def __init__(self, queryset):
        """Take a function that makes the queryset, with `values_list()`, from keys; it may depend on the language.

        The keys are None where all rows are asked for.
        """
        self.queryset = queryset
        self._compiled = {}

    def __call__(self, keys=None, limit=None):
        """Return the rows of the keys, or all, at most so many; one query."""
        cache_key = connection.vendor, get_language(), keys is None
        if cache_key not in self._compiled:
            self._compiled[cache_key] = self.queryset(None if keys is None else MARK).query.sql_with_params()
        sql, params = self._compiled[cache_key]
        if keys is not None:
            mark, value = (Among.as_parameter(connection, some) for some in (MARK, keys))
            params = [value if param == mark else param for param in params]
        if limit is not None:
            sql = f"{sql} LIMIT {limit:d}"
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()


def with_zone(moment):
    """Return a moment of plain rows with its zone, which SQLite does not store: it is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
