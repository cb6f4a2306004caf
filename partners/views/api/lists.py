"""The rows of a list, some at a time, with the cursor that leads to the next ones."""

from functools import cache

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...addresses import address_of
from ...lists.cursor import CursorField, page_after
from ...lists.forms import SIZES, ListForm
from ..files import consortium, origin
from .endpoint import content, endpoint, refusal

SIZE, SIZE_AT_MOST = int(SIZES[0]), 200  # rows; without `size` as many as on a page
OF_PAGES = ("page", "show")  # parameters that only a page has
OWN = ("cursor", "size", "fields", "facets", "lang")  # those that say nothing of the rows


class FieldNames(forms.Field):
    """Some of a row's columns, with commas between; all where none is named."""

    widget = forms.SelectMultiple

    def __init__(self, names):
        super().__init__(required=False, label=gettext_lazy("Columns"))
        self.names = names

    def to_python(self, value):
        """Return the names once each.

        :raises ValidationError: naming the first that is no column.
        """
        names = [name.strip() for part in value or [] for name in part.split(",") if name.strip()]
        for name in names:
            if name not in self.names:
                raise ValidationError(_("“%(name)s” is not a column of this list."), params={"name": name[:40]})
        return list(dict.fromkeys(names))


class ProgramForm(ListForm):
    """The parameters of a list as a program gives them: how many rows at a time, after which, and what of them."""

    size = forms.IntegerField(min_value=1, max_value=SIZE_AT_MOST, required=False, label=gettext_lazy("Rows"))
    cursor = CursorField(required=False, label=gettext_lazy("Where to go on"))
    facets = forms.ChoiceField(choices=[("1", "1"), ("0", "0")], required=False, label=gettext_lazy("Counts"))
    lang = forms.ChoiceField(choices=settings.LANGUAGES, required=False, label=gettext_lazy("Language"))

    def clean(self):
        question = super().clean()
        if not self.errors:
            question["size"] = int(question["size"])
            if question["cursor"] and question["cursor"][0] != question["sort"]:
                self.add_error("cursor", _("This cursor belongs to another order: begin without one."))
            if question["facets"] == "1":
                question["show"] = [name for name, field in self.fields.items() if hasattr(field, "options")]
        return question


@cache
def asked_by_programs(listing):
    """Return the filterset of a list as programs ask it."""

    class Form(ProgramForm):
        fields = FieldNames([column.name for column in listing.rows.file_columns])

    class ProgramFilter(listing.filterset):
        class Meta(listing.filterset.Meta):
            form = Form

        @classmethod
        def parameters(cls):
            """Return the names of the query parameters that it reads."""
            return [name for name in super().parameters() if name not in OF_PAGES]

        def address(self, **changes):
            """Return the query string of this list with some parameters changed; open facets are the answer's."""
            return super().address(**{"show": None, "cursor": None} | changes)

    return ProgramFilter


@endpoint(reads=lambda listing: asked_by_programs(listing).parameters())
def list_rows(request, listing):
    """Send the rows of a list that the address asks for: those of its page and its file, in the same order."""
    filterset = asked_by_programs(listing)(request.GET)
    if not filterset.is_valid():
        return refusal(filterset.errors)
    question, results = filterset.form.cleaned_data, filterset.results
    keys, cursor = page_after(results, question["cursor"], question["size"])
    start = origin(request)
    following = start + request.path + filterset.address(cursor=cursor) if cursor else None
    answer = {
        "count": results.count(),
        "filter": filterset.sentence(),
        "url": (start + filterset.list_url(**dict.fromkeys(OWN))).rstrip("?"),
        "licence": consortium().licence,
        "next": following,
    }
    if question["facets"] == "1":
        answer["facets"] = _facets(filterset)
    answer["results"] = _rows(listing.rows, keys, start, question["fields"])
    description = f'<{address_of("partners:api-description")}>; rel="service-desc"'
    return content(answer, Link=", ".join([f'<{following}>; rel="next"'] * bool(following) + [description]))


def _rows(rows, keys, start, names):
    columns = rows.in_language(keys, start, names)
    names = names or list(columns)
    return [dict(zip(names, values, strict=True)) for values in zip(*map(columns.get, names), strict=True)]


def _facets(filterset):
    """Return {facet: its values with the number of rows that the list has with this value alone}."""
    return {
        facet.name: {
            "label": facet.label,
            "values": [
                {"value": value.code, "label": value.label, "count": value.count, "selected": value.is_selected}
                for value in facet.values
            ],
            "hidden": facet.hidden,
        }
        for facet in filterset.facets()
    }
