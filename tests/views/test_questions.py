"""Every page that asks a list's question: one form, which submitted untouched asks the same; one refusal, one end."""

import html
import re
from functools import cache, partial
from http import HTTPStatus
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from partners.lists.filters import InstitutionFilter
from partners.models import RoleGroup
from partners.urls import pages
from partners.views.questions import show_question
from tests.support.boards import RANDOM, for_a_board, make_gappy_directory
from tests.support.directory import QUESTIONS, SPARSE_QUESTIONS
from tests.support.factories import make_institution, make_lab
from tests.support.forms import submitted

pytestmark = pytest.mark.django_db

# What a page may be asked beside the list's question; pages that do not know it pass over it.
MORE = st.fixed_dictionaries(
    {
        "size": st.sampled_from([[], ["25"], ["50"]]),
        "show": st.sampled_from([[], ["city"], ["role", "country"]]),
        "group": st.sampled_from([[], *([group] for group in RoleGroup.values)]),
        "box": st.sampled_from([[], ["40,50,60,60"], ["-180,-90,180,90"]]),
        "since": st.sampled_from([[], ["2020-01-01"]]),
        "institution": st.sampled_from([[], ["asked"]]),
    }
)
ON_ANY_PAGE = st.builds(lambda question, more: question | more, st.one_of(QUESTIONS, SPARSE_QUESTIONS), MORE)
L4 = {"role": ["clinic", "vector"], "role_match": ["all"]}


@cache
def asking_pages():
    """Return the names of all pages of the site that ask a list's question."""
    names = [page.name for page in pages if not page.pattern.converters]
    return [name for name in names if "filterset" in (Client().get(path(name)).context or {})]


def path(name):
    return reverse(f"partners:{name}")


@pytest.fixture(scope="module")
def rows(rows_of_module):
    make_gappy_directory(seed=7)
    make_lab(make_institution(slug="asked"))


@pytest.fixture
def entries(rows, one_index):
    """Let every test ask the same rows."""


def question_at(client, address):
    return question_of(client.get(address))


def question_of(response):
    """Return what a page understood: {parameter: value}, with lists of values as sets."""
    assert response.status_code == HTTPStatus.OK, response.request["QUERY_STRING"]
    question = response.context["filterset"].form.cleaned_data
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in question.items()}


def test_pages_that_ask_the_question_of_a_list_are_found(entries):
    assert {"institution-list", "lab-list", "coverage", "pipeline", "map", "lab-map", "changes"} <= {*asking_pages()}


def test_a_form_that_nobody_touched_asks_the_same_question(client, entries):
    known = asking_pages()

    @settings(RANDOM, max_examples=6, phases=[Phase.generate])  # each asks every page three times
    @given(ON_ANY_PAGE)
    def check(question):
        for name in known:
            parameters = for_a_board(question) if name == "coverage" else question
            _check_untouched(client, f"{path(name)}?{urlencode(parameters, doseq=True)}")

    check()


def _check_untouched(client, address):
    page = client.get(address)
    assert question_at(client, submitted(page.text, "filter")) == question_of(page), address


def test_a_form_keeps_that_each_of_several_roles_is_asked_for(client, entries):
    for name in asking_pages():
        if name != "coverage":  # which counts each role by itself, and says so
            address = f"{path(name)}?{urlencode(L4, doseq=True)}"
            assert question_at(client, submitted(client.get(address).text, "filter"))["role_match"] == "all", name


def test_every_page_shows_the_switch_between_any_and_all_but_the_board(client, entries):
    shown = {name for name in asking_pages() if '<select name="role_match"' in client.get(path(name)).text}

    assert shown == {*asking_pages()} - {"coverage"}


def test_every_page_refuses_in_the_same_words(client, entries):
    for name in asking_pages():
        address = path(name)

        refused = client.get(f"{address}?country=ZZ&sort=x&country=KZ")

        assert refused.status_code == HTTPStatus.BAD_REQUEST, name
        text = html.unescape(refused.text)
        assert text.count("“ZZ” is not a known value.") == 1, name
        assert "Nothing is shown" in text
        assert text.count(f'<a href="{address}">Start again without a filter') == 1, name
        for field in ("country", "sort"):
            assert text.count(f' id="id_{field}_error"') == 1, (name, field)


@pytest.mark.parametrize("file", ["/pipeline.ics", "/changes.atom", "/coverage.csv", "/institutions.csv", "/labs.xlsx"])
def test_a_file_is_refused_by_the_page_that_offers_it(client, entries, file):
    refused = client.get(f"{file}?country=ZZ")

    assert refused.status_code == HTTPStatus.BAD_REQUEST
    page = client.get(f"{refused.context['reset_url']}?country=ZZ")
    find_notice = partial(re.findall, r'<div class="notice" role="alert">.*?</div>', flags=re.DOTALL)
    assert find_notice(refused.text) == find_notice(page.text) != []


def test_a_page_without_files_names_none(rf, entries):
    page = show_question(rf.get("/"), "question", InstitutionFilter.asking(), total=0)

    assert page.status_code == HTTPStatus.OK
    assert 'class="downloads"' not in page.text


def test_past_the_last_page_is_no_page(client, entries):
    for name in asking_pages():
        response = client.get(f"{path(name)}?page=99")
        has_pages = "page" in (response.context or {}) or response.status_code == HTTPStatus.NOT_FOUND
        assert response.status_code == (HTTPStatus.NOT_FOUND if has_pages else HTTPStatus.OK), name


def test_the_first_number_of_every_status_is_the_total(client, entries):
    for name in asking_pages():
        response = client.get(f"{path(name)}?country=RU")
        [status] = re.findall(r'<p id="status" role="status">(.*?)</p>', response.text, re.DOTALL)
        assert re.search(r"\d+", re.sub(r"<[^>]+>", "", status)), name
