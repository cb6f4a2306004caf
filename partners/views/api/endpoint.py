"""What all addresses of the API share: methods, parameters, language, who may read, and how a problem is told."""

from functools import wraps
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from ...addresses import without_entities
from ...problems import EVERYBODY, problem
from ..public import public

METHODS = "GET, HEAD, OPTIONS"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
READABLE = EVERYBODY | {"Access-Control-Expose-Headers": "Content-Language, ETag, Link, Retry-After"}
FOR_A_DAY = "86400"  # seconds


def endpoint(*parameters, reads=lambda **_named: ()):
    """Let a view answer programs: `lang` and these query parameters are read, and any other is refused.

    `reads` returns further ones by the view's named arguments. It is `public`, and never wants a token of a form.
    """

    def decorate(view):
        held = public(*parameters, "lang", reads=reads)(view)

        @csrf_exempt
        @wraps(held)
        def answer(request, **named):
            if request.method == "OPTIONS":
                return _options()
            request.GET = without_entities(request.GET)  # here once, so that whoever reads them sees the same names
            known = {*parameters, *reads(**named), "lang"}
            language = request.GET.get("lang") or settings.LANGUAGE_CODE
            with override(language if language in LANGUAGES else settings.LANGUAGE_CODE):
                response = _refused(request, known, language) or _answered(held, request, named)
                response.headers["Content-Language"] = language if language in LANGUAGES else settings.LANGUAGE_CODE
            for name, value in READABLE.items():
                response.headers[name] = value
            return response

        return answer

    return decorate


def content(data, **headers):
    """Return data as an answer; headers by their names with `_` for `-`."""
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False})
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def refusal(errors):
    """Return the problem of {parameter: messages}: the first one, and all of them below `errors`."""
    said = [{"parameter": name, "detail": str(message)} for name, messages in errors.items() for message in messages]
    return problem(HTTPStatus.BAD_REQUEST, said[0]["detail"], parameter=said[0]["parameter"], errors=said)


@endpoint()
def nothing(_request, **_named):
    """Answer an address below `/api/` that is none.

    :raises Http404: always.
    """
    raise Http404


def _options():
    headers = {
        "Allow": METHODS,
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": "If-None-Match",
        "Access-Control-Max-Age": FOR_A_DAY,
    }
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=EVERYBODY | headers)


def _refused(request, known, language):
    """Return the problem of a request, or nothing."""
    if request.method not in METHODS.split(", "):
        response = problem(HTTPStatus.METHOD_NOT_ALLOWED, _("The API can only be read: ask by GET."))
        response.headers["Allow"] = METHODS
        return response
    unknown = [name[:40] for name in request.GET if name not in known]
    if unknown:
        return refusal({name: [_("There is no such parameter here.")] for name in unknown[:5]})
    empty = [name for name, values in request.GET.lists() if not all(value.strip() for value in values)]
    if empty:  # a variable that was never set, which would ask for all rows
        return refusal({name: [_("This parameter is empty: leave it out.")] for name in empty})
    if language not in LANGUAGES:
        return refusal({"lang": [_("Choose one of these: %(values)s") % {"values": ", ".join(LANGUAGES)}]})
    return None


def _answered(held, request, named):
    try:
        return held(request, **named)
    except Http404:
        return problem(HTTPStatus.NOT_FOUND, _("Nothing is at this address."))
