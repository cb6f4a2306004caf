"""Numbers on a page, each with the list it counts."""

from ..facets import Figure
from ..lists.filters import InstitutionFilter


def institutions(**question):
    """Return the list of institutions that a question asks for: the path by which every number is counted."""
    return InstitutionFilter.asking(**question)


def figure(label, filterset):
    """Return the length of a list as a Figure; one query at most."""
    return Figure(label, filterset.answer.count(), filterset.list_url())
