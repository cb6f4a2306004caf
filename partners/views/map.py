"""The map of each list."""

from django.utils.translation import gettext as _

from ..boards.filters import EVERYBODY
from ..boards.map import city_map
from ..boards.map.filters import on_map
from ..lists import INSTITUTION_LIST
from .embed import snippet
from .public import public
from .questions import downloads, query_of, refuse_question, show_question


@public(reads=lambda listing: on_map(listing).parameters())
def list_map(request, listing):
    """Show where the rows of a list are that the address asks for: partners, unless it asks for others too.

    400 when the address asks for something unknown.
    """
    filterset = on_map(listing)(request.GET)
    if not filterset.is_valid():
        return refuse_question(request, "map", filterset, listing.map_name)
    box, total = filterset.form.cleaned_data["box"], filterset.results.count()
    list_url, total_label = filterset.list_url(), listing.count_in_words(total)
    return show_question(
        request,
        "map",
        filterset,
        map=city_map(filterset, filterset.page_url(), box),
        whole_url=filterset.page_url() if box else "",
        list_url=list_url,
        total=total,
        embed_url=snippet(request, "map", filterset.address(show=None)) if listing is INSTITUTION_LIST else "",
        total_label=total_label,
        downloads=downloads(
            f"{listing.thing}-file",
            query_of(list_url),
            _("Download %(total_label)s (%(format)s)"),
            total_label=total_label,
        ),
        everybody_url=filterset.address(partner=EVERYBODY) if _leaves_out_others(filterset) else "",
    )


def _leaves_out_others(filterset):
    """Say whether only partners are shown while others match too; no query after the facets were counted."""
    return bool(filterset.form.implied) and bool(filterset.counts("partner").get("registry"))
