"""What holds for every answer of the project, static files among them: who asked, its id, which sites may embed it."""

import ipaddress
import logging
import re
import time
from uuid import uuid4

from django.conf import settings

from .logs import request_id

requests = logging.getLogger("consortium.requests")

ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class ClientAddress:
    """Middleware that writes the client's own address into `REMOTE_ADDR`, where limits, logs and packages look for it.

    Behind n proxies it is the n-th from the right in `X-Forwarded-For`, because each proxy appends the address that it
    was called from. A request with fewer, or with something else there, did not pass all of them; its address stays.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.PROXIES:
            forwarded = request.headers.get("X-Forwarded-For", "").split(",")
            if len(forwarded) >= settings.PROXIES and (address := _address(forwarded[-settings.PROXIES])):
                request.META["REMOTE_ADDR"] = address
        return self.get_response(request)


def _address(text):
    """Return an IP address as it is written, without port and brackets, or None where it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:  # with a port; an address of version 6 has more colons
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


class RequestId:
    """Middleware that gives each request an id, which its answer and its lines in the log carry, and one such line.

    The id is a proxy's own where `PROXIES` counts one, because only then it cannot be a visitor's.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        sent = request.headers.get("X-Request-ID", "") if settings.PROXIES else ""
        request_id.set(sent if ID.fullmatch(sent) else uuid4().hex)  # until the next: Django logs later that it failed
        began = time.perf_counter()
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id.get()
        if requests.isEnabledFor(logging.INFO):
            requests.info("Answered", extra={"fields": _line(request, response, time.perf_counter() - began)})
        return response


def _line(request, response, seconds):
    """Return what the log says of a request: no person, and of a page that is not public its route alone.

    The address of such a page may hold a key, as that of a mail that sets a new password does.
    """
    match = request.resolver_match
    is_public = match is None or getattr(match.func, "is_public", False)
    path = request.path if is_public else f"/{match.route}"
    return {
        "method": request.method,
        "path": request.get_full_path() if is_public and settings.LOG_QUERIES else path,
        "view": match.view_name if match else "",
        "status": response.status_code,
        "seconds": round(seconds, 4),
    }


class ResourcePolicy:
    """Middleware that keeps pages of other sites from embedding our answers; links to them still work."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response
