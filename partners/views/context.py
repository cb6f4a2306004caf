"""What every page knows."""

from django.utils.functional import SimpleLazyObject

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
