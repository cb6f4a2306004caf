"""The page that explains the API to people."""

from django.shortcuts import render

from .api.description import operations
from .api.lists import SIZE, SIZE_AT_MOST
from .files import origin
from .public import public


@public()
def about_api(request):
    """Show every address with its parameters, the limits, and lines to copy."""
    context = {"origin": origin(request), "operations": operations(), "size": SIZE, "size_at_most": SIZE_AT_MOST}
    return render(request, "partners/about_api.html", context)
