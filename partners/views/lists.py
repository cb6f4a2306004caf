"""The filtered lists, each as a page and as files."""

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..addresses import address_of
from ..boards.map.filters import map_url
from ..exports import FORMATS, Table, file_response, write
from ..facets import Download
from ..index.current import read_moment
from ..lists.answers import AnsweredRows
from ..lists.columns import institution_columns, lab_columns
from ..lists.file_rows import institution_chunks, lab_chunks
from ..lists.filters import InstitutionFilter, LabFilter
from ..lists.matches import explain
from ..lists.rows import institution_rows, lab_rows
from .files import about, origin
from .refusals import refuse
from .unchanged import unless_unchanged


def _filter_institutions(request):
    return InstitutionFilter(request.GET)


def _filter_labs(request):
    return LabFilter(request.GET)


@unless_unchanged
def institution_list(request):
    """Show the institutions that the address asks for, with facets."""
    return _page(request, _filter_institutions(request), "institution", institution_rows, count_institutions)


@unless_unchanged
def lab_list(request):
    """Show the labs that the address asks for, with facets."""
    return _page(request, _filter_labs(request), "lab", lab_rows, count_labs)


def institution_file(request, format_name):
    """Send the same institutions in the same order as a file."""
    return _file(
        request, _filter_institutions(request), "institution", institution_columns, institution_chunks, format_name
    )


def lab_file(request, format_name):
    """Send the same labs in the same order as a file."""
    return _file(request, _filter_labs(request), "lab", lab_columns, lab_chunks, format_name)


def count_institutions(number):
    """Return a number of institutions in words."""
    return ngettext("%(number)d institution", "%(number)d institutions", number) % {"number": number}


def count_labs(number):
    """Return a number of labs in words."""
    return ngettext("%(number)d lab", "%(number)d labs", number) % {"number": number}


def _page(request, filterset, thing, rows_of, count_in_words):
    """Render one page of a list; 400 when the address asks for something unknown, 404 past the last page."""
    if not filterset.is_valid():
        return _refusal(request, filterset, thing)
    question = filterset.form.cleaned_data
    paginator = Paginator(AnsweredRows(filterset.answer, rows_of), question["size"])
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
        "total_label": count_in_words(paginator.count),
        "map_url": map_url(filterset),
        "downloads": [
            Download(name.upper(), address_of(f"partners:{thing}-file", name) + file_query) for name in FORMATS
        ],
        "reset_url": request.path,
    }
    return render(request, f"partners/{thing}_list.html", context)


def _explained(found, rows, listed):
    """Return the rows of a page with why each was found."""
    why = explain(found, listed.for_display().filter(pk__in=[row.key for row in rows]))
    return [row._replace(why=why[row.key]) for row in rows]


def _refusal(request, filterset, thing, format_name=""):
    """Say what the address asks for that is not known, in the same words on the page and for the file."""
    reset_url = address_of(f"partners:{thing}-list")
    context = {"filterset": filterset, "facets": [], "chips": [], "page": None, "reset_url": reset_url}
    return refuse(request, f"partners/{thing}_list.html", context, filterset.errors, format_name)


def _file(request, filterset, thing, columns, chunks_of, format_name):
    """Write the whole list to a file within one snapshot, then send it with no transaction open."""
    with read_moment():
        if not filterset.is_valid():
            return _refusal(request, filterset, thing, format_name)
        match = found.match if (found := filterset.answer.searched) else ""
        source = about(request, filterset.sentence(), filterset.list_url(size=None, show=None), match)
        chunks = chunks_of(filterset.answer.keys())
        export = write(Table(f"{thing}s", columns(origin(request)), chunks, source, filterset.slug()), format_name)
    return file_response(export)
