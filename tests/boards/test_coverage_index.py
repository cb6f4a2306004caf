"""The board counts alike from the index and from the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given

from partners.boards.coverage import board
from partners.boards.filters import BoardFilter
from partners.index import current
from partners.lists.index_results import IndexResults
from tests.support.boards import AS_IF_ALL_SIGN, BOARD_QUESTIONS, RANDOM, ask, make_gappy_directory

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def directory(rows_of_module):
    make_gappy_directory(seed=5)


@pytest.fixture
def index(directory, one_index):
    return current.built(BoardFilter, epoch=1, number=1)


def ask_index(index, **question):
    filterset = ask(**question)
    filterset.results = IndexResults(filterset, index)
    return filterset


def test_a_board_is_the_same_from_the_index_and_from_the_database(index):
    @RANDOM
    @example(AS_IF_ALL_SIGN)
    @given(BOARD_QUESTIONS)
    def check(question):
        by_index, by_database = ask_index(index, **question), ask(**question)
        assert board(by_index, by_index.group) == board(by_database, by_database.group)

    check()


@pytest.mark.parametrize("question", [{}, AS_IF_ALL_SIGN])
def test_a_board_from_the_index_costs_two_queries(index, question):
    filterset = ask_index(index, **question)

    with CaptureQueriesContext(connection) as queries:
        board(filterset)

    assert len(queries) == 2  # roles, countries
