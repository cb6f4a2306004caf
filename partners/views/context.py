"""What every page knows."""

from functools import cache

from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext

from ..models import Consortium
from ..reader import kept_for_the_moment
from .languages import editions


def consortium(_request):
    """Give templates the consortium, an empty one before there is one."""
    return {"consortium": SimpleLazyObject(_consortium)}


@kept_for_the_moment
def _consortium():
    """Read the consortium; one query, in another language than English two."""
    row = Consortium.objects.first()
    return row.as_read() if row else Consortium()


def languages(request):
    """Give templates the page in each language; no query."""
    return {"editions": SimpleLazyObject(lambda: editions(request))}


def texts(_request):
    """Give templates the texts of the page's language; to ask for each which language that is took most of the time."""
    return {"_": _texts_in(get_language()).__getitem__}


class _Texts(dict):
    """Texts in the language in which they were first asked for, by the English ones."""

    def __missing__(self, text):
        self[text] = gettext(text)
        return self[text]


@cache
def _texts_in(_language):
    return _Texts()
