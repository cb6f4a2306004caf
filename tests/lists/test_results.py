"""Whoever knows the results of a question, they come by the same methods."""

import inspect

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.index import current
from partners.lists import sql_results
from partners.lists.filters import InstitutionFilter
from partners.lists.index_results import IndexResults
from partners.lists.results import Results
from partners.lists.search import SearchNeedsIndexError, find
from partners.lists.sql_results import SqlResults
from partners.models import Institution
from tests.support.directory import make_directory
from tests.support.factories import make_institution
from tests.support.ror import SLICE, load


def test_both_ways_have_the_same_methods():
    def methods(of_class):
        return {
            name: inspect.signature(method)
            for name, method in inspect.getmembers(of_class, inspect.isfunction)
            if not name.startswith("_")
        }

    by_sql, by_index = methods(SqlResults), methods(IndexResults)
    by_index.pop("found_without")
    assert by_sql == by_index
    assert methods(Results).keys() <= by_sql.keys()
    assert all(by_sql[name] == signature for name, signature in methods(Results).items())


def test_a_text_is_not_searched_without_an_index():
    with pytest.raises(SearchNeedsIndexError, match="give an index"):
        find("kazan", None, Institution)
    assert find("—", None, Institution) is None  # no word


@pytest.mark.django_db
def test_a_text_that_sql_answers_is_searched_once(monkeypatch):
    make_institution(slug="kfu", name="Kazan")
    built, build = [], current.built_alone
    monkeypatch.setattr(current, "built_alone", lambda of_class: built.append(of_class) or build(of_class))
    results = SqlResults(InstitutionFilter.asking(q=["kazan"]))

    assert [row.slug for row in results.rows()] == ["kfu"]
    kinds = {code: number for code, number in results.counts("kind").items() if number}
    assert (results.count(), kinds, len(results.keys())) == (1, {"university": 1}, 1)
    assert built == [InstitutionFilter]
    assert SqlResults(InstitutionFilter.asking()).count() == 1
    assert built == [InstitutionFilter]


@pytest.mark.django_db
@pytest.mark.parametrize(("few", "most"), [(0, 3), (sql_results.FEW, 3)])
def test_facets_that_count_the_same_rows_by_conditions_share_a_query(monkeypatch, few, most):
    monkeypatch.setattr(sql_results, "FEW", few)
    make_directory(3)
    results = SqlResults(InstitutionFilter.asking(verified=["never"]))

    with CaptureQueriesContext(connection) as queries:
        counts = {name: results.counts(name) for name in ("partner", "kind", "standing", "verified")}

    assert len(queries) == most  # whether the rows are few; three facets; the one that is asked for
    assert {name: sum(of_facet.values()) for name, of_facet in counts.items() if name != "verified"} == dict.fromkeys(
        ["partner", "kind", "standing"], results.count()
    )


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows how many rows an index would look up")
def test_sqlite_reads_the_table_once_and_looks_up_no_row_by_an_index_of_another_facet(monkeypatch):
    monkeypatch.setattr(sql_results, "FEW", 0)
    load(SLICE)
    results = SqlResults(InstitutionFilter.asking(partner=["registry"]))

    with CaptureQueriesContext(connection) as queries:
        results.counts("country")

    *_few, count = queries
    plan = [step for *_ids, step in connection.cursor().execute(f"EXPLAIN QUERY PLAN {count['sql']}").fetchall()]
    assert plan[0] == "SCAN partners_institution"
    assert plan[-1] == "USE TEMP B-TREE FOR GROUP BY"


@pytest.mark.django_db
@pytest.mark.parametrize("question", [{}, {"country": ["KZ", "none"]}, {"city": ["ru-kazan"], "standing": ["signed"]}])
def test_counts_with_a_code_of_another_facet_are_those_of_its_list(question):
    make_directory(3)
    asked, index = InstitutionFilter.asking(**question), current.built_alone(InstitutionFilter)
    of_list = InstitutionFilter.asking(**question | {"standing": ["signed"]}).counts("city")

    for results in (SqlResults(asked), IndexResults(asked, index)):
        counts = results.counts("city", standing="signed")
        assert {code: number for code, number in counts.items() if number} == of_list
    assert of_list


@pytest.mark.django_db
def test_the_first_with_a_role_are_those_of_its_list_whoever_knows_them():
    make_directory(3)
    index, states = current.built_alone(InstitutionFilter), ["operational", "planned"]
    asked = InstitutionFilter.asking(state=states, standing=["signed", "none"])
    roles = [code for code, number in asked.counts("role").items() if number]

    assert roles
    for role in roles:
        of_list = InstitutionFilter.asking(state=states, standing=["signed", "none"], role=[role]).results.keys(0, 5)
        for results in (SqlResults(asked), IndexResults(asked, index)):
            assert results.keys_in_order("role", [role], "name", 5) == of_list
            assert set(results.keys_with("role", role)) >= set(of_list)
