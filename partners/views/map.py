"""The map of each list."""

from http import HTTPStatus

from django.shortcuts import render

from ..addresses import address_of
from ..boards.map import city_map
from ..boards.map.filters import EVERYBODY, on_map
from ..exports import FORMATS
from ..facets import Download
from ..index.current import read_moment


@read_moment()
def list_map(request, listing):
    """Show where the rows of a list are that the address asks for: partners, unless it asks for others too.

    400 when the address asks for something unknown.
    """
    filterset = on_map(listing)(request.GET)
    context = {"filterset": filterset, "map": None, "reset_url": address_of(f"partners:{listing.map_name}")}
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
        "total_label": listing.count_in_words(total),
        "downloads": [
            Download(name.upper(), f"{address_of(f'partners:{listing.thing}-file', name)}?{question}")
            for name in FORMATS
        ],
        "everybody_url": filterset.address(partner=EVERYBODY) if _leaves_out_others(filterset) else "",
    }
    return render(request, "partners/map.html", context)


def _leaves_out_others(filterset):
    """Say whether only partners are shown while others match too; no query after the facets were counted."""
    return bool(filterset.form.supposed) and bool(filterset.counts("partner").get("registry"))
