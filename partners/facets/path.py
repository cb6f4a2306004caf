"""The way from a row of a list to a column that a facet reads."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, Field, Model, Q
from django.db.models.sql import Query


@dataclass(frozen=True)
class Path:
    """The relations between a row and a column, and the column: `labs__city__slug`.

    Where the last name is a relation, the column is what it refers to.
    """

    relations: tuple[Field, ...]
    column: Field

    @classmethod
    def of(cls, model: type[Model], name: str) -> "Path":
        """Follow a path as querysets write it.

        :raises FieldDoesNotExist: where it leads nowhere.
        """
        relations, column = [], None
        for part in name.split("__"):
            field = (relations[-1].related_model if relations else model)._meta.get_field(part)
            if field.is_relation:
                relations.append(field)
                column = field.target_field if field.many_to_one or field.one_to_one else field.related_model._meta.pk
            else:
                column = field
        return cls(tuple(relations), column)

    @cached_property
    def is_many_valued(self) -> bool:
        """Say whether a row may have several values."""
        return any(field.one_to_many or field.many_to_many for field in self.relations)

    @cached_property
    def may_be_empty(self) -> bool:
        """Say whether a row may have no value, or an empty text."""
        return self.column.null or self.column.blank or any(field.null for field in self.relations)

    @cached_property
    def back(self) -> str:
        """Return the path from the rows that hold the column to the rows of the list: `labs__institution`."""
        return "__".join(field.remote_field.name for field in reversed(self.relations))

    @cached_property
    def leads_back(self) -> bool:
        """Say whether `back` is a path that querysets can follow."""
        return not any(getattr(field.remote_field, "hidden", False) for field in self.relations)

    @cached_property
    def reads(self) -> list[tuple[type[Model], str]]:
        """Return (model, name of the field) of every column that decides which values a row has."""
        columns = [(self.column.model, self.column.name)]
        for field in self.relations:
            if field.many_to_many:
                through = getattr(field, "through", None) or field.remote_field.through
                columns += [(through, key.name) for key in through._meta.fields if key.is_relation]
            else:
                holder = field if field.concrete else field.remote_field
                columns.append((holder.model, holder.name))
        return columns

    def ways_to(self, model: type[Model]) -> list[str]:
        """Return each part of the path that begins at the row and ends at a model."""
        names = [field.name for field in self.relations]
        return [
            "__".join(names[: place + 1]) for place, field in enumerate(self.relations) if field.related_model is model
        ]


def columns_in(part, query):
    """Yield the names of the columns that a part of an expression or of a condition names, without look-ups."""
    if isinstance(part, F):
        yield part.name
    elif isinstance(part, tuple):  # a condition, such as `("website__startswith", "https:")`
        _lookups, path, _reference = query.solve_lookup_type(part[0])
        yield "__".join(path)
        yield from columns_in(part[1], query)
    elif isinstance(part, Q):
        for child in part.children:
            yield from columns_in(child, query)
    elif hasattr(part, "get_source_expressions") and not isinstance(part, Query):  # which has columns of its own
        for child in part.get_source_expressions():
            yield from columns_in(child, query)
