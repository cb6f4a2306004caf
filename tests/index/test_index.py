"""The index and SQL never differ: counts, keys, orders and words, after any edit."""

import random
import re
from collections import defaultdict
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from partners.index import current, labels, read
from partners.index.index import FILTERS_HELD, TextsNotReadError
from partners.lists.filters import InstitutionFilter, LabFilter
from partners.lists.index_results import IndexResults
from partners.lists.sql_results import SqlResults
from partners.models import City, Country, Institution, Lab, Operation, Participation, Standing
from partners.models.log.triggers import CONCERNED, OF_LISTS
from partners.search import Shared
from tests.support.directory import QUESTIONS, SPARSE_QUESTIONS, WORDS, make_directory
from tests.support.factories import make_institution, make_lab, make_name

pytestmark = pytest.mark.django_db

RANDOM = settings(
    max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
LISTS = [InstitutionFilter, LabFilter]


def build(filterset_class):
    return current.built(filterset_class, epoch=1, number=1)


def assert_same_results(filterset_class, index, question):
    """Compare every answer of the index with SQL's."""
    known = {name: codes for name, codes in question.items() if name in filterset_class([]).form.fields}
    filterset = filterset_class.asking(**known)
    by_sql, by_index = SqlResults(filterset), IndexResults(filterset, index)
    assert by_index.count() == by_sql.count()
    assert by_index.keys() == by_sql.keys()
    assert by_index.keys(3, 8) == by_sql.keys(3, 8)
    for name, filter_ in filterset._facet_filters():
        codes = filter_.offered()
        assert {code: by_index.counts(name).get(code, 0) for code in codes} == {
            code: by_sql.counts(name).get(code, 0) for code in codes
        }
        if not filter_.options.in_vocabulary_order:
            assert by_index.most_frequent(name, 3) == by_sql.most_frequent(name, 3)


@pytest.mark.parametrize("filterset_class", LISTS)
def test_the_index_answers_as_sql_does(filterset_class):
    make_directory(seed=5, institutions=50)
    index = build(filterset_class)

    @RANDOM
    @given(st.one_of(QUESTIONS, SPARSE_QUESTIONS))
    def check(question):
        assert_same_results(filterset_class, index, question)

    check()


def edit(choose):
    """Change something at random; return the institutions that the change log would name."""
    institution = choose.choice(list(Institution.objects.all()))
    lab = choose.choice(list(Lab.objects.all()))
    match choose.randrange(10):
        case 0:
            institution.is_published = not institution.is_published
            institution.save()
        case 1:
            institution.name, institution.standing = choose.choice(WORDS), choose.choice(["", *Standing.values])
            institution.country, institution.city = choose.choice(Country.objects.filter(is_target=True)), None
            institution.save()
        case 2:
            old, lab.institution = lab.institution_id, institution
            Participation.objects.filter(lab=lab).delete()
            lab.save()
            return {old, institution.pk}
        case 3:
            make_name(institution, value=f"Новое имя {choose.random()}")
        case 4:
            institution.participations.all().delete()
        case 5:
            institution.delete()
        case 6:
            return {make_institution(city=choose.choice(City.objects.all())).pk}
        case 7:
            owner, _deleted = lab.institution_id, lab.delete()
            make_lab(institution, city=choose.choice(City.objects.all()))
            return {owner, institution.pk}
        case 8:
            institution.name = f"Another name {choose.random()}"
            institution.save()
        case 9:
            institution.founded = choose.randrange(1800, 2000)
            institution.save()
    return {institution.pk}


AFTER_EDITS = [
    {},
    {"q": ["kazan"]},
    {"q": ["имя"], "sort": ["newest"]},
    {"sort": ["verified"]},
    {"sort": ["country"], "kind": ["university", "hospital"]},
    {"role": ["vector", "clinic"], "role_match": ["all"]},
    {"role": ["none"], "country": ["KZ"]},
    {"state": ["planned"], "sort": ["verified"]},
]


@pytest.mark.parametrize(("seed", "few"), [(0, labels.FEW), (1, 0)], ids=["few are sorted", "all are in order"])
def test_a_changed_index_is_the_one_built_anew(seed, few, monkeypatch):
    monkeypatch.setattr(labels, "FEW", few)
    make_directory(seed=seed, institutions=40)
    choose = random.Random(seed)
    indexes = {filterset_class: build(filterset_class) for filterset_class in LISTS}
    for number in range(30):
        before = {institution.pk for institution in Institution.objects.all()}
        changed = edit(choose) - {None} | (before - set(Institution.objects.values_list("pk", flat=True)))
        for filterset_class, index in indexes.items():
            index, question = current.refreshed(filterset_class, index, number, changed), choose.choice(AFTER_EDITS)
            if "q" in question:
                index = current.with_texts(filterset_class, index)
            assert_same_results(filterset_class, index, question)
            indexes[filterset_class] = index
    for filterset_class, index in indexes.items():
        fresh, index = build(filterset_class), current.with_texts(filterset_class, index)
        assert index.keys == fresh.keys
        for order in filterset_class.orders:
            assert index.page(index.keys, order, 0, 100) == fresh.page(fresh.keys, order, 0, 100)
        for name, postings in fresh.facets.items():
            assert index.facets[name].keys == postings.keys
            assert index.facets[name].by_frequency == postings.by_frequency
        for question in AFTER_EDITS:
            assert_same_results(filterset_class, index, question)


def facets_by(index, filterset_class, question):
    filterset = filterset_class.asking(**question)
    filterset.results = IndexResults(filterset, index)
    return filterset.facets()


@pytest.mark.parametrize("filterset_class", LISTS)
def test_what_is_made_of_facets_lasts_as_long_as_it_is_true(filterset_class):
    make_directory(seed=3, institutions=30)
    choose, index, lasted = random.Random(3), build(filterset_class), 0
    questions = [{}, {"role": ["vector"]}, {"country": ["KZ"]}]
    for number in range(40):
        before = {institution.pk for institution in Institution.objects.all()}
        changed = edit(choose) - {None} | (before - set(Institution.objects.values_list("pk", flat=True)))
        changed = filterset_class.concerned_by(changed)
        index, fresh = current.refreshed(filterset_class, index, number, changed), build(filterset_class)
        lasted += bool(index.made)
        for asked, question in enumerate(questions):
            held = index.of_facets(asked, partial(facets_by, index, filterset_class, question))
            assert held == facets_by(fresh, filterset_class, question)
    assert lasted > 10 or filterset_class is LabFilter  # whose facet of institutions has their names


def test_of_facets_only_so_much_is_held():
    index = build(InstitutionFilter)
    for number in range(FILTERS_HELD + 1):
        assert index.of_facets(number, lambda number=number: f"made of {number}") == f"made of {number}"
        assert len(index.made) <= FILTERS_HELD
    assert index.of_facets(FILTERS_HELD, str) == f"made of {FILTERS_HELD}"


def test_a_changed_index_keeps_what_was_read_at_once():
    """Or it would cost more with each change, and the workers would no longer share what the master built."""
    first = make_institution()
    base = build(InstitutionFilter)
    once = current.refreshed(InstitutionFilter, base, 2, {first.pk})
    twice = once.renamed(3, Shared())
    twice = current.refreshed(InstitutionFilter, once, 3, {first.pk, make_institution().pk})

    assert twice.orders is base.orders
    assert current.with_texts(InstitutionFilter, twice).corpus.layer is base.corpus.layer


def test_an_index_that_lacks_texts_says_so():
    make_institution(name="Kazan")
    index = current.refreshed(InstitutionFilter, build(InstitutionFilter), 2, {make_institution(name="Kazan").pk})
    with pytest.raises(TextsNotReadError):
        _ = index.corpus
    assert len(current.with_texts(InstitutionFilter, index).corpus.having(["kazan"])) == 2


@pytest.mark.parametrize("filterset_class", LISTS)
def test_the_log_tells_what_the_lists_go_by_of_shared_rows(filterset_class):
    """Whatever else of them changes, an index reads no row again."""
    columns = defaultdict(set)
    for query in read._queries(filterset_class).values():
        sql = str(query.queryset(None).query)
        tables = {alias or table: table for table, alias in re.findall(r'(?:FROM|JOIN) "(\w+)"(?: "?([T-W]\d+))?', sql)}
        for alias, column in re.findall(r'"?(\w+)"?\."(\w+)"', sql):
            columns[tables[alias]].add(column)
    columns.pop(Operation._meta.db_table, None)  # its kind, which no operation changes
    assert columns.keys() <= {model._meta.db_table for model in CONCERNED}
    for model, owners in CONCERNED.items():
        if not owners:
            of_lists = {model._meta.get_field(name).column for name in OF_LISTS.get(model, ())}
            assert columns[model._meta.db_table] - {model._meta.pk.column} <= of_lists


def test_an_empty_list_has_an_index():
    index = build(InstitutionFilter)

    assert_same_results(InstitutionFilter, index, {"country": ["KZ"], "q": ["kazan"], "role_match": ["all"]})
