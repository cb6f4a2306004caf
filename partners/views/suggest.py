"""What a search box offers while somebody types."""

from http import HTTPStatus

from django.shortcuts import render

from ..lists import LISTS
from .public import public

OFFERED = 5  # rows of each list


@public("q")
def suggest(request):
    """Send the best rows of each list for the text as options of a list box, none for no text; 400 for a bad one."""
    questions = [(listing, listing.filterset({"q": request.GET.get("q", "")})) for listing in LISTS]
    is_valid = all(filterset.is_valid() for _listing, filterset in questions)
    groups = [
        (listing.title, listing.rows.of_page(filterset.results.keys(0, OFFERED)))
        for listing, filterset in questions
        if is_valid and filterset.results.searched
    ]
    status = HTTPStatus.OK if is_valid else HTTPStatus.BAD_REQUEST
    return render(request, "partners/includes/suggestions.html", {"groups": groups}, status=status)
