"""The lists' questions as the map asks them: of partners, unless somebody asks for others too."""

from functools import cache

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...addresses import address_of
from ...lists import list_of
from ..filters import EVERYBODY, OfPartners, PartnersForm
from . import Box


class BoxField(forms.Field):
    """A part of the map."""

    widget = forms.HiddenInput

    def to_python(self, value):
        """Return the Box, or None where none is asked for.

        :raises ValidationError: when it is not one.
        """
        if not value:
            return None
        try:
            return Box.parse(value)
        except ValueError as error:
            raise ValidationError(_("Write west, south, east and north in degrees, with commas between.")) from error


class MapForm(PartnersForm):
    """The parameters of a list and the part of the map."""

    box = BoxField(required=False, label=gettext_lazy("Part of the map"))


class OnMap(OfPartners):
    """What a filterset needs on a map."""

    def address(self, **changes):
        """Return the query string of this map with some parameters changed; a new question has no box."""
        return super().address(**{"box": None} | changes)

    def page_url(self):
        """Return the path of this map as a whole."""
        return address_of(f"partners:{list_of(self).map_name}") + self.address(show=None)


@cache
def on_map(listing):
    """Return the filterset of a list's map."""

    class MapFilter(OnMap, listing.filterset):
        class Meta(listing.filterset.Meta):
            form = MapForm

    return MapFilter


def map_url(filterset):
    """Return the path of the map of exactly what the valid filterset of a list keeps, or empty without a map."""
    listing = list_of(filterset)
    if not listing.has_map:
        return ""
    question = {"size": None, "sort": None, "show": None}
    if filterset.form.cleaned_data.get("partner") == []:
        question["partner"] = EVERYBODY
    return address_of(f"partners:{listing.map_name}") + filterset.address(**question)
