"""What a list refuses when its class is made: facets that index and SQL would not count alike, orders without words."""

from functools import cache

from django.core.exceptions import FieldDoesNotExist, FieldError, ImproperlyConfigured

from ..facets import IndexedFilter, RelatedFacet, RoleFacet, StateFacet
from ..models.log.triggers import is_followed


def refuse_untrue_facets(filterset_class, filters):
    """Refuse the first facet that cannot be counted truly.

    :raises ImproperlyConfigured: saying which, and why.
    """
    for name, filter_ in filters.items():
        if isinstance(filter_, IndexedFilter) and (reason := _refusal(filterset_class, filters, name, filter_)):
            raise ImproperlyConfigured(f"{filterset_class.__name__}.{name} cannot be counted truly: {reason}")


def refuse_orders_without_words(filterset_class):
    """Refuse orders that nobody could choose.

    :raises ImproperlyConfigured: saying which.
    """
    words = dict(filterset_class._meta.form.base_fields["sort"].choices)
    if nameless := [order for order in filterset_class.orders if order not in words]:
        raise ImproperlyConfigured(
            f"{filterset_class.__name__} has orders without words, say what {', '.join(nameless)} is called: "
            f"in the choices of `sort`, {filterset_class._meta.form.__module__}."
        )


def _refusal(filterset_class, filters, name, filter_):
    if name in filterset_class._meta.form.base_fields:
        return f"“{name}” is a parameter that every list has."
    if isinstance(filter_, RoleFacet | StateFacet) and not {"role", "state"} <= filters.keys():
        return "roles and states are judged together: declare both, by the names role and state."
    model = filterset_class._meta.model
    try:
        reason = filter_.refusal(model)
    except (FieldDoesNotExist, FieldError) as error:
        return str(error)
    if reason:
        return reason
    for path in filter_.paths(model):
        for read, column in path.reads:
            if not is_followed(read, column):
                return f"the change log does not follow {read.__name__}.{column}, see models/log/triggers.py."
        if ways := _ways_elsewhere(filterset_class, path):
            is_end = ways == ["__".join(field.name for field in path.relations)]
            if not (is_end and isinstance(filter_, RelatedFacet) and hasattr(filter_.options, "rows")):
                return "drafts among other institutions would count: declare a RelatedFacet whose options are rows."
    return ""


@cache
def ways_elsewhere(filterset_class):
    """Return the paths by which rows of a list go by institutions that are not their owners."""
    facets = [filter_ for filter_ in filterset_class.base_filters.values() if isinstance(filter_, IndexedFilter)]
    paths = [path for filter_ in facets for path in filter_.paths(filterset_class._meta.model)]
    return {way for path in paths for way in _ways_elsewhere(filterset_class, path)}


def _ways_elsewhere(filterset_class, path):
    model, owner = filterset_class._meta.model, filterset_class.owner
    owners = model if owner == "pk" else model._meta.get_field(owner).related_model
    return [way for way in path.ways_to(owners) if way != owner]
