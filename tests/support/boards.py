"""A random directory with gaps, and the questions that a board is asked, for the tests of coverage and pipeline."""

import datetime
from urllib.parse import urlsplit

from django.http import QueryDict
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from partners.boards.coverage import board
from partners.boards.filters import BoardFilter, PipelineFilter
from partners.boards.pipeline import stages
from partners.lists.filters import InstitutionFilter
from partners.models import Role, RoleGroup
from tests.support.directory import QUESTIONS, SPARSE_QUESTIONS, make_directory
from tests.support.factories import make_country

RANDOM = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TODAY = datetime.date(2026, 11, 22)
SIGNED = {"standing": ["signed"]}
AS_IF_ALL_SIGN = {"standing": ["signed", "expected"]}


def for_a_board(question):
    """Return a list's question without what a board refuses."""
    roles = [code for code in question.get("role", []) if code != "none"]
    return question | {"role": roles} | ({"role_match": ["any"]} if len(roles) > 1 else {})


BOARD_QUESTIONS = st.builds(
    lambda question, switch, group: for_a_board(question | switch) | {"group": [group]},
    st.one_of(QUESTIONS, SPARSE_QUESTIONS),
    st.sampled_from([{}, SIGNED, AS_IF_ALL_SIGN]),
    st.sampled_from(["", *RoleGroup.values]),
)


def make_gappy_directory(seed):
    """Write a random directory with target countries, one of them without anybody, and roles of two groups."""
    make_directory(seed)
    for code in ["KZ", "RU", "UZ"]:
        make_country(code, is_target=True)
    Role.objects.filter(code="training").update(group=RoleGroup.SUPPORT)


def ask(**question):
    """Return the filterset of a board."""
    return BoardFilter.asking(**question)


def make_board(**question):
    """Return the board of a question."""
    filterset = ask(**question)
    return board(filterset, filterset.group)


def day(number):
    """Return a day by its distance from `TODAY`."""
    return TODAY + datetime.timedelta(days=number)


def make_stages(**question):
    """Return {standing: Stage} as it is on `TODAY`."""
    return {stage.standing: stage for stage in stages(PipelineFilter.asking(**question), TODAY)}


def listed(url):
    """Return the filterset of the list of institutions that an address leads to."""
    address = urlsplit(url)
    assert address.path == "/institutions/"
    filterset = InstitutionFilter(QueryDict(address.query))
    assert filterset.is_valid(), filterset.errors
    return filterset


def total(url):
    """Return the total of the list of institutions that an address leads to."""
    return listed(url).qs.count()
