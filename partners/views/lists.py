"""The filtered lists, each as a page and as files."""

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from ..addresses import address_of
from ..boards.map.filters import map_url
from ..exports import FORMATS, Table, file_response, write
from ..facets import Download
from ..index.current import read_moment
from ..lists.answers import AnsweredRows
from ..lists.matches import explain
from .files import about, origin
from .refusals import refuse
from .unchanged import unless_unchanged


@unless_unchanged
def list_page(request, listing):
    """Show the rows of a list that the address asks for, with facets; 400 for what is not known, 404 past the end."""
    filterset = listing.filterset(request.GET)
    if not filterset.is_valid():
        return _refusal(request, filterset, listing)
    question = filterset.form.cleaned_data
    paginator = Paginator(AnsweredRows(filterset.answer, listing.rows), question["size"])
    try:
        page = paginator.page(question["page"])
    except EmptyPage as error:
        raise Http404(_("The list ends before this page.")) from error
    if found := filterset.answer.searched:
        page.object_list = _explained(found, page.object_list, filterset.listed())
    file_query = filterset.address(size=None, show=None)
    context = {
        "filterset": filterset,
        "facets": filterset.facets(),
        "sentence": filterset.sentence(),
        "chips": filterset.chips(),
        "found": found,
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "total_label": listing.count_in_words(paginator.count),
        "map_url": map_url(filterset),
        "downloads": [
            Download(name.upper(), address_of(f"partners:{listing.thing}-file", name) + file_query) for name in FORMATS
        ],
        "reset_url": request.path,
    }
    return render(request, f"partners/{listing.thing}_list.html", context)


def _explained(found, rows, listed):
    """Return the rows of a page with why each was found."""
    why = explain(found, listed.for_display().filter(pk__in=[row.key for row in rows]))
    return [row._replace(why=why[row.key]) for row in rows]


def _refusal(request, filterset, listing, format_name=""):
    """Say what the address asks for that is not known, in the same words on the page and for the file."""
    reset_url = address_of(f"partners:{listing.thing}-list")
    context = {"filterset": filterset, "facets": [], "chips": [], "page": None, "reset_url": reset_url}
    return refuse(request, f"partners/{listing.thing}_list.html", context, filterset.errors, format_name)


def list_file(request, listing, format_name):
    """Send the same rows in the same order as a file: written within one snapshot, sent with no transaction open."""
    with read_moment():
        filterset = listing.filterset(request.GET)
        if not filterset.is_valid():
            return _refusal(request, filterset, listing, format_name)
        match = found.match if (found := filterset.answer.searched) else ""
        source = about(request, filterset.sentence(), filterset.list_url(size=None, show=None), match)
        columns, chunks = listing.columns(origin(request)), listing.chunks(filterset.answer.keys())
        export = write(Table(listing.plural, columns, chunks, source, filterset.slug()), format_name)
    return file_response(export)
