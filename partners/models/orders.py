"""What a list can be ordered by."""

import datetime
from dataclasses import dataclass

from django.db.models import F
from django.db.models.expressions import OrderBy


@dataclass(frozen=True)
class Rank:
    """The first thing an order goes by; ties go by name, then primary key, and what is not known comes last."""

    expression: object
    descending: bool = False
    nullable: bool = True

    def terms(self):
        """Return the arguments of `order_by()`."""
        nulls_last = True if self.nullable else None
        return [OrderBy(self.expression, descending=self.descending, nulls_last=nulls_last), *BY_NAME]

    def place(self, value):
        """Return what sorts in Python as `terms()` does in the database."""
        if value is None:
            return (1,)
        if isinstance(value, datetime.datetime):
            value = value.timestamp()
        elif isinstance(value, datetime.date):
            value = value.toordinal()
        return (0, -value if self.descending else value)


BY_NAME = [F("sort_key"), F("pk")]


def order_terms(rank):
    """Return the arguments of `order_by()` for a rank, or for the order by name where there is none."""
    return BY_NAME if rank is None else rank.terms()
