"""The editors' screens, one module a topic."""

from . import consortium, contacts, institutions, labs, logos, operations, participations, places, roles

__all__ = ["consortium", "contacts", "institutions", "labs", "logos", "operations", "participations", "places", "roles"]
