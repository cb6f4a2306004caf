"""A random directory and random questions about it, for the property tests."""

import datetime
import random

from hypothesis import strategies as st

from partners.models import Institution, Kind, NameKind, RegistryStatus, Standing, State
from tests.support.factories import (
    make_city,
    make_country,
    make_institution,
    make_lab,
    make_name,
    make_participation,
    make_role,
)

COUNTRIES = ["RU", "KZ", "BY", "CN"]
ROLES = ["vector", "clinic", "funder", "training"]
CITIES = ["ru-kazan", "kz-almaty", "kz-astana", "cn-beijing"]
WORDS = ["Казань", "kazan", "national", "Центр", "清华", "Université", "of", "Almaty", "Қазақстан", "vector", "zzz"]


def make_directory(seed, institutions=60):
    """Write institutions with every kind of gap, duplicate and hidden entry; the same for the same seed."""
    choose = random.Random(seed)
    make_country("BY", is_target=True)
    cities = [make_city(slug=slug, name=slug[3:].title(), country=make_country(slug[:2].upper())) for slug in CITIES]
    roles = [make_role(code=code, name=code.title()) for code in ROLES]
    names = ["Казанский центр", "Kazan Center", "National University", "清华大学", "Université Nord", "Same Name"]
    for number in range(institutions):
        city = choose.choice([*cities, None])
        institution = make_institution(
            name=choose.choice(names),
            city=city,
            country=city.country if city else choose.choice([None, make_country("BY")]),
            kind=choose.choice(Kind.values),
            standing=choose.choice(["", "", *Standing.values]),
            status=choose.choice([RegistryStatus.ACTIVE] * 8 + [RegistryStatus.INACTIVE]),
            is_published=choose.random() > 0.1,
            verified_on=choose.choice([None, datetime.date(2020, 1, 1), datetime.date.today()]),
            slug=f"entry-{seed}-{number}",
        )
        if choose.random() < 0.5:
            make_name(institution, value=choose.choice(WORDS), kind=choose.choice(NameKind.values))
        labs = [make_lab(institution, city=choose.choice([*cities, None])) for _ in range(choose.choice([0, 0, 1, 2]))]
        for lab in [None, *labs]:
            for role in choose.sample(roles, choose.randint(0, 2)):
                make_participation(institution, role, lab, state=choose.choice(State.values))
    _link(random.Random(seed), list(Institution.objects.order_by("pk")))
    _describe(random.Random(seed), list(Institution.objects.order_by("pk")))


def _link(choose, institutions):
    """Let some institutions fund research, belong to others and have names in many languages."""
    for institution in institutions:
        if choose.random() < 0.3:
            Institution.objects.filter(pk=institution.pk).update(funds_research=True)
        institution.parents.set(choose.sample(institutions[:6], choose.choice([0, 0, 1, 2])))
    for institution in choose.sample(institutions, len(institutions) // 2):
        others = sorted(set(WORDS).difference(institution.names.values_list("value", flat=True)))  # a name stands once
        make_name(institution, value=choose.choice(others), language=choose.choice(["", "ru", "kk", "zh-Hans"]))


def _describe(choose, institutions):
    """Let some institutions say when they were founded and where their website is."""
    for institution in institutions:
        institution.founded = choose.choice([None, 1804, 1932, 2007])
        institution.website = choose.choice(["", "https://example.org/", f"https://example.org/{institution.slug}/"])
    Institution.objects.bulk_update(institutions, ["founded", "website"])


def codes(*values):
    """Return lists of up to three different codes, mostly empty ones."""
    return st.lists(st.sampled_from(values), max_size=3, unique=True)


QUESTIONS = st.fixed_dictionaries(
    {
        "q": st.lists(st.sampled_from(WORDS), max_size=2).map(" ".join).map(lambda text: [text]),
        "partner": codes("partner", "registry"),
        "country": codes(*COUNTRIES, "none"),
        "role": codes(*ROLES, "none"),
        "role_match": st.sampled_from([["any"], ["all"]]),
        "state": codes(*State.values),
        "kind": codes(*Kind.values),
        "standing": codes(*Standing.values, "none"),
        "city": codes(*CITIES, "none"),
        "verified": codes("recent", "older", "never"),
        "sort": st.sampled_from([["name"], ["country"], ["verified"], ["newest"], ["relevance"]]),
    }
)
# Most facets empty, so that most questions have an answer.
SPARSE_QUESTIONS = st.tuples(QUESTIONS, st.sets(st.sampled_from(["q", "role", "state", "country"]))).map(
    lambda drawn: {name: codes for name, codes in drawn[0].items() if name in drawn[1] | {"role_match", "sort"}}
)
