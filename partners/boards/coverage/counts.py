"""How many institutions take part in each role in each country: from the index in memory, or from the database."""

from collections import Counter, defaultdict

from django.db.models import Count, Q
from pyroaring import BitMap

from ...facets import NONE
from ...lists.answers import IndexAnswer
from ...models import Participation, State

COVERING_STATES = (State.OPERATIONAL, State.PLANNED, State.NOT_STATED)
EVERYWHERE = ""  # the code of the place that counts every country, and those whose country is not stated
PARTICIPATION = frozenset(["role", "state"])  # the filters that a board asks for itself


def count_takers(filterset, roles, states, only_standing=None):
    """Return (number of institutions, {(role code, place code): Counter of "total" and of each state}).

    No query where the filterset's answer is an index, else two. A pair that is missing counts nobody.
    """
    by = _count_in_index if isinstance(filterset.answer, IndexAnswer) else _count_in_database
    total, found = by(filterset, roles, states, only_standing)
    counts = defaultdict(Counter)
    for role, country, numbers in found:
        counts[role, country].update(numbers)
        counts[role, EVERYWHERE].update(numbers)  # an institution has one country, so the countries add up
    return total, counts


def _count_in_index(filterset, roles, states, only_standing):
    index, kept = filterset.answer.index, filterset.answer.found_without(PARTICIPATION)
    if only_standing:
        kept = kept & index.facets["standing"].having([only_standing])
    takers = index.facets["role"]
    countries = {code: keys & kept for code, keys in index.facets["country"].keys.items() if keys.intersect(kept)}

    def found():
        for role in roles:
            of_state = {state: takers.having([(role, state)]) for state in states}
            of_role = {"total": BitMap.union(BitMap(), *of_state.values()), **of_state}
            for country, keys in countries.items():
                numbers = {name: keys.intersection_cardinality(having) for name, having in of_role.items()}
                if numbers["total"]:
                    yield role, country, numbers

    everybody = takers.having((role, state) for role in roles for state in states)
    return kept.intersection_cardinality(everybody), found()


def _count_in_database(filterset, roles, states, only_standing):
    institutions = filterset.filter_queryset(filterset.queryset, without=PARTICIPATION)
    if only_standing:
        institutions = institutions.filter(standing=only_standing)
    rows = (
        institutions.filter(participations__role__in=roles, participations__state__in=states)
        .order_by()
        .values_list("participations__role", "country")
        .annotate(
            total=Count("pk", distinct=True),
            **{state: Count("pk", distinct=True, filter=Q(participations__state=state)) for state in states},
        )
    )
    names = ("total", *states)
    found = ((role, country or NONE, dict(zip(names, numbers, strict=True))) for role, country, *numbers in rows)
    takes_part = Participation.objects.filter(role__in=roles, state__in=states).values("institution")
    return institutions.filter(pk__in=takes_part).count(), found
