"""Where the agreements stand, as a page and as a calendar."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from ..boards.filters import PipelineFilter
from ..boards.months import coming_year
from ..boards.pipeline import contacts_of, due, events, stages
from ..exports.icalendar import write_calendar
from ..facets import Download
from .files import consortium
from .public import public
from .questions import downloads, query_of, refuse_question, show_question


def _filter_institutions(request):
    return PipelineFilter(request.GET)


@public(*PipelineFilter.parameters())
def pipeline(request):
    """Show the partners by standing with their dates, what is due first, and whom to call to close a gap."""
    filterset = _filter_institutions(request)
    if not filterset.is_valid():
        return _refusal(request, filterset)
    today = timezone.localdate()
    found, near = stages(filterset, today, filterset.window), due(filterset.results, today, filterset.window)
    calendar_url = request.build_absolute_uri(filterset.page_url("pipeline-calendar"))
    return show_question(
        request,
        "pipeline",
        filterset,
        stages=found,
        total=sum(stage.total for stage in found),
        total_url=filterset.list_url(),
        due=near,
        year=coming_year(filterset.results, today),
        contacts=contacts_of(
            {one.institution.key for one in near} | {one.institution.key for stage in found for one in stage.agreements}
        ),
        calendar_url=calendar_url,
        downloads=[
            Download(_("Calendar of these dates (iCal)"), calendar_url),
            *downloads("institution-file", query_of(filterset.list_url()), _("Download with all dates (%(format)s)")),
        ],
    )


@public(*PipelineFilter.parameters())
def pipeline_calendar(request):
    """Send the days on which a signature is expected or an agreement ends, for a calendar program to subscribe to."""
    filterset = _filter_institutions(request)
    if not filterset.is_valid():
        return _refusal(request, filterset)
    days = events(
        filterset.results.rows(),
        lambda institution: request.build_absolute_uri(institution.get_absolute_url()),
        consortium().urn,
    )
    name = _("Agreements: %(name)s") % {"name": consortium().short_name}
    content = write_calendar(name, days, timezone.now())
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def _refusal(request, filterset):
    return refuse_question(request, "pipeline", filterset, "pipeline")
