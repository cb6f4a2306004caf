"""Keys: their range, a lookup for more of them than a query may have parameters, and queries compiled once."""

import json
from datetime import UTC

from django.db import connection
from django.db.models import (
    BigIntegerField,
    BinaryField,
    BooleanField,
    CheckConstraint,
    DateField,
    DateTimeField,
    ForeignKey,
    Lookup,
    Q,
    SlugField,
)
from django.utils.translation import get_language

from .prepared import execute

MARK = [-1, -2]  # stands for the keys in compiled SQL; no table has these
KEYS_END = 2**32  # a roaring bitmap holds only numbers below this


def key_constraint(table):
    """Return the rule that keys fit into the bitmaps of an index; only plain SQL could write others."""
    return CheckConstraint(condition=Q(id__gte=0, id__lt=KEYS_END), name=f"{table}_key_fits_bitmap")


@BigIntegerField.register_lookup  # automatic keys are such, and what copies them
@ForeignKey.register_lookup
@SlugField.register_lookup
class Among(Lookup):
    """Compare a numeric key or a slug with a list of any length, passed as one parameter: `pk__among=[3, 5]`."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        """Unpack a JSON array; SQLite takes 32,766 parameters at most."""
        key, params = self.process_lhs(compiler, connection)
        return f"{key} IN (SELECT value FROM json_each(%s))", [*params, self.as_parameter(connection, self.rhs)]

    def as_postgresql(self, compiler, connection):
        """Compare with an array from a subquery: PostgreSQL takes long to plan a query that names each key."""
        key, params = self.process_lhs(compiler, connection)
        kind = "text" if isinstance(self.lhs.output_field, SlugField) else "bigint"
        return f"{key} = ANY((SELECT %s::{kind}[])::{kind}[])", [*params, self.as_parameter(connection, self.rhs)]

    @staticmethod
    def as_parameter(connection, keys):
        """Return keys as the one parameter that the database takes; a slug has no sign that either form escapes."""
        listed = json.dumps(list(keys))
        return listed if connection.vendor == "sqlite" else f"{{{listed[1:-1]}}}"


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
        """Return the rows of the keys, or all, at most so many; one query, none where there are no keys."""
        if keys is not None and not keys:
            return []
        cache_key = connection.vendor, get_language(), keys is None
        if cache_key not in self._compiled:
            self._compiled[cache_key] = self.queryset(None if keys is None else MARK).query.sql_with_params()
        sql, params = self._compiled[cache_key]
        mark, value = (Among.as_parameter(connection, some) for some in (MARK, keys or ()))
        if limit is not None:
            sql = f"{sql} LIMIT {limit:d}"
        with connection.cursor() as cursor:
            execute(cursor, sql, params, mark, value)
            return cursor.fetchall()


class Instances:
    """The same as instances of a model, with what they refer to; a third of what a query costs that is compiled anew.

    Moments and pictures are left until somebody asks for them.
    """

    def __init__(self, model, queryset, *related):
        """Take a function that makes the queryset from keys, and what its rows refer to, as `select_related()` does."""
        columns, self._parts, models = [], [], {"": model}
        for path in ("", *related):
            owner, _, name = path.rpartition("__")
            relation = models[owner]._meta.get_field(name) if name else None
            of_model = models[path] = relation.related_model if relation else model
            fields = [
                field for field in of_model._meta.concrete_fields if not isinstance(field, (DateTimeField, BinaryField))
            ]
            # SQLite stores days as texts, yes and no as numbers.
            stored = [
                (at, one.to_python) for at, one in enumerate(fields) if isinstance(one, (DateField, BooleanField))
            ]
            names, start = [field.attname for field in fields], len(columns)
            columns += [f"{path}__{name}" if path else name for name in names]
            self._parts.append((path, owner, relation, of_model, names, slice(start, len(columns)), stored))
        self._rows = PlainRows(lambda keys: queryset(keys).values_list(*columns))

    def __call__(self, keys=None):
        """Return the instances that the keys give, or all; one query, none where there are no keys."""
        return list(map(self._instance, self._rows(keys)))

    def _instance(self, row):
        made = {}
        for path, owner, relation, model, names, place, stored in self._parts:
            key, *_others = values = list(row[place])
            if key is None:
                made[path] = None
            else:
                for at, read in stored:
                    values[at] = read(values[at])
                made[path] = model.from_db(connection.alias, names, values)
            if relation and made[owner]:
                relation.set_cached_value(made[owner], made[path])
        return made[""]


def with_zone(moment):
    """Return a moment of plain rows with its zone, which SQLite does not store: it is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
