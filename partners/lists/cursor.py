"""Where a program stopped reading a list, so that it goes on there whatever was edited meanwhile."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from itertools import islice

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _
from pyroaring import BitMap

from ..index.orders import Place
from ..search.ranking import RANKED_AT_MOST
from .results import RELEVANCE

SIGNER = Signer(salt="cursor", sep="~")  # a sign that stands in addresses as it is


class CursorField(forms.Field):
    """What `page_after()` gave; nobody else can write one."""

    def to_python(self, value):
        """Return [order, what says where a program stopped], or None at the beginning.

        :raises ValidationError: for a text that is no cursor of ours.
        """
        if not value:
            return None
        try:
            return SIGNER.unsign_object(value)
        except (BadSignature, UnicodeEncodeError) as error:
            raise ValidationError(_("This cursor was not given by a list: begin without one.")) from error


def page_after(results, cursor, size):
    """Return (the next keys of a list in its order, the cursor after them or nothing at the end).

    A row that stands in the list all the while comes once, unless an edit moves it across the cursor: no order but
    relevance knows what it has given.
    """
    order = results.filterset.form.cleaned_data["sort"]
    where = cursor[1:] if cursor else []
    if order == RELEVANCE:
        return _by_relevance(results.keys(), *where, size=size)
    places = results.after(Place(*where) if where else None, size + 1)
    keys = [place.key for place in places[:size]]
    return keys, SIGNER.sign_object([order, *places[size - 1]]) if len(places) > size else None


def _by_relevance(order, given="", last=-1, *, size):
    """Return the same by relevance, which edits turn around: the cursor has the best rows that were given.

    As many as are ranked; the rest follow by key.
    """
    found, given = BitMap(order), BitMap.deserialize(urlsafe_b64decode(given)) if given else BitMap()
    if len(given) < RANKED_AT_MOST:
        best = (key for key in order if key not in given)
        keys = list(islice(best, min(size, RANKED_AT_MOST - len(given))))
        given |= BitMap(keys)
    else:
        keys = list(islice((key for key in found - given if key > last), size))
        last = keys[-1] if keys else last
    if not any(key > last for key in found - given):
        return keys, None
    return keys, SIGNER.sign_object([RELEVANCE, urlsafe_b64encode(given.serialize()).decode(), last])
