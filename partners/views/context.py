"""What every page knows."""

from django.utils.functional import SimpleLazyObject

from ..models import Consortium
from .languages import editions


def consortium(_request):
    """Give templates the consortium, an empty one before there is one; one query where a page asks for it.

    In another language than English two.
    """

    def read():
        row = Consortium.objects.first()
        return row.as_read() if row else Consortium()

    return {"consortium": SimpleLazyObject(read)}


def languages(request):
    """Give templates the page in each language; no query."""
    return {"editions": SimpleLazyObject(lambda: editions(request))}
