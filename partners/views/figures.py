"""Numbers on a page, each with the list it counts."""

from django.utils.translation import npgettext

from ..facets import NONE, Figure
from ..lists.filters import InstitutionFilter, LabFilter
from ..models import Standing

# The question of current partners: not of who may join yet, nor of who is suspended or has left.
CURRENT_PARTNERS = {"partner": ["partner"], "standing": [NONE, Standing.EXPECTED, Standing.SIGNED]}


def institutions(**question):
    """Return the list of institutions that a question asks for: the path by which every number is counted."""
    return InstitutionFilter.asking(**question)


def figure(words, filterset):
    """Return the length of a list as a Figure, in words that agree with it (a function of it); two queries at most."""
    number = filterset.results.count()
    return Figure(words(number), number, filterset.list_url())


def of_directory(partners):
    """Return the figures of the whole directory: current partners, agreements, who may join and who has left, labs.

    No query where there are indexes, else three.

    :param partners: a valid filterset of all partners, whatever their standing; nobody else has one.
    """
    numbers = partners.counts("standing")

    def of(words, *standings):
        number = sum(numbers.get(standing, 0) for standing in standings)
        return Figure(words(number), number, partners.list_url(partner=None, standing=standings))

    number = sum(numbers.get(standing, 0) for standing in CURRENT_PARTNERS["standing"])
    return [
        Figure(current_partners_in_words(number), number, partners.list_url(**CURRENT_PARTNERS)),
        of(signed_in_words, Standing.SIGNED),
        of(expected_in_words, Standing.EXPECTED),
        of(prospects_in_words, Standing.PROSPECT),
        of(past_in_words, Standing.SUSPENDED, Standing.FORMER),
        figure(labs_in_words, LabFilter.asking()),
    ]


def current_partners_in_words(number):
    """Return what stands beside a number of partners, prospects and those who are suspended or have left aside."""
    return npgettext("beside a number", "current partner", "current partners", number)


def prospects_in_words(number):
    """Return what stands beside a number of institutions that may become partners."""
    return npgettext("beside a number", "prospect", "prospects", number)


def past_in_words(number):
    """Return what stands beside a number of partners that are suspended or have left."""
    return npgettext("beside a number", "suspended or former", "suspended or former", number)


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
