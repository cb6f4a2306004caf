"""Logos of the consortium and of its partners."""

from django.http import Http404, HttpResponse

from ..models import Logo
from .public import public


@public()
def logo(_request, digest):
    """Send a logo by the digest of its picture.

    :raises Http404: where nobody who has a page has it.
    """
    found = Logo.objects.public().filter(digest=digest).values_list("picture", flat=True).first()
    if found is None:
        raise Http404
    return HttpResponse(
        bytes(found),
        content_type="image/webp",
        headers={"Content-Disposition": f'inline; filename="{digest}.webp"'},
    )
