"""The parameters of a list that leave its rows as they are: order, size and number of the page, open facets."""

import copy
from functools import cache

from django import forms
from django.forms.renderers import Jinja2
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from ..facets import ANY_OR_ALL, FacetFilter
from .results import RELEVANCE
from .search import has_word

FIND = "find_"  # before the name of a facet: a part of the names of its values
SIZES = ["25", "50", "100"]  # rows of a page
# What is meant where an address does not say it; the order then follows from the text, see `usual_sort()`.
DEFAULTS = {"role_match": "any", "size": SIZES[0], "page": 1}


class ListForm(forms.Form):
    """The parameters of a list that leave its rows as they are."""

    beside_filter = ("q", "sort", "size")  # what a page asks outside of its filter, which only a valid question has
    default_renderer = Jinja2()  # of Django's own widgets, five times as fast as its other templates

    role_match = forms.ChoiceField(choices=ANY_OR_ALL, required=False, label=gettext_lazy("With several roles"))
    sort = forms.ChoiceField(
        choices=[
            (RELEVANCE, gettext_lazy("relevance")),
            ("name", gettext_lazy("name")),
            ("country", gettext_lazy("country")),
            ("verified", gettext_lazy("last verified")),
            ("newest", gettext_lazy("newest entry")),
            ("valid_until", gettext_lazy("end of the agreement")),
            ("expected_on", gettext_lazy("expected signature")),
            ("due", gettext_lazy("day the agreement is due")),
        ],
        required=False,
        label=gettext_lazy("Sort by"),
    )
    size = forms.ChoiceField(choices=[(size, size) for size in SIZES], required=False, label=gettext_lazy("Rows"))
    page = forms.IntegerField(min_value=1, required=False, label=gettext_lazy("Page"))
    show = forms.MultipleChoiceField(
        required=False, label=gettext_lazy("All values of"), widget=forms.MultipleHiddenInput
    )

    def clean(self):
        usual = usual_sort(self.cleaned_data.get("q"))
        for name, default in (DEFAULTS | {"sort": usual}).items():
            if name not in self.errors and not self.cleaned_data[name]:
                self.cleaned_data[name] = default
        if self.cleaned_data.get("sort") == RELEVANCE:
            self.cleaned_data["sort"] = usual
        sort = self.fields["sort"]
        sorts = dict(sort.choices)
        others = [(code, label) for code, label in sorts.items() if code not in (usual, RELEVANCE)]
        # The usual order has no code, so that a text typed into a list by name is answered by relevance.
        sort.widget.choices = [("", sorts[usual]), *others]
        return self.cleaned_data


def find_field(label):
    """Return the field for a part of the names of a facet's values."""
    words = format_lazy(gettext_lazy("Find a value of “{facet}”"), facet=label)
    widget = forms.TextInput(attrs={"type": "search", "class": "find", "placeholder": gettext_lazy("Find …")})
    return forms.CharField(max_length=100, required=False, label=words, widget=widget)


def usual_sort(text):
    """Return the order of a list that asks for none."""
    return RELEVANCE if text and has_word(text) else "name"


@cache
def form_class(filterset_class):
    """Return the form of a filterset class, made once."""
    fields = {name: filter_.field for name, filter_ in filterset_class.base_filters.items()}
    made = type(f"{filterset_class.__name__}Form", (filterset_class._meta.form,), fields)
    fields = made.base_fields = copy.deepcopy(made.base_fields)  # the form's own fields are every list's
    for name, filter_ in filterset_class.base_filters.items():
        if isinstance(filter_, FacetFilter) and not filter_.options.in_vocabulary_order:
            fields[FIND + name] = find_field(filter_.label)
    orders = {*filterset_class.orders, RELEVANCE}
    fields["sort"].choices = [choice for choice in fields["sort"].choices if choice[0] in orders]
    fields["show"].choices = [(name, name) for name, field in fields.items() if hasattr(field, "options")]
    made.base_fields = _Fields(fields)
    return made


class _Fields(dict):
    """The fields of a form class, whose forms change no more of them than attributes of a field and of its widget.

    To copy all that they hold, as Django does, is three fifths of asking a question.
    """

    def __deepcopy__(self, _memo):
        fields = {name: copied(field) for name, field in self.items()}
        for field in fields.values():
            field.widget = copied(field.widget)
        return fields


def copied(one):
    """Return another object with the same attributes, in a tenth of the time of `copy.copy()`."""
    other = object.__new__(type(one))
    other.__dict__.update(one.__dict__)
    return other
