"""Forms clean the fields that an address speaks of as Django cleans all of them."""

from urllib.parse import urlencode

import pytest
from django import forms
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from partners.boards.changes.filter import ChangesFilter
from partners.boards.filters import BoardFilter, PipelineFilter
from partners.boards.map.filters import on_map
from partners.lists import INSTITUTION_LIST, LAB_LIST
from partners.lists.filters import InstitutionFilter, LabFilter
from partners.lists.forms import ListForm, form_class
from tests.support.factories import make_institution, make_participation, make_role

FILTERSETS = [InstitutionFilter, LabFilter, BoardFilter, PipelineFilter, ChangesFilter]
FILTERSETS += [on_map(INSTITUTION_LIST), on_map(LAB_LIST)]
VALUES = ["", " ", "none", "nonsense", "vector", "KZ", "operational", "signed", "partner", "home", "yes", "all", "any"]
VALUES += ["relevance", "name", "50", "51", "0", "2", "-1", "2026-01-31", "31.01.2026", "1,2,3,4", "kazan", "x" * 201]
VALUES += ["country", "city", "chain", "60", "\x00"]

pytestmark = pytest.mark.django_db


def _as_django_does(form):
    """Return the same form, which cleans all its fields."""
    made = type(form.__name__, (form,), {"_clean_fields": forms.Form._clean_fields})
    made.base_fields = form.base_fields
    return made


def _cleaned(form, query):
    made = form(QueryDict(query))
    return made.errors.get_json_data(), made.cleaned_data, list(made.fields), getattr(made, "implied", None)


@pytest.mark.parametrize("filterset", FILTERSETS, ids=lambda filterset: filterset.__name__)
def test_a_form_finds_what_django_finds_in_any_address(filterset):
    make_participation(make_institution(slug="home"), make_role(code="vector"))
    form = form_class(filterset)
    names = st.sampled_from([*form.base_fields, "unknown"])

    @settings(max_examples=60)
    @given(st.lists(st.tuples(names, st.sampled_from(VALUES)), max_size=6).map(urlencode))
    def holds(query):
        assert _cleaned(form, query) == _cleaned(_as_django_does(form), query)

    holds()


def test_a_list_of_nothing_is_no_other_form_s():
    first, second = (form_class(InstitutionFilter)(QueryDict()) for _time in range(2))
    first.is_valid(), second.is_valid()
    first.cleaned_data["country"].append("KZ")
    assert (
        second.cleaned_data["country"] == form_class(InstitutionFilter)(QueryDict()).fields["country"].clean([]) == []
    )


def test_a_field_that_needs_a_value_is_cleaned_where_there_is_none():
    class Form(ListForm):
        needed = forms.CharField()

    assert list(Form({}).errors) == ["needed"]
    assert list(Form({"needed": "x"}).errors) == []
