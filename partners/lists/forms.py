"""The parameters of a list that leave its rows as they are: order, size and number of the page, open facets."""

from django import forms
from django.forms.renderers import Jinja2
from django.utils.translation import gettext_lazy

from ..facets import ANY_OR_ALL
from .results import RELEVANCE
from .search import has_word

SIZES = ["25", "50", "100"]  # rows of a page


class ListForm(forms.Form):
    """The parameters of a list that leave its rows as they are."""

    default_renderer = Jinja2()  # of Django's own widgets, five times as fast as its other templates

    role_match = forms.ChoiceField(choices=ANY_OR_ALL, required=False, label=gettext_lazy("With several roles"))
    sort = forms.ChoiceField(
        choices=[
            (RELEVANCE, gettext_lazy("relevance")),
            ("name", gettext_lazy("name")),
            ("country", gettext_lazy("country")),
            ("verified", gettext_lazy("last verified")),
            ("newest", gettext_lazy("newest entry")),
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
        for name, default in [("role_match", "any"), ("sort", usual), ("size", SIZES[0]), ("page", 1)]:
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


def usual_sort(text):
    """Return the order of a list that asks for none."""
    return RELEVANCE if text and has_word(text) else "name"
