"""Filters that keep rows by a day: from one on, or until one."""

import datetime

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy
from pyroaring import BitMap

from .indexed import IndexedFilter
from .path import Path

FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)
FROM, TO = "gte", "lte"  # both days are included


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


def day_field(label, required=False):
    """Return the form field of a day in ISO 8601."""
    out_of_range = gettext_lazy("Choose a day between 1900 and 2199.")
    return forms.DateField(
        required=required,
        label=label,
        input_formats=["%Y-%m-%d"],
        validators=[MinValueValidator(FIRST_DAY, out_of_range), MaxValueValidator(LAST_DAY, out_of_range)],
        error_messages={"invalid": gettext_lazy("Write a day as year, month and day, for example 2026-01-31.")},
        widget=DayInput(),
    )


class DayFilter(IndexedFilter):
    """Keep rows whose day lies on one side of the day that is asked for; those without a day pass where none is."""

    field_class = staticmethod(day_field)

    def __init__(self, day, side, *, postings, label, words):
        """Take the field and the side.

        :param postings: the name of the filter, of the two over one day, that has the postings for both.
        :param words: the filter in words, with `%(day)s`.
        """
        super().__init__(field_name=postings, label=label)
        self.day = day
        self.side = side
        self.words = words
        self.column = Cast(F(day), TextField())  # ISO 8601 in every database, which sorts as days do

    def paths(self, model):
        """Return the Path of the day."""
        return [Path.of(model, self.day)]

    def parts(self, asked):
        """Return [(words, the value without it)] of the day, or nothing where none is asked for."""
        return [(self.words % {"day": date_format(asked, "DATE_FORMAT")}, None)] if asked else []

    def codes(self, asked):
        """Return what stands for it in the name of a file."""
        return [asked.isoformat()] if asked else []

    def keys_by_value(self, entries):
        """Return {day or an empty text: keys} for the index."""
        return super().keys_by_value((key, day or "") for key, day in entries)

    def filter(self, queryset, asked):
        """Keep the rows on the side."""
        return queryset.filter(**{f"{self.day}__{self.side}": asked}) if asked else queryset

    def keys_in(self, index, asked):
        """Return the keys of an index on the side, or None where no day is asked for."""
        if asked is None:
            return None
        postings, bound = index.facets[self.postings_name], asked.isoformat()
        days = [day for day in postings.keys if day and (day >= bound if self.side == FROM else day <= bound)]
        return postings.having(days) if days else BitMap()
