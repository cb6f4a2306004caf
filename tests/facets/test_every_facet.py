"""Every facet of every list, each value ticked: a count is what a click gives, by index and by SQL alike."""

import pytest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from partners.facets import NONE, FacetFilter
from partners.index import current
from partners.lists import sql_results
from partners.lists.index_results import IndexResults
from partners.lists.sql_results import SqlResults
from partners.models import City, Institution
from tests.support.directory import make_directory
from tests.support.facets import FILTERSETS
from tests.support.factories import make_institution, make_lab, make_name

pytestmark = pytest.mark.django_db

RANDOM = settings(
    max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
OTHERS = [{}, {"country": ["KZ", "none"], "role": ["vector", "clinic"], "role_match": ["all"]}]


@pytest.fixture(scope="module")
def rows(rows_of_module):
    make_directory(seed=7)
    odd = make_institution(name="A & B, “c” / d?", website="https://example.org/?a=1&b=%20#c")
    make_name(odd, value="Other", language="none")  # the code of no value
    lab_city = City.objects.order_by("pk").first()
    for _number in range(2):  # two labs of one institution in one city are one institution
        make_lab(odd, city=lab_city)
    related = make_lab(make_institution(), city=None).institution
    related.parents.set(Institution.objects.all()[:3])
    related.successors.set(Institution.objects.all()[:3])


@pytest.fixture
def directory(rows, one_index):
    """Let every test read the same rows."""


@pytest.fixture(params=[0, sql_results.FEW], ids=["many", "few"])
def few(request, monkeypatch):
    """Let SQL find rows as those of many rows are found, or by their keys."""
    monkeypatch.setattr(sql_results, "FEW", request.param)


def results_of(filterset_class, index, question):
    """Return the filterset of a question, its results from SQL and those from an index."""
    filterset = filterset_class.asking(**question)
    return filterset, SqlResults(filterset), IndexResults(filterset, index)


def facets_of(filterset_class):
    return [name for name, filter_ in filterset_class.base_filters.items() if isinstance(filter_, FacetFilter)]


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("filterset_class", FILTERSETS)
def test_each_value_of_each_facet_counts_what_a_click_gives(directory, filterset_class, other):
    index = current.built(filterset_class, epoch=1, number=1)
    filterset, by_sql, by_index = results_of(filterset_class, index, other | {"show": facets_of(filterset_class)})
    shown = []
    for results in (by_sql, by_index):
        filterset.results = results
        shown.append({facet.name: {value.code: value for value in facet.values} for facet in filterset.facets()})
        assert not any(facet.hidden for facet in filterset.facets())
    assert shown[0] == shown[1]
    for name, values in shown[0].items():
        counted = {code for code, number in by_sql.counts(name).items() if number}
        assert counted <= values.keys(), name
        assert counted - {NONE} or other, name  # no row of a question may have any
        for value in values.values():
            followed = filterset_class(QueryDict(value.url.removeprefix("?")))
            assert followed.is_valid(), (value, followed.errors)
            keys = SqlResults(followed).keys()
            assert value.count == len(keys) == len(set(keys)), value
            assert IndexResults(followed, index).keys() == keys, value


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("filterset_class", FILTERSETS)
def test_any_values_of_any_facets_are_found_alike(directory, filterset_class):
    index = current.built(filterset_class, epoch=1, number=1)
    _filterset, everything, _by_index = results_of(filterset_class, index, {})
    names = facets_of(filterset_class)
    codes = {name: sorted({*everything.counts(name), *everything.offered(name)}) for name in names}
    known = {
        name: [code for code in of_facet if filterset_class(MultiValueDict({name: [code]})).is_valid()]
        for name, of_facet in codes.items()
    }
    question = st.fixed_dictionaries(
        {"role_match": st.sampled_from([["any"], ["all"]])},
        optional={name: st.lists(st.sampled_from(known[name]), max_size=3, unique=True) for name in names},
    )

    @RANDOM
    @given(question)
    def check(question):
        _filterset, by_sql, by_index = results_of(filterset_class, index, question)
        assert by_index.keys() == by_sql.keys()
        for name in names:
            counted = [{code: n for code, n in results.counts(name).items() if n} for results in (by_sql, by_index)]
            assert counted[0] == counted[1], name

    check()
