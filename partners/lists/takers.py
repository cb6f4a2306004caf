"""Who takes part in which role and where: one count for boards, by SQL and by an index.

Both ways return three things: how many institutions take part; {(role, country): {"total" or a state: their number}}
for the countries asked for and for `EVERYWHERE`; and {(role, state): country} where all of them are in one country.
"""

from collections import Counter, defaultdict
from itertools import product

from django.db.models import Count, Exists, OuterRef, Q

from ..facets import NONE
from ..models import Participation

EVERYWHERE = ""  # the place that counts every country, and those whose country is not stated


def takers_in_sql(institutions, roles, states, countries):
    """Count the takers among institutions, a queryset; two queries."""
    names, places = ("total", *states), (EVERYWHERE, *countries)
    rows = (
        institutions.filter(participations__role__in=roles, participations__state__in=states)
        .order_by()
        .values_list("participations__role", "country")
        .annotate(
            total=Count("pk", distinct=True),
            **{state: Count("pk", distinct=True, filter=Q(participations__state=state)) for state in states},
        )
    )
    numbers = {pair: Counter(dict.fromkeys(names, 0)) for pair in product(roles, places)}
    homes = defaultdict(set)
    for role, country, *of_names in rows:  # an institution has one country, so the countries add up
        home, found = country or NONE, dict(zip(names, of_names, strict=True))
        for place in {EVERYWHERE, home}.intersection(places):
            numbers[role, place].update(found)
        for state in filter(found.get, states):
            homes[role, state].add(home)
    takes_part = Participation.objects.filter(role__in=roles, state__in=states, institution=OuterRef("pk"))
    only = {pair: min(of_pair) for pair, of_pair in homes.items() if len(of_pair) == 1}
    return institutions.filter(Exists(takes_part)).count(), numbers, only


def takers_in_index(index, institutions, roles, states, countries):
    """Count the takers among institutions, keys of an index; costs what roles and countries are, not institutions."""
    takers, homes = index.facets["role"], index.facets["country"]
    in_place = {EVERYWHERE: institutions, **{country: institutions & homes.having([country]) for country in countries}}
    numbers, only = {}, {}
    for role in roles:
        of_state = {state: takers.having([(role, state)]) for state in states}
        of_names = {"total": takers.having(product([role], states)), **of_state}
        for place, keys in in_place.items():
            numbers[role, place] = {name: keys.intersection_cardinality(found) for name, found in of_names.items()}
        for state, found in of_state.items():
            if (home := homes.only_value(institutions & found)) is not None:
                only[role, state] = home
    return institutions.intersection_cardinality(takers.having(product(roles, states))), numbers, only
