"""What holds for every answer of the project, static files among them: who asked, and which sites may embed it."""

import ipaddress

from django.conf import settings


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


class ResourcePolicy:
    """Middleware that keeps pages of other sites from embedding our answers; links to them still work."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response
