"""What a program is told below `/api/` where its question has no answer: problem details (RFC 9457)."""

from http import HTTPStatus

from django.http import JsonResponse
from django.utils.translation import gettext as _

from .addresses import address_of

PREFIX = "/api/"
EVERYBODY = {"Access-Control-Allow-Origin": "*"}  # any site may read, and nobody's cookies count


def is_for_programs(request):
    """Say whether an address is one that programs ask; reads nothing else of a request, which may be broken."""
    return request.path_info.startswith(PREFIX)


def problem(status, detail, **members):
    """Return an answer that says what is wrong, in the active language; further members say where."""
    said = {
        "type": f"{address_of('partners:about-api')}#status-{status}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
    }
    return JsonResponse(
        said | members,
        status=status,
        content_type="application/problem+json",
        headers=EVERYBODY,
        json_dumps_params={"ensure_ascii": False},
    )


def busy_problem(retry_after):
    """Return the answer to who should ask again in some seconds."""
    response = problem(HTTPStatus.SERVICE_UNAVAILABLE, _("The directory cannot answer at the moment: ask again soon."))
    response.headers["Retry-After"] = str(retry_after)
    return response
