"""What a search box offers while somebody types."""

from functools import cache
from http import HTTPStatus
from itertools import islice

from django.core.exceptions import ValidationError
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
    text = request.GET.get("q", "")
    try:
        of_lists = [(listing, listing.filterset.found_by(text)) for listing in LISTS]
    except ValidationError:
        return _options(request, [], status=HTTPStatus.BAD_REQUEST)
    if not (found := of_lists[0][1]):
        return _options(request, [])
    values, are_all = search.named(found, PLACES_AND_ROLES)
    groups = [(listing.title, _rows(listing, of_list)) for listing, of_list in of_lists]
    if are_all or not found.keys:
        groups = [(_("Roles and countries"), roles_and_countries(values)), *groups, (_("Cities"), cities(values))]
    return _options(request, [(title, rows) for title, rows in groups if rows], found)


def _rows(listing, found):
    """Return the best rows with why each was found; nothing is read for those whose option shows all words."""
    rows = _of_options(listing.rows).of_page(list(islice(found.order, OFFERED)))
    shown = {row.key for row in rows if search.holds_all(found, [getattr(row, name, "") for name in SHOWN])}

    def sources(keys):
        keys = [key for key in keys if key not in shown]
        return listing.sources(keys) if keys and listing.sources else {}

    return explained(rows, found, sources)


@cache
def _of_options(rows):
    """Return what reads those columns of a list's rows that its options show."""
    return rows.only(*SHOWN, "native_language", "url")


def _options(request, groups, found=None, status=HTTPStatus.OK):
    return render(request, "partners/includes/suggestions.html", {"groups": groups, "found": found}, status=status)
