"""The filtered lists, each as a page and as files."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import search
from ..addresses import address_of
from ..boards.map.filters import map_url
from ..exports import Table
from ..facets import Download
from ..lists import INSTITUTION_LIST
from ..lists.matches import explained
from .embed import snippet
from .feeds import watch
from .files import about, origin
from .lane import in_lane, send
from .named import PLACES_AND_ROLES, roles_and_countries
from .public import public
from .questions import ResultRows, downloads, page_of, refuse_question, show_question

PRINTED_AT_MOST = 500  # rows; some twenty sheets


def _parameters(listing, **_named):
    return listing.filterset.parameters()


@public(reads=_parameters)
def list_page(request, listing):
    """Show the rows of a list that the address asks for, with facets; 400 for what is not known, 404 past the end."""
    filterset = listing.filterset(request.GET)
    if not filterset.is_valid():
        return _refusal(request, filterset, listing)
    results = filterset.results
    page, page_range = page_of(ResultRows(results, listing.rows.of_page), filterset.form.cleaned_data)
    if (found := results.searched) and listing.sources and page:
        page.object_list = explained(page.object_list, found, listing.sources)
    values, are_all = search.named(found, PLACES_AND_ROLES) if found else ([], True)
    is_named = are_all or not page or found.match == "nearest"
    total_label, query = listing.count_in_words(page.paginator.count), filterset.address(size=None, show=None)
    return show_question(
        request,
        f"{listing.thing}_list",
        filterset,
        found=found,
        named=roles_and_countries(values) if is_named else [],
        page=page,
        page_range=page_range,
        ways_out=[] if page else filterset.ways_out(),
        total=page.paginator.count,
        total_label=total_label,
        map_url=map_url(filterset),
        embed_url=snippet(request, "list", filterset.address(show=None)) if listing is INSTITUTION_LIST else "",
        spreadsheet_url=address_of(f"partners:{listing.thing}-file", "xlsx"),
        downloads=[*(_whole(listing, query, total_label) if page else []), *_followed(listing, query)],
        today=timezone.localdate(),
    )


def _files(listing, query, total_label):
    """Return the Downloads of all rows of a question."""
    label = _("Download %(total_label)s (%(format)s)")
    return downloads(f"{listing.thing}-file", query, label, total_label=total_label)


def _whole(listing, query, total_label):
    """Return the Downloads of all rows, and the way to a page of them for paper."""
    paper = address_of(f"partners:{listing.thing}-print") + query
    return [*_files(listing, query, total_label), Download(_("Print"), paper, is_print=True)]


def _followed(listing, query):
    """Return the ways to follow a list, of nobody too: somebody may enter it."""
    return watch(query) if listing is INSTITUTION_LIST else []


def _refusal(request, filterset, listing, format_name=""):
    return refuse_question(request, f"{listing.thing}_list", filterset, f"{listing.thing}-list", format_name)


@public(reads=_parameters)
def list_print(request, listing):
    """Show all rows of a question on one page for paper, up to `PRINTED_AT_MOST`; of more only the files."""
    filterset = listing.filterset(request.GET)
    if not filterset.is_valid():
        return _refusal(request, filterset, listing)
    results = filterset.results
    total = results.count()
    is_paper, total_label = total <= PRINTED_AT_MOST, listing.count_in_words(total)
    context = {
        "listing": listing,
        "rows": listing.rows.of_page(results.keys()) if is_paper else [],
        "total_label": total_label,
        "sentence": filterset.sentence(),
        "not_understood": filterset.not_understood,
        "most": PRINTED_AT_MOST,
        "list_url": filterset.list_url(size=None, show=None),
        "downloads": [] if is_paper else _files(listing, filterset.address(size=None, show=None), total_label),
        "today": timezone.localdate(),
    }
    return render(request, "partners/print.html", context)


@in_lane
@public(reads=_parameters)
def list_file(request, listing, format_name):
    """Send the same rows in the same order as a file: written within one snapshot, sent with no transaction open."""
    filterset = listing.filterset(request.GET)
    if not filterset.is_valid():
        return _refusal(request, filterset, listing, format_name)
    source = about(request, filterset.sentence(), filterset.list_url(size=None, show=None), filterset.results.searched)
    columns = listing.rows.table_columns()
    chunks = listing.rows.chunks(filterset.results.keys(), origin(request))
    table = Table(listing.plural, columns, chunks, source, filterset.slug())
    return send(request, table, format_name, filterset.results.count())
