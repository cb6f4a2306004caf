"""What changed since a moment, for who has copied the directory and wants to keep the copy true."""

import datetime
import re
from http import HTTPStatus
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...boards.changes import institutions_since_day, institutions_since_position, left
from ...facets import FIRST_DAY, LAST_DAY
from ...index.current import snapshot_position
from ...lists.cursor import SIGNER, CursorField
from ...lists.institutions import INSTITUTION_ROWS
from ...models import Institution
from ...problems import problem
from ..files import origin
from .endpoint import content, endpoint, refusal
from .lists import SIZE, SIZE_AT_MOST

POSITION = re.compile(r"(\d{1,19})-(\d{1,19})", re.ASCII)
WALK = "changes"  # the first word of a cursor


class SinceField(forms.Field):
    """A position that an answer gave, or a day."""

    default_error_messages = {
        "required": gettext_lazy("Say since when: the position of an earlier answer, or a day such as 2026-01-31."),
        "invalid": gettext_lazy("Write the position of an earlier answer, or a day such as 2026-01-31."),
    }

    def to_python(self, value):
        """Return (epoch, number) or a day.

        :raises ValidationError: for anything else.
        """
        if not value:
            return None
        if found := POSITION.fullmatch(value):
            return tuple(map(int, found.groups()))
        try:
            day = datetime.datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"]) from error
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(self.error_messages["invalid"])
        return day


class ChangesForm(forms.Form):
    """The parameters of the changes."""

    since = SinceField(label=gettext_lazy("Since"))
    size = forms.IntegerField(min_value=1, max_value=SIZE_AT_MOST, required=False, label=gettext_lazy("Rows"))
    cursor = CursorField(required=False, label=gettext_lazy("Where to go on"))

    def clean_cursor(self):
        """Return the key after which to go on, and the position that the first answer gave."""
        cursor = self.cleaned_data["cursor"]
        if cursor and cursor[0] != WALK:
            raise ValidationError(_("This cursor belongs to another list: begin without one."))
        return cursor[1:] if cursor else [-1, _in_words(snapshot_position())]


@endpoint(*ChangesForm.base_fields)
def changes(request):
    """Send the institutions that changed since a position or a day, by key, and `gone` for those that left."""
    form = ChangesForm(request.GET)
    if not form.is_valid():
        return refusal(form.errors)
    since, size = form.cleaned_data["since"], form.cleaned_data["size"] or SIZE
    last, position = form.cleaned_data["cursor"]
    found = _changed(since)
    if found is None:
        return problem(
            HTTPStatus.GONE, _("The log does not reach back so far: read the lists anew."), parameter="since"
        )
    institutions, shared = found
    keys = sorted(institutions)
    page = [key for key in keys if key > last][:size]
    has_more = bool(page) and page[-1] < keys[-1]
    following = None
    if has_more:
        asked = {name: request.GET[name] for name in ("since", "lang") if name in request.GET}
        asked |= {"size": size, "cursor": SIGNER.sign_object([WALK, page[-1], position])}
        following = f"{origin(request)}{request.path}?{urlencode(asked)}"
    listed = list(Institution.objects.published().filter(pk__in=page).order_by("pk").values_list("pk", flat=True))
    columns = INSTITUTION_ROWS.in_language(listed, origin(request))
    answer = {
        "position": position,
        "count": len(keys),
        "vocabularies_changed": shared,
        "next": following,
        "results": [
            *(dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)),
            *({"slug": slug, "gone": True, "heir": heir} for slug, heir in left(sorted({*page} - {*listed}))),
        ],
    }
    return content(answer, **({"Link": f'<{following}>; rel="next"'} if following else {}))


def _changed(since):
    """Return (keys of institutions, whether the vocabularies changed too), or nothing where nobody knows."""
    if isinstance(since, datetime.date):
        return institutions_since_day(since), False
    here = snapshot_position()
    if here is None or since[0] != here[0] or since[1] > here[1]:
        return None
    return institutions_since_position(since[1])


def _in_words(position):
    return position and f"{position[0]}-{position[1]}"
