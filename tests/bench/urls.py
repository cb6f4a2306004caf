"""The product's addresses, an empty view behind the same middleware, and the list without facets."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

import consortium.urls
from partners.answers import AnsweredRows
from partners.filters import InstitutionFilter
from partners.models import Institution
from partners.reader import read_moment


def empty(request):
    """Say nothing: what Django, its middleware and the server cost."""
    return HttpResponse()


@read_moment()
def institutions_without_facets(request):
    """Show the first page of all institutions."""
    filterset = InstitutionFilter(request.GET)
    filterset.is_valid()
    paginator = Paginator(AnsweredRows(filterset.answer, Institution.objects.published().for_display()), 25)
    context = {
        "filterset": filterset,
        "page": paginator.page(1),
        "page_range": paginator.get_elided_page_range(1, on_each_side=2, on_ends=1),
        "total_label": str(paginator.count),
        "reset_url": request.path,
    }
    return render(request, "partners/institution_list.html", context)


urlpatterns = [
    path("bench/empty/", empty),
    path("bench/institutions/", institutions_without_facets),
    *consortium.urls.urlpatterns,  # not included: addresses with a language must stand at the root
]
