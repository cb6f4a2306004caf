"""What a search box offers while somebody types."""

from http import HTTPStatus

from django.shortcuts import render

from ..lists.filters import InstitutionFilter
from ..lists.institutions import INSTITUTION_ROWS
from .public import public

OFFERED = 5  # institutions


@public("q")
def suggest(request):
    """Send the best institutions for the text as options of a list box, none for no text; 400 for an impossible one."""
    text = request.GET.get("q", "")
    filterset = InstitutionFilter({"q": text})
    is_valid = filterset.is_valid()
    rows = []
    if is_valid and filterset.results.searched:
        rows = INSTITUTION_ROWS.of_page(filterset.results.keys(0, OFFERED))
    status = HTTPStatus.OK if is_valid else HTTPStatus.BAD_REQUEST
    return render(request, "partners/includes/suggestions.html", {"institutions": rows}, status=status)
