"""Numbers on a page, each with the list it counts."""

from django.utils.translation import npgettext

from ..facets import Figure
from ..lists.filters import InstitutionFilter


def institutions(**question):
    """Return the list of institutions that a question asks for: the path by which every number is counted."""
    return InstitutionFilter.asking(**question)


def figure(words, filterset):
    """Return the length of a list as a Figure, in words that agree with it (a function of it); one query at most."""
    number = filterset.results.count()
    return Figure(words(number), number, filterset.list_url())


def partners_in_words(number):
    """Return what stands beside a number of partners."""
    return npgettext("beside a number", "partner", "partners", number)


def institutions_in_words(number):
    """Return what stands beside a number of institutions."""
    return npgettext("beside a number", "institution", "institutions", number)


def labs_in_words(number):
    """Return what stands beside a number of labs."""
    return npgettext("beside a number", "lab", "labs", number)


def signed_in_words(number):
    """Return what stands beside a number of agreements that are signed."""
    return npgettext("beside a number", "agreement signed", "agreements signed", number)


def expected_in_words(number):
    """Return what stands beside a number of agreements whose signature is expected."""
    return npgettext("beside a number", "agreement expected", "agreements expected", number)
