"""The board, the map and the list for the pages of others: the same question, no script, links that open outside."""

from functools import wraps

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext as _

from ..addresses import address_of
from ..boards.coverage import board
from ..boards.filters import BoardFilter
from ..boards.map import city_map
from ..boards.map.filters import on_map
from ..lists import INSTITUTION_LIST
from .files import origin
from .public import public
from .questions import ResultRows, page_of, refuse_question


def embeddable(view):
    """Let the sites of `EMBED_SITES` show an answer in a frame; without any, nobody does, as everywhere else."""

    @wraps(view)
    def answer(request, *args, **named):
        response = view(request, *args, **named)
        if settings.EMBED_SITES:  # what two middlewares look for, on an answer from memory too
            response._csp_replace = {"frame-ancestors": settings.EMBED_SITES}
            response.xframe_options_exempt = True
        return response

    return answer


@embeddable
@public(*BoardFilter.parameters())
def embed_board(request):
    """Show the coverage board alone."""
    filterset = BoardFilter(request.GET)
    if not filterset.is_valid():
        return refuse_question(request, "coverage", filterset, "coverage")
    shown = board(filterset, filterset.group)
    return _show(request, "board", _("Coverage"), filterset, filterset.page_url("coverage"), board=shown)


@embeddable
@public(*on_map(INSTITUTION_LIST).parameters())
def embed_map(request):
    """Show the map alone."""
    filterset = on_map(INSTITUTION_LIST)(request.GET)
    if not filterset.is_valid():
        return refuse_question(request, "map", filterset, INSTITUTION_LIST.map_name)
    drawn = city_map(filterset, filterset.page_url(), filterset.form.cleaned_data["box"])
    return _show(request, "map", _("Map"), filterset, filterset.page_url(), map=drawn)


@embeddable
@public(*INSTITUTION_LIST.filterset.parameters())
def embed_list(request):
    """Show a page of the list alone."""
    filterset = INSTITUTION_LIST.filterset(request.GET)
    if not filterset.is_valid():
        return refuse_question(request, "institution_list", filterset, "institution-list")
    rows = ResultRows(filterset.results, INSTITUTION_LIST.rows.of_page)
    page, _numbers = page_of(rows, filterset.form.cleaned_data)
    return _show(request, "list", INSTITUTION_LIST.title, filterset, filterset.list_url(), rows=page.object_list)


def snippet(request, name, query):
    """Return the address that a frame on another site shows, or nothing where no site may."""
    return origin(request) + address_of(f"partners:embed-{name}") + query if settings.EMBED_SITES else ""


def _show(request, what, title, filterset, page_url, **context):
    shared = {
        "what": what,
        "heading": title,
        "sentence": filterset.sentence(),
        "not_understood": filterset.not_understood,
        "page_url": page_url.rstrip("?"),
    }
    return render(request, "partners/embed.html", shared | context)
