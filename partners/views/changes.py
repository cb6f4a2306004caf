"""What changed, as a page, as a feed and as files."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from ..boards.changes import ChangesFilter, FieldChange, Timeline, period
from ..exports import Column, Table, each, in_chunks
from ..facets import Download
from ..models import Consortium
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
    page, page_range = page_of(Timeline(filterset.results.rows(), *filterset.days), filterset.form.cleaned_data)
    feed_url = filterset.page_url("changes-feed", since=None, until=None, size=None)
    return show_question(
        request,
        "changes",
        filterset,
        period=period(filterset) if filterset.form.cleaned_data["since"] else None,
        page=page,
        page_range=page_range,
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
    consortium = Consortium.objects.first()
    name = consortium.name if consortium else _("Partner directory")
    address = request.build_absolute_uri(reverse("partners:changes"))
    feed = Atom1Feed(
        title=_("Changes: %(name)s") % {"name": name},
        link=request.build_absolute_uri(filterset.page_url("changes").rstrip("?")),
        feed_url=request.build_absolute_uri(),
        description=filterset.sentence(),
        author_name=name,
    )
    for change in Timeline(filterset.results.rows(), *filterset.days)[:FEED_ENTRIES]:
        feed.add_item(
            title=_feed_title(change),
            link=request.build_absolute_uri(change.url),
            description=format_html_join("", "<p>{}</p>", ((field,) for field in change.fields)),
            unique_id=f"{address}#{change.kind}-{change.key}",
            pubdate=change.moment,
            updateddate=change.moment,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


@in_lane
@public(*ChangesFilter.parameters())
def changes_file(request, format_name):
    """Send the same changes in the same order as a file, a row for each field that changed."""
    filterset = _filter_institutions(request)
    if not filterset.is_valid():
        return _refusal(request, filterset, format_name)
    timeline = Timeline(filterset.results.rows(), *filterset.days)
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
        Column("action", of_change(lambda change: change.action), _("added, changed or removed")),
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


def _feed_title(change):
    names = [change.title, change.lab, change.institution.name if change.kind != "institution" else ""]
    return _("%(subject)s: %(action)s") % {
        "subject": ", ".join(filter(None, names)),
        "action": change.action_label,
    }


def _refusal(request, filterset, format_name=""):
    return refuse_question(request, "changes", filterset, "changes", format_name)
