"""Counts are promises, and filters say what they say (rules 1 to 3 of the product)."""

import datetime

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners.lists.filters import InstitutionFilter, LabFilter
from partners.lists.sql_results import SqlResults
from partners.models import Institution, Lab, Role, Standing, State
from tests.support.directory import QUESTIONS, SPARSE_QUESTIONS, make_directory
from tests.support.factories import (
    make_city,
    make_country,
    make_institution,
    make_lab,
    make_name,
    make_participation,
    make_role,
)

pytestmark = pytest.mark.django_db

RANDOM = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LISTS = [(InstitutionFilter, Institution), (LabFilter, Lab)]


@pytest.fixture
def directory(one_index):
    make_directory(seed=1)


def slugs(**question):
    filterset = InstitutionFilter.asking(**question)
    return [institution.slug for institution in filterset.in_order()]


def follow(filterset_class, model, url):
    """Return the primary keys of the list that a query string leads to."""
    filterset = filterset_class(QueryDict(url.removeprefix("?")))
    assert filterset.is_valid(), filterset.errors
    return list(filterset.in_order().values_list("pk", flat=True))


@pytest.mark.parametrize(("filterset_class", "model"), LISTS)
def test_every_count_is_the_length_of_the_list_it_leads_to(directory, filterset_class, model):
    @RANDOM
    @given(st.one_of(QUESTIONS, SPARSE_QUESTIONS))
    def check(question):
        known = {name: codes for name, codes in question.items() if name in filterset_class([]).form.fields}
        filterset = filterset_class.asking(**known)
        for facet in filterset.facets():
            for value in facet.values:
                assert value.count == len(follow(filterset_class, model, value.url)), (facet.name, value)

    check()


def judge(institution, question):
    """Say whether an institution fits a question: the rules of the product once more, in plain Python."""
    parts = list(institution.participations.all())

    def fits(name, value):
        return not question.get(name) or (value or "none") in question[name]

    def takes(role):
        if role == "none":
            return not parts and not question.get("state")
        return any(part.role_id == role and fits("state", part.state) for part in parts)

    roles = question.get("role", [])
    ticked = [takes(role) for role in roles] or [
        not question.get("state") or any(fits("state", p.state) for p in parts)
    ]
    verified = institution.verified_on and (
        "recent" if institution.verified_on >= datetime.date.today() - datetime.timedelta(365) else "older"
    )
    return (
        (all(ticked) if question.get("role_match") == ["all"] else any(ticked))
        and fits("partner", "partner" if institution.standing or parts else "registry")
        and fits("country", institution.country_id)
        and fits("kind", institution.kind)
        and fits("standing", institution.standing)
        and fits("city", institution.city and institution.city.slug)
        and fits("verified", verified or "never")
    )


def test_a_list_holds_exactly_what_the_rules_say(directory):
    everybody = list(Institution.objects.published().prefetch_related("participations", "city"))

    @RANDOM
    @given(st.one_of(QUESTIONS, SPARSE_QUESTIONS).map(lambda question: question | {"q": []}))
    def check(question):
        expected = {institution.slug for institution in everybody if judge(institution, question)}
        found = slugs(**question)
        assert set(found) == expected
        assert len(found) == len(expected)

    check()


def test_role_and_state_are_judged_on_the_same_participation():
    vector, clinic = make_role(code="vector"), make_role(code="clinic")
    mixed = make_institution(slug="mixed")
    make_participation(mixed, vector, state=State.OPERATIONAL)
    make_participation(mixed, clinic, state=State.PLANNED)
    planner = make_participation(role=vector, state=State.PLANNED).institution

    assert slugs(role=["vector"], state=["planned"]) == [planner.slug]


def test_role_match_all_asks_the_state_of_each_role():
    vector, clinic = make_role(code="vector"), make_role(code="clinic")
    both, mixed = make_institution(slug="both"), make_institution(slug="mixed")
    for institution, state in [(both, State.PLANNED), (mixed, State.OPERATIONAL)]:
        make_participation(institution, vector, state=State.PLANNED)
        make_participation(institution, clinic, state=state)

    assert slugs(role=["vector", "clinic"], role_match=["all"]) == ["both", "mixed"]
    assert slugs(role=["vector", "clinic"], role_match=["all"], state=["planned"]) == ["both"]
    assert slugs(role=["vector", "clinic"], state=["planned"]) == ["both", "mixed"]


def test_two_labs_in_one_role_are_one_institution():
    role, institution = make_role(code="vector"), make_institution()
    for _number in range(2):
        make_participation(lab=make_lab(institution), role=role)

    filterset = InstitutionFilter.asking(role=["vector"])

    assert filterset.qs.count() == filterset.counts("role")["vector"] == 1


def test_a_target_country_without_anybody_stays_visible_with_zero():
    make_country("BY", is_target=True)
    make_institution(country=make_country("KZ"))

    facets = InstitutionFilter.asking(country=["KZ"]).facets()
    countries = next(facet for facet in facets if facet.name == "country")

    assert [(value.code, value.count, value.is_selected) for value in countries.values] == [
        ("KZ", 1, True),
        ("BY", 0, False),
        ("none", 0, False),
    ]


def test_a_long_facet_shows_ten_values_those_ticked_and_a_way_to_all():
    for number in range(12):
        make_institution(city=make_city(slug=f"kz-{number:02}", name=f"City {number:02}"))

    filterset = InstitutionFilter.asking(city=["kz-11"])
    cities = next(facet for facet in filterset.facets() if facet.name == "city")
    everything = InstitutionFilter(QueryDict(cities.more_url[1:]))
    assert everything.is_valid()
    opened = next(facet for facet in everything.facets() if facet.name == "city")

    assert [value.code for value in cities.values] == [f"kz-{number:02}" for number in range(10)] + ["kz-11"]
    assert cities.hidden == 2  # kz-10 and “not stated”
    assert len(opened.values) == 13
    assert (opened.hidden, opened.more_url) == (0, "")


def test_the_sentence_says_the_filter_in_words():
    for code, name in [("clinic", "Clinical application"), ("gmp", "GMP manufacturing")]:
        make_role(code=code, name=name)

    def sentence(**question):
        return InstitutionFilter.asking(**question).sentence()

    assert sentence() == ""
    assert sentence(q=["—"]) == ""  # which every row passes
    assert (
        sentence(country=["KZ", "RU"], role=["clinic"])
        == "Country is Kazakhstan or Russia, and role is clinical application"
    )
    assert sentence(role=["clinic", "gmp"], role_match=["all"]) == "Role is clinical application and GMP manufacturing"
    assert sentence(q=["КФУ"], standing=["none"]) == "Text contains “КФУ”, and standing is none"


def test_a_chip_leads_to_the_list_without_its_value():
    chips = InstitutionFilter.asking(q=["x y"], country=["RU", "KZ"]).chips()

    assert [(chip.label, chip.url) for chip in chips] == [
        ("Text: x y", "?country=RU&country=KZ"),
        ("Country: Russia", "?q=x+y&country=KZ"),
        ("Country: Kazakhstan", "?q=x+y&country=RU"),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "country=ZZ",
        "country=KZ&country=k",
        "role=none%00",
        "city=ru-nowhere",
        "kind=999999999999999999999",
        "state=active",
        "verified=%F0%9F%98%80",
        "sort=rank",
        "size=1000",
        "page=0",
        "page=x",
        "role_match=most",
        "q=%00",
        "show=name",
        "q=" + "a" * 201,
        "&".join(f"city=c{number}" for number in range(500)),
    ],
)
def test_an_unknown_value_is_refused(query):
    filterset = InstitutionFilter(QueryDict(query))

    assert not filterset.is_valid()
    assert len(filterset.errors) == 1


def test_an_unknown_parameter_is_ignored():
    make_institution(slug="only")

    assert follow(InstitutionFilter, Institution, "?utm_source=mail&country=") == [Institution.objects.get().pk]


@pytest.mark.parametrize(
    "text", ["kazan", "КАЗАНЬ", "Kazan’", "federal kazan", "喀山", "кфу", "KFU", "Россия", "russia fed", "vector prod"]
)
def test_a_word_is_found_in_any_name_and_either_script(text):
    city = make_city(slug="ru-kazan", name="Kazan’", country=make_country("RU"))
    kfu = make_institution(name="Kazan Federal University", city=city, slug="kfu")
    make_name(kfu, value="КФУ")
    make_name(kfu, value="喀山联邦大学", language="zh")
    make_participation(kfu, make_role(name="Vector production"))
    make_institution(name="Nazarbayev University")

    assert slugs(q=[text]) == ["kfu"]


def test_two_latin_letters_match_whole_words_only():
    make_institution(name="MIT", slug="mit")
    make_institution(name="IT University", slug="it")

    assert slugs(q=["it"]) == ["it"]
    assert slugs(q=["mit"]) == ["mit"]


def test_entries_with_every_word_are_the_answer_where_there_are_any():
    make_institution(name="Kazan University", slug="university")
    make_institution(name="Kazan Hospital", slug="hospital")

    assert slugs(q=["kazan hospital"]) == ["hospital"]


def test_facets_cost_a_fixed_number_of_queries(directory):
    def count_queries():
        with CaptureQueriesContext(connection) as queries:
            InstitutionFilter.asking(country=["KZ"], role=["vector"]).facets()
        return len(queries)

    before = count_queries()
    for number in range(20):
        institution = make_institution(city=make_city(slug=f"more-{number}"), standing=Standing.SIGNED)
        make_participation(institution, Role.objects.get(code="vector"))

    assert count_queries() == before


@pytest.mark.parametrize(
    "question",
    [{}, {"role": ["vector", "none"], "state": ["planned"]}, {"role": ["vector", "clinic"], "role_match": ["all"]}],
)
def test_no_count_looks_for_keys_in_a_list_of_keys(directory, question):
    """PostgreSQL reads a list that does not fit into `work_mem` again for each row, which at a million has no end."""
    filterset = InstitutionFilter.asking(**question)
    with CaptureQueriesContext(connection) as queries:
        for name, _filter in filterset._facet_filters():
            SqlResults(filterset).counts(name)

    of_few = "IN (SELECT value FROM json_each("  # of no more than `FEW` rows, on SQLite
    assert [query["sql"] for query in queries if "IN (SELECT" in query["sql"].replace(of_few, "")] == []
