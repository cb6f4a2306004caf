"""What the project itself answers, whatever directory it holds."""

import datetime

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

HOLDS_FOR = datetime.timedelta(days=180)


@require_safe
def security_txt(request):
    """Answer where to report a weakness, in the format of RFC 9116.

    :raises Http404: without `SECURITY_CONTACT`.
    """
    contact = settings.SECURITY_CONTACT
    if not contact:
        raise Http404
    lines = [
        f"Contact: {contact if ':' in contact else f'mailto:{contact}'}",
        f"Expires: {timezone.localdate() + HOLDS_FOR}T00:00:00Z",
        f"Canonical: {request.build_absolute_uri(request.path)}",
        "Preferred-Languages: en, ru",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
