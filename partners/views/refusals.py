"""What is answered where an address asks for something that is not known, or that stands elsewhere."""

from http import HTTPStatus

from django.http import HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render


def refuse(request, template, context, errors, format_name=""):
    """Answer 400 with {parameter: messages}: by a page, which finds them in its context, or by JSON for a JSON file.

    Other files are asked for by people, who can read a page.
    """
    if format_name == "json":
        texts = {name: [str(message) for message in messages] for name, messages in errors.items()}
        return JsonResponse({"errors": texts}, status=HTTPStatus.BAD_REQUEST, json_dumps_params={"ensure_ascii": False})
    return render(request, template, context, status=HTTPStatus.BAD_REQUEST)


def lead_on(address):
    """Redirect for good, keeping the method (308); a browser asks again all the same: an editor may take it back."""
    return HttpResponsePermanentRedirect(address, preserve_request=True)
