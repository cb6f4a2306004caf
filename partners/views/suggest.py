"""What a search box offers while somebody types."""

from http import HTTPStatus

from django.shortcuts import render
from django.utils.translation import gettext as _

from .. import search
from ..lists import LISTS
from ..lists.matches import explained
from .named import PLACES_AND_ROLES, cities, roles_and_countries
from .public import public

OFFERED = 5  # rows of each list
SHOWN = ("name", "native_name", "institution", "city", "country_name")  # of a row, in its option


@public("q")
def suggest(request):
    """Send what suits the text as options of a list box, none for no text; 400 for a bad one.

    Roles and countries that it names come first, then the best rows of each list, then cities that it names.
    """
    questions = [(listing, listing.filterset({"q": request.GET.get("q", "")})) for listing in LISTS]
    if not all(filterset.is_valid() for _listing, filterset in questions):
        return _options(request, [], status=HTTPStatus.BAD_REQUEST)
    found = questions[0][1].results.searched
    if not found:
        return _options(request, [])
    values, are_all = search.named(found, PLACES_AND_ROLES)
    groups = [(listing.title, _rows(listing, filterset.results)) for listing, filterset in questions]
    if are_all or not found.keys:
        groups = [(_("Roles and countries"), roles_and_countries(values)), *groups, (_("Cities"), cities(values))]
    return _options(request, [(title, rows) for title, rows in groups if rows], found)


def _rows(listing, results):
    """Return the best rows with why each was found; nothing is read for those whose option shows all words."""
    found, rows = results.searched, listing.rows.of_page(results.keys(0, OFFERED))
    shown = {row.key for row in rows if search.holds_all(found, [getattr(row, name, "") for name in SHOWN])}

    def sources(keys):
        keys = [key for key in keys if key not in shown]
        return listing.sources(keys) if keys and listing.sources else {}

    return explained(rows, found, sources)


def _options(request, groups, found=None, status=HTTPStatus.OK):
    return render(request, "partners/includes/suggestions.html", {"groups": groups, "found": found}, status=status)
