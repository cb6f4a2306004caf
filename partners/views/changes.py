"""What changed, as a page, as a feed and as files."""

from django.utils.translation import gettext as _

from ..boards.changes import ChangesFilter, FieldChange, Timeline, period
from ..exports import Column, Table, each, in_chunks
from ..facets import Download
from .feeds import Entry, send_feed, title_of
from .files import about, origin
from .lane import in_lane, send
from .public import public
from .questions import downloads, page_of, refuse_question, show_question

FEED_ENTRIES = 50


def _filter_institutions(request):
    return ChangesFilter(request.GET)


@public(*ChangesFilter.parameters())
def changes(request):
    """Show what changed, newest first, and what happened between two days where they are chosen."""
    filterset = _filter_institutions(request)
    if not filterset.is_valid():
        return _refusal(request, filterset)
    page, page_range = page_of(Timeline(filterset.results, *filterset.days), filterset.form.cleaned_data)
    feed_url = filterset.page_url("changes-feed", since=None, until=None, size=None)
    return show_question(
        request,
        "changes",
        filterset,
        period=period(filterset) if filterset.form.cleaned_data["since"] else None,
        page=page,
        page_range=page_range,
        total=page.paginator.count,
        feed_url=feed_url,
        downloads=[
            Download(_("Follow these changes (Atom feed)"), feed_url),
            *downloads(
                "changes-file", filterset.address(size=None, show=None), _("Download these changes (%(format)s)")
            ),
        ],
    )


@public(*ChangesFilter.parameters())
def changes_feed(request):
    """Send the newest changes for a feed reader to follow."""
    filterset = _filter_institutions(request)
    if not filterset.is_valid():
        return _refusal(request, filterset)
    page = filterset.page_url("changes").rstrip("?")
    entries = [
        Entry(
            (change.kind, change.key),
            title_of(change),
            change.url,
            change.moment,
            change.fields,
        )
        for change in Timeline(filterset.results, *filterset.days)[:FEED_ENTRIES]
    ]
    return send_feed(request, _("Changes: %(name)s"), page, filterset.sentence(), entries)


@in_lane
@public(*ChangesFilter.parameters())
def changes_file(request, format_name):
    """Send the same changes in the same order as a file, a row for each field that changed."""
    filterset = _filter_institutions(request)
    if not filterset.is_valid():
        return _refusal(request, filterset, format_name)
    timeline = Timeline(filterset.results, *filterset.days)
    rows = ((change, field) for change in timeline for field in change.fields or (FieldChange(""),))
    source = about(request, filterset.sentence(), filterset.page_url("changes"))
    table = Table("changes", _columns(origin(request)), in_chunks(rows), source, filterset.slug())
    return send(request, table, format_name, timeline.count())


def _columns(origin):
    """Return the columns of the file over (Change, FieldChange); `origin` is the site's scheme and host."""

    def of_change(read):
        return each(lambda row: read(row[0]))

    def of_field(read):
        return each(lambda row: str(read(row[1])) or None)

    return [
        Column("moment", of_change(lambda change: change.moment), _("when it was saved")),
        Column(
            "action",
            of_change(lambda change: change.action),
            _("added, changed, removed or merged; parted: a merge was undone"),
        ),
        Column("kind", of_change(lambda change: change.kind), _("institution, lab or participation")),
        Column("entry", of_change(lambda change: change.title), _("the institution, the lab or the role")),
        Column("lab", of_change(lambda change: change.lab or None), _("the lab that has the role; empty for none")),
        Column("institution", of_change(lambda change: change.institution.name), _("the institution")),
        Column("institution_slug", of_change(lambda change: change.institution.slug), _("its key in this directory")),
        Column("url", of_change(lambda change: origin + change.url), _("the page of the entry")),
        Column("field", of_field(lambda field: field.label), _("what changed; empty where nothing more is said")),
        Column("before", of_field(lambda field: field.before), _("what it was; empty for new entries and for texts")),
        Column("after", of_field(lambda field: field.after), _("what it became; empty for texts")),
    ]


def _refusal(request, filterset, format_name=""):
    return refuse_question(request, "changes", filterset, "changes", format_name)
