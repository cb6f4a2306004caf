"""The list's question as the overviews ask it, and what the coverage board implies when a visitor ticks nothing."""

import copy

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..facets import NONE
from ..lists.filters import InstitutionFilter
from ..lists.forms import ListForm
from ..models import RoleGroup, Standing
from .coverage import COUNTED_STANDINGS, COVERING


def hidden(name):
    """Return a field of a list's form as a hidden input, which a page passes on without showing it."""
    field = copy.copy(ListForm.base_fields[name])
    field.widget = forms.HiddenInput()
    return field


class OverviewForm(ListForm):
    """The parameters of a list; order and page size are passed on to the lists that numbers link to."""

    sort = hidden("sort")
    size = hidden("size")


class OverviewFilter(InstitutionFilter):
    """The list's question, asked by another page: its facets count lists and its numbers link to them."""

    class Meta(InstitutionFilter.Meta):
        form = OverviewForm

    def value_url(self, **changes):
        """Return the path of the list that the count of a facet's value counts."""
        return self.list_url(**changes)

    def list_url(self, **changes):
        """Return the path of the list of institutions with some parameters changed."""
        return super().list_url(**{"show": None} | changes)

    def page_url(self, name, *args, **changes):
        """Return the path of another page or a file with the same question, some parameters changed."""
        return reverse(f"partners:{name}", args=args) + self.address(**{"show": None} | changes)


class BoardForm(OverviewForm):
    """The parameters of a list and the group of roles; standing and state are implied until they are ticked."""

    role_match = hidden("role_match")  # a board counts each role by itself
    group = forms.ChoiceField(
        choices=RoleGroup.choices, required=False, label=gettext_lazy("Group of roles"), widget=forms.HiddenInput
    )

    def clean(self):
        question = super().clean()
        self.implied = {
            name: [str(code) for code in codes]
            for name, codes in COVERING.items()
            if name in question and set(question[name]) in (set(), set(codes))
        }
        question |= self.implied
        roles = question.get("role", [])
        if NONE in roles:
            self.add_error("role", _("A board shows who takes part: it has no row for “no role”."))
        if len(roles) > 1 and question.get("role_match") == "all":
            self.add_error("role_match", _("A board counts each role in a row of its own: choose “any of them”."))
        return question


class BoardFilter(OverviewFilter):
    """The list's question, asked for a board: links to lists contain what is implied, the board's own do not."""

    class Meta(OverviewFilter.Meta):
        form = BoardForm

    @property
    def group(self):
        """Return the group of roles that makes the rows."""
        return RoleGroup(self.form.cleaned_data["group"] or RoleGroup.CHAIN)

    @property
    def switches(self):
        """Return [(label, address, whether it is on)] of the three ways to count agreements."""
        signed, expected = Standing.SIGNED, Standing.EXPECTED
        ways = [
            (_("Every standing but suspended and former"), COUNTED_STANDINGS),
            (_("Only signed"), [signed]),
            (_("As if all expected sign"), [signed, expected]),
        ]
        asked = set(self.form.cleaned_data["standing"])
        return [
            (
                label,
                self.address(standing=None if codes == COUNTED_STANDINGS else codes, show=None),
                set(codes) == asked,
            )
            for label, codes in ways
        ]

    def selection(self):
        """Return what the visitor ticked, without what is implied."""
        return [(name, *rest) for name, *rest in super().selection() if name not in self.form.implied]

    def slug(self):
        """Return the filter for a file name, without what is implied; no query."""
        question = self.form.cleaned_data
        asked = [name for name in self.filters if name != "q" and name not in self.form.implied]
        return " ".join([question["group"], question["q"], *(code for name in asked for code in question[name])])

    def address(self, **changes):
        """Return the query string of this board with some parameters changed."""
        return super().address(**dict.fromkeys(self.form.implied) | changes)

    def list_url(self, **changes):
        """Return the path of the list of institutions with some parameters changed."""
        return super().list_url(**self.form.implied | {"group": None} | changes)
