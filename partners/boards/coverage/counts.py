"""How many institutions take part in each role in each country."""

from collections import Counter, defaultdict

from ...models import State

COVERING_STATES = (State.OPERATIONAL, State.PLANNED, State.NOT_STATED)
EVERYWHERE = ""  # the code of the place that counts every country, and those whose country is not stated


def count_takers(filterset, roles, states, only_standing=None):
    """Return (number of institutions, {(role code, place code): Counter of "total" and of each state}).

    No query where the filterset's results come from an index, else two. A missing pair counts zero.
    """
    total, found = filterset.results.takers(roles, states, only_standing)
    counts = defaultdict(Counter)
    for role, country, numbers in found:
        counts[role, country].update(numbers)
        counts[role, EVERYWHERE].update(numbers)  # an institution has one country, so the countries add up
    return total, counts
