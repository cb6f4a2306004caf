"""What a list can be ordered by."""

from dataclasses import dataclass

from django.db.models import F, TextField
from django.db.models.expressions import OrderBy
from django.db.models.functions import Cast


@dataclass(frozen=True)
class Rank:
    """What an order goes by first; ties go by name, then primary key, and unknown values come last."""

    expression: object
    descending: bool = False
    nullable: bool = True

    def terms(self):
        """Return the arguments of `order_by()`."""
        nulls_last = True if self.nullable else None
        return [OrderBy(self.expression, descending=self.descending, nulls_last=nulls_last), *BY_NAME]

    def column(self):
        """Return the expression as text, which sorts as its value does: names, days and times, these in UTC.

        SQLite stores days and times as text; to make objects of them would take most of the time of reading a list.
        """
        return Cast(self.expression, TextField())


BY_NAME = [F("sort_key"), F("pk")]


def order_terms(rank):
    """Return the arguments of `order_by()` for a rank, or for the order by name where there is none."""
    return BY_NAME if rank is None else rank.terms()
