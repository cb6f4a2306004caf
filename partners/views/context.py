"""What every page knows."""

from django.utils.functional import SimpleLazyObject

from ..models import Consortium


def consortium(_request):
    """Give templates the consortium, or nothing before there is one; one query where a page asks for it."""
    return {"consortium": SimpleLazyObject(lambda: Consortium.objects.first())}
