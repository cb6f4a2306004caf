"""The product's addresses, an empty view behind the same middleware, and the list without facets."""

from dataclasses import replace

from django.http import HttpResponse
from django.urls import path

import consortium.urls
from partners.lists import INSTITUTION_LIST
from partners.lists.filters import InstitutionFilter
from partners.views import lists


def empty(request):
    """Say nothing: what Django, its middleware and the server cost."""
    return HttpResponse()


class WithoutFacets(InstitutionFilter):
    """The list's question, which counts nothing."""

    def facets(self):
        """Return none."""
        return []


urlpatterns = [
    path("bench/empty/", empty),
    path(
        "bench/institutions/",
        lists.list_page,
        {"listing": replace(INSTITUTION_LIST, filterset=WithoutFacets)},
        name="institutions-without-facets",
    ),
    *consortium.urls.urlpatterns,  # not included: addresses with a language must stand at the root
]
