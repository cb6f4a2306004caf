"""The list's question as the overviews ask it, and what the coverage board implies when a visitor ticks nothing."""

import copy
import datetime
from dataclasses import replace
from urllib.parse import parse_qs

from django import forms
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..facets import NONE
from ..lists.filters import InstitutionFilter
from ..lists.forms import ListForm
from ..lists.gather import roles_in
from ..models import RoleGroup, Standing
from .coverage import COUNTED_STANDINGS, COVERING

PARTNERS = ["partner"]
EVERYBODY = ["partner", "registry"]
USUAL_WINDOW = "60"
WINDOWS = [(days, format_lazy(gettext_lazy("{days} days"), days=days)) for days in ("30", USUAL_WINDOW, "90", "180")]


def hidden(name):
    """Return a field of a list's form as a hidden input, which a page passes on without showing it."""
    field = copy.copy(ListForm.base_fields[name])
    field.widget = forms.HiddenInput()
    return field


class OverviewForm(ListForm):
    """The parameters of a list; order and page size are passed on to the lists that numbers link to."""

    beside_filter = ("q",)
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


class PartnersForm(OverviewForm):
    """The parameters of a list; of institutions, partners are implied."""

    def clean(self):
        question = super().clean()
        self.implied = {"partner": PARTNERS} if question.get("partner") in ([], PARTNERS) else {}
        return question | self.implied


class OfPartners:
    """What a filterset needs where partners are implied: its own addresses leave it out, those of lists contain it."""

    def selection(self):
        """Return what the visitor ticked, without what is implied."""
        return [(name, *rest) for name, *rest in super().selection() if name not in self.form.implied]

    def address(self, **changes):
        """Return the query string of this page with some parameters changed."""
        return super().address(**dict.fromkeys(self.form.implied) | changes)

    def list_url(self, **changes):
        """Return the path of the list with some parameters changed."""
        return super().list_url(**{"show": None} | self.form.implied | changes)


class PipelineForm(PartnersForm):
    """The parameters of a list and how many days ahead an agreement is due."""

    window = forms.ChoiceField(
        choices=WINDOWS, required=False, label=gettext_lazy("Due within"), widget=forms.HiddenInput
    )

    def clean(self):
        question = super().clean()
        if "window" not in self.errors and not question["window"]:
            question["window"] = USUAL_WINDOW
        return question


class PipelineFilter(OfPartners, OverviewFilter):
    """The list's question, asked for the pipeline: of partners, unless it asks for others too."""

    class Meta(OverviewFilter.Meta):
        form = PipelineForm

    @property
    def window(self):
        """Return how long before its end an agreement is due."""
        return datetime.timedelta(days=int(self.form.cleaned_data["window"]))

    @property
    def windows(self):
        """Return [(label, address, whether it is on)] of the windows."""
        asked = self.form.cleaned_data["window"]
        return [(label, self.address(window=days, show=None), days == asked) for days, label in WINDOWS]

    def address(self, **changes):
        """Return the query string of this pipeline with some parameters changed."""
        parameters = {"window": self.form.cleaned_data["window"]} | changes
        return super().address(**parameters | ({"window": None} if parameters["window"] == USUAL_WINDOW else {}))

    def list_url(self, **changes):
        """Return the path of the list, which knows no window, with some parameters changed."""
        return super().list_url(**{"window": None} | changes)


class BoardForm(OverviewForm):
    """The parameters of a list and the group of roles; roles, standing and state are implied until they are ticked."""

    role_match = hidden("role_match")  # a board counts each role by itself
    group = forms.ChoiceField(
        choices=RoleGroup.choices, required=False, label=gettext_lazy("Group of roles"), widget=forms.HiddenInput
    )

    def clean(self):
        question = super().clean()
        roles = question.get("role", [])
        if NONE in roles:
            self.add_error("role", _("A board shows who takes part: it has no row for “no role”."))
        if question.get("role_match") == "all":
            if len(roles) > 1:
                self.add_error("role_match", _("A board counts each role in a row of its own: choose “any of them”."))
            else:
                question["role_match"] = "any"  # the same, and counts beside roles not ticked are those of the board
        self.rows = roles_in(question.get("group") or RoleGroup.CHAIN)
        self.implied = {
            name: [str(code) for code in codes]
            for name, codes in COVERING.items()
            if name in question and set(question[name]) in (set(), set(codes))
        }
        codes = [role.code for role in self.rows]
        if rows := [code for code in roles if code in codes]:
            question["role"] = rows
        elif not roles:
            self.implied |= {"role": codes, "role_match": "any"}
        return question | self.implied

    def hidden_fields(self):
        """Return what the filter passes on without showing it; with a further role, “each of them” would be refused."""
        return [field for field in super().hidden_fields() if field.name != "role_match"]


class BoardFilter(OverviewFilter):
    """The list's question, asked for a board: links to lists contain what is implied, the board's own do not."""

    class Meta(OverviewFilter.Meta):
        form = BoardForm

    def facets(self):
        """Return a Facet for each facet filter, that of roles with the rows of the board.

        Where no ticked role is a row, only that of roles with what is ticked.
        """
        rows = {role.code for role in self.form.rows}
        facets = super().facets() if rows.intersection(self.form.cleaned_data["role"]) else [self._facet_of_roles()]
        return [self._with_rows(facet, rows) if facet.name == "role" else facet for facet in facets]

    def _facet_of_roles(self):
        return next(facet for facet in super().facets() if facet.name == "role")

    def _with_rows(self, facet, rows):
        values = tuple(value for value in facet.values if value.code in rows or value.is_selected)
        return replace(facet, values=values)

    def ticked(self, name):
        """Return the codes of a facet that are shown as ticked; rows of the board need no tick."""
        return [] if name == "role" and name in self.form.implied else super().ticked(name)

    def with_everybody(self):
        """Return the same question without leaving anybody out."""
        return type(self).asking(**parse_qs(self.address(without=None)[1:]))

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

    def codes_in_slug(self, name):
        """Return the codes of a facet that the name of a file says, without what is implied."""
        return [] if name in self.form.implied else super().codes_in_slug(name)

    def slug(self):
        """Return the group and the filter for a file name; no query."""
        return " ".join(filter(None, [self.form.cleaned_data["group"], super().slug()]))

    def address(self, **changes):
        """Return the query string of this board with some parameters changed."""
        return super().address(**dict.fromkeys(self.form.implied) | changes)

    def list_url(self, **changes):
        """Return the path of the list of institutions with some parameters changed."""
        return super().list_url(**self.form.implied | {"group": None} | changes)
