"""The map of institutions and that of labs."""

from http import HTTPStatus

from django.shortcuts import render
from django.urls import reverse

from ..boards.map import city_map
from ..boards.map.filters import EVERYBODY, InstitutionMapFilter, LabMapFilter
from ..exports import FORMATS
from ..facets import Download
from ..index.current import read_moment
from .lists import count_institutions, count_labs


@read_moment()
def institution_map(request):
    """Show where the institutions are that the address asks for: partners, unless it asks for others too."""
    return _page(request, InstitutionMapFilter(request.GET), "institution-file", count_institutions)


@read_moment()
def lab_map(request):
    """Show where the labs are that the address asks for."""
    return _page(request, LabMapFilter(request.GET), "lab-file", count_labs)


def _page(request, filterset, file_name, count_in_words):
    """Render the map of a list; 400 when the address asks for something unknown."""
    context = {"filterset": filterset, "map": None, "reset_url": reverse(filterset.map_name)}
    if not filterset.is_valid():
        return render(request, "partners/map.html", context, status=HTTPStatus.BAD_REQUEST)
    box, total = filterset.form.cleaned_data["box"], filterset.answer.count()
    question = filterset.list_url().partition("?")[2]
    context |= {
        "map": city_map(filterset, filterset.page_url(), box),
        "facets": filterset.facets(),
        "sentence": filterset.sentence(),
        "chips": filterset.chips(),
        "whole_url": filterset.page_url() if box else "",
        "list_url": filterset.list_url(),
        "total": total,
        "total_label": count_in_words(total),
        "downloads": [
            Download(name.upper(), f"{reverse(f'partners:{file_name}', args=[name])}?{question}") for name in FORMATS
        ],
        "everybody_url": filterset.address(partner=EVERYBODY) if _leaves_out_others(filterset) else "",
    }
    return render(request, "partners/map.html", context)


def _leaves_out_others(filterset):
    """Say whether only partners are shown while others match too; no query after the facets were counted."""
    return bool(filterset.form.supposed) and bool(filterset.counts("partner").get("registry"))
