"""The question of the changes: of which institutions, between which days."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...facets import day_field
from ..filters import OverviewFilter, OverviewForm

LONGEST = datetime.timedelta(days=3660)  # between two days


class ChangesForm(OverviewForm):
    """The parameters of a list and two days, both included; the last one is today unless it is chosen."""

    beside_filter = ("q", "since", "until")
    since = day_field(gettext_lazy("First day"))
    until = day_field(gettext_lazy("Last day"))

    def clean(self):
        question = super().clean()
        if self.errors:
            return question
        if question["since"] and not question["until"]:
            question["until"] = timezone.localdate()
        if question["until"] and not question["since"]:
            self.add_error("since", _("Choose the first day too."))
        elif question["since"] and question["since"] > question["until"]:
            self.add_error("until", _("The last day lies before the first."))
        elif question["since"] and question["until"] - question["since"] > LONGEST:
            self.add_error("until", _("Choose days that lie at most ten years apart."))
        return question


class ChangesFilter(OverviewFilter):
    """The list's question, asked of the changes of its institutions; numbers lead to lists, which know no days."""

    class Meta(OverviewFilter.Meta):
        form = ChangesForm

    @property
    def days(self):
        """Return (first day, last day), or (None, None)."""
        return self.form.cleaned_data["since"], self.form.cleaned_data["until"]

    def list_url(self, **changes):
        """Return the path of the list of institutions with some parameters changed."""
        return super().list_url(**{"since": None, "until": None} | changes)
