"""Promises of the stages: they are the beginnings of lists, whose numbers they say, for index and database."""

from contextlib import nullcontext
from itertools import cycle

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from partners.boards import pipeline
from partners.boards.filters import PipelineFilter
from partners.boards.months import coming_year
from partners.boards.pipeline import ROWS, badge, due, stages
from partners.index import current
from partners.lists.index_results import IndexResults
from partners.lists.sql_results import SqlResults
from partners.models import Institution, Standing
from partners.models.institution_queries import NOT_YET
from tests.support.boards import RANDOM, TODAY, day, listed, make_stages, total
from tests.support.directory import QUESTIONS, SPARSE_QUESTIONS, make_directory
from tests.support.factories import make_city, make_country, make_institution, make_participation


@pytest.mark.django_db
def test_every_total_of_a_stage_is_that_of_the_list_it_leads_to(one_index):
    make_directory(seed=3)

    @RANDOM
    @example({})
    @given(st.one_of(QUESTIONS, SPARSE_QUESTIONS))
    def check(question):
        for stage in make_stages(**question).values():
            if stage.total:
                assert stage.total == total(stage.url)
                assert len(stage.agreements) == min(stage.total, ROWS)

    check()


@pytest.mark.django_db
def test_a_count_beside_a_value_is_what_the_pipeline_counts_once_it_alone_is_ticked(one_index):
    make_directory(seed=3)

    @settings(RANDOM, max_examples=4, phases=[Phase.generate])  # to look for a smaller fault takes five minutes
    @given(SPARSE_QUESTIONS, st.data())
    def check(question, data):
        facets = PipelineFilter.asking(**question | {"role_match": ["any"]}).facets()
        for facet in [facet for facet in facets if facet.values]:
            value = data.draw(st.sampled_from(facet.values), facet.name)
            ticked = question | {facet.name: [value.code], "role_match": ["any"]}
            assert sum(stage.total for stage in make_stages(**ticked).values()) == value.count, facet.name

    check()


@pytest.mark.django_db
def test_stages_hold_exactly_what_the_filter_keeps_and_are_the_beginnings_of_their_lists(one_index, monkeypatch):
    make_directory(seed=3)
    days = [None, day(-21), day(-1), day(0), day(60), day(61), day(200)]
    for field, standings in {"expected_on": NOT_YET, "valid_until": ["signed", "former"]}.items():
        for known, one in zip(
            cycle(days), Institution.objects.filter(standing__in=standings).order_by("standing", "pk"), strict=False
        ):
            Institution.objects.filter(pk=one.pk).update(**{field: known})
    index = current.built_alone(PipelineFilter)

    def awaited(institution):
        return institution.expected_on if institution.standing in NOT_YET else institution.valid_until

    def place(institution):
        return awaited(institution) is None, awaited(institution) or TODAY, institution.sort_key, institution.pk

    @settings(RANDOM, phases=[Phase.generate])
    @given(st.one_of(QUESTIONS, SPARSE_QUESTIONS), st.sampled_from([3, 100]))
    def check(question, rows):
        monkeypatch.setattr(pipeline, "ROWS", rows)
        filterset = PipelineFilter.asking(**question)
        kept = sorted(filterset.qs, key=place)
        acted_on = [
            one.pk
            for one in kept
            if badge(one.standing, one.expected_on, one.valid_until, TODAY) in {"overdue", "expired", "expiring"}
        ]
        year = [one for one in kept if one.standing in {"prospect", "expected", "signed"} and awaited(one)]
        for results in (SqlResults(filterset), IndexResults(filterset, index)):
            filterset.results = results
            for stage in stages(filterset, TODAY):
                of_stage = [one.pk for one in kept if one.standing == stage.standing]
                assert [row.institution.key for row in stage.agreements] == of_stage[:rows]
                if of_stage:
                    assert listed(stage.url).results.keys() == of_stage
            assert [one.institution.key for one in due(results, TODAY)] == acted_on
            assert [one.institution.key for one in due(results, TODAY, most=2)] == acted_on[:2]
            marks = [mark.institution.key for month in coming_year(results, TODAY).months for mark in month.marks]
            assert marks == [one.pk for one in year if awaited(one) >= TODAY.replace(day=1)]

    check()


@pytest.mark.django_db
def test_a_long_stage_shows_its_first_rows_and_says_how_many_are_in_the_list(client):
    for _number in range(ROWS + 1):
        make_institution(standing="prospect")

    assert (make_stages()["prospect"].total, len(make_stages()["prospect"].agreements)) == (ROWS + 1, ROWS)
    assert "1 more in the list" in client.get("/pipeline/").content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("read", "most"), [(current.in_snapshot, 3), (nullcontext, 18)], ids=["index", "database"])
def test_stages_cost_a_fixed_number_of_queries(read, most):
    def count_queries():
        with read():
            stages(PipelineFilter.asking(), TODAY)  # so that places are known
            for index in current._indexes.values():
                index.shown.clear()
            with CaptureQueriesContext(connection) as queries:
                stages(PipelineFilter.asking(), TODAY)
        return len(queries)

    for standing in ["", *Standing]:
        make_participation(make_institution(standing=standing, city=make_city(country=make_country())))
    before = count_queries()
    make_directory(seed=2, institutions=20)
    assert count_queries() == before == most
