"""The question of the changes: of which institutions, between which days."""

import datetime

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..filters import OverviewFilter, OverviewForm

FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)
LONGEST = datetime.timedelta(days=3660)  # between two days


class DayInput(forms.DateInput):
    """An input of a day; what is no day is not repeated in it, because browsers and readers of HTML refuse that."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")

    def format_value(self, value):
        """Return a day in ISO 8601, or None."""
        text = super().format_value(value)
        try:
            return text and datetime.date.fromisoformat(text).isoformat()
        except ValueError:
            return None


def _day(label):
    out_of_range = gettext_lazy("Choose a day between 1900 and 2199.")
    return forms.DateField(
        required=False,
        label=label,
        input_formats=["%Y-%m-%d"],
        validators=[MinValueValidator(FIRST_DAY, out_of_range), MaxValueValidator(LAST_DAY, out_of_range)],
        error_messages={"invalid": gettext_lazy("Write a day as year, month and day, for example 2026-01-31.")},
        widget=DayInput(),
    )


class ChangesForm(OverviewForm):
    """The parameters of a list and two days, both included; the last one is today unless it is chosen."""

    since = _day(gettext_lazy("First day"))
    until = _day(gettext_lazy("Last day"))

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
