"""What all pages share that ask a list's question: their context, a page of their rows, their files, their refusal."""

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from ..addresses import address_of
from ..exports import FORMATS
from ..facets import Download
from .refusals import refuse


class ResultRows:
    """The rows of results as a paginator takes them: loaded by primary key, a page at a time."""

    def __init__(self, results, load):
        self.results = results
        self.load = load  # keys -> rows in their order

    def count(self):
        """Return the number of rows; two queries at most."""
        return self.results.count()

    def __getitem__(self, window):
        return self.load(self.results.keys(window.start, window.stop))


def show_question(request, template, filterset, **context):
    """Render a page that asks the question of a valid filterset; the context is what only this page knows.

    Every page knows its `total`; what has no files gives no `downloads`.
    """
    shared = {
        "filterset": filterset,
        "sentence": filterset.sentence(),
        "chips": filterset.chips(),
        "reset_url": request.path,
        "downloads": [],
    }
    return render(request, f"partners/{template}.html", shared | context)


def refuse_question(request, template, filterset, page_name, format_name=""):
    """Say what the address asks for that is not known, in the same words on the page and for its files.

    :param page_name: of the page's address, also where a file was asked for.
    """
    context = {"filterset": filterset, "reset_url": address_of(f"partners:{page_name}")}
    return refuse(request, f"partners/{template}.html", context, filterset.errors, format_name)


def page_of(rows, question):
    """Return (the page of the rows that a question asks for, the numbers of its pager).

    :raises Http404: past the last page.
    """
    paginator = Paginator(rows, question["size"])
    try:
        page = paginator.page(question["page"])
    except EmptyPage as error:
        raise Http404(_("The list ends before this page.")) from error
    return page, paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


def downloads(file_name, query, label, **words):
    """Return a Download for each format of a file; the label says `%(format)s`."""
    return [
        Download(label % (words | {"format": name.upper()}), address_of(f"partners:{file_name}", name) + query)
        for name in FORMATS
    ]


def query_of(address):
    """Return the query string of an address, with its question mark."""
    return "?" + address.partition("?")[2]
