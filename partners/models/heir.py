"""Replaced entries and what stands in their place, over any number of replacements."""

from django.db.models import BigIntegerField, Func, Subquery


class Heir(Func):
    """The key of the last entry of a chain of replacements, from the key of its first one; a circle has none."""

    template = """(WITH RECURSIVE step (id) AS (
SELECT %(expressions)s UNION
SELECT passed.replaced_by_id FROM partners_institution AS passed JOIN step ON passed.id = step.id
) SELECT ended.id FROM step JOIN partners_institution AS ended ON ended.id = step.id
WHERE ended.replaced_by_id IS NULL)"""
    output_field = BigIntegerField()


class Replaced(Subquery):
    """The keys of all entries that lead to some, from a queryset of the keys of these."""

    template = """(WITH RECURSIVE gone (id) AS (
SELECT id FROM partners_institution WHERE replaced_by_id IN (%(subquery)s) UNION
SELECT before.id FROM partners_institution AS before JOIN gone ON before.replaced_by_id = gone.id
) SELECT id FROM gone)"""

    def as_postgresql(self, compiler, connection):
        """Let PostgreSQL expect ten of them: it would expect a thousand, and compile so dear a query each time."""
        return self.as_sql(compiler, connection, template=f"(SELECT unnest(ARRAY{self.template}))")
