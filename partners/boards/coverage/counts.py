"""How many institutions take part in each role in each country."""

from collections import defaultdict

from ...models import State

COVERING_STATES = (State.OPERATIONAL, State.PLANNED, State.NOT_STATED)
EVERYWHERE = ""  # the code of the place that counts every country, and those whose country is not stated


def count_takers(filterset, roles, states, only_standing=None):
    """Return (number of institutions, {(role code, place code): {"total" or a state: their number}}).

    No query where the filterset's results come from an index, else two. A missing pair counts zero.
    """
    total, found = filterset.results.takers(roles, states, only_standing)
    nobody = dict.fromkeys(["total", *State], 0)
    counts = defaultdict(nobody.copy)
    for role, country, numbers in found:
        counts[role, country] = nobody | numbers
        everywhere = counts[role, EVERYWHERE]
        for name, number in numbers.items():  # an institution has one country, so the countries add up
            everywhere[name] += number
    return total, counts
