"""A lookup for more keys than a query has parameters."""

import json

from django.db.models import BigAutoField, ForeignKey, Lookup


@BigAutoField.register_lookup
@ForeignKey.register_lookup
class Among(Lookup):
    """Compare a numeric key with a list of any length, passed as one parameter: `pk__among=[3, 5]`."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        """Unpack a JSON array; SQLite takes 32,766 parameters at most."""
        key, params = self.process_lhs(compiler, connection)
        return f"{key} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(list(self.rhs))]

    def as_postgresql(self, compiler, connection):
        """Compare with an array."""
        key, params = self.process_lhs(compiler, connection)
        return f"{key} = ANY(%s::bigint[])", [*params, list(self.rhs)]
