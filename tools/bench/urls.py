"""The product's addresses, an empty view behind the same middleware, and the list without facets."""

from django.http import HttpResponse
from django.urls import path

import consortium.urls
from partners.lists.filters import InstitutionFilter
from partners.lists.rows import institution_rows
from partners.views import lists
from partners.views.unchanged import unless_unchanged


def empty(request):
    """Say nothing: what Django, its middleware and the server cost."""
    return HttpResponse()


@unless_unchanged
def institutions_without_facets(request):
    """Show the institutions as the product does, without facets."""
    filterset = InstitutionFilter(request.GET)
    filterset.facets = list  # calls make an empty one
    return lists._page(request, filterset, "institution", institution_rows, lists.count_institutions)


urlpatterns = [
    path("bench/empty/", empty),
    path("bench/institutions/", institutions_without_facets, name="institutions-without-facets"),
    *consortium.urls.urlpatterns,  # not included: addresses with a language must stand at the root
]
