"""Feeds: the changes, and what entered, changed or left one list; their ids do not depend on the site's address."""

import re
from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from ..addresses import address_of
from ..boards.following import followed, followed_since
from ..facets import Download
from ..lists import INSTITUTION_LIST
from .files import consortium
from .public import public
from .questions import refuse_question

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # section 2.2, Char
OF_PAGES = {"sort": None, "size": None, "show": None}  # what makes no difference to who is in a list


class Entry(NamedTuple):
    """What a feed says of one thing."""

    names: tuple  # what makes its id
    title: str
    url: str  # the path of a page
    moment: datetime
    lines: tuple[Any, ...] = ()


def title_of(change):
    """Return what happened in a line: “Vector production, Kazan Federal University: added”."""
    names = [change.title, change.lab, change.institution.name if change.kind != "institution" else ""]
    return _("%(subject)s: %(action)s") % {
        "subject": ", ".join(filter(None, names)),
        "action": change.action_label,
    }


def _in_xml(text):
    """Return a text without what XML cannot hold: a question may have it, and a row that was written by SQL."""
    return NOT_IN_XML.sub("", text)


def send_feed(request, title, page, sentence, entries):
    """Send an Atom feed; `title` has `%(name)s` for the consortium, `page` is the path that shows the same."""
    name, urn = consortium().name, consortium().urn
    feed = Atom1Feed(
        title=_in_xml(title.replace("%(name)s", name)),
        link=request.build_absolute_uri(page),
        feed_url=request.build_absolute_uri(),
        feed_guid=urn("feed", page),
        description=_in_xml(sentence),
        subtitle=_in_xml(sentence),
        author_name=_in_xml(name),
    )
    for entry in entries:
        feed.add_item(
            title=_in_xml(entry.title),
            link=request.build_absolute_uri(entry.url),
            description=_in_xml(format_html_join("", "<p>{}</p>", ((line,) for line in entry.lines))),
            unique_id=urn(*entry.names),
            pubdate=entry.moment,
            updateddate=entry.moment,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


@public(*INSTITUTION_LIST.filterset.parameters())
def list_feed(request):
    """Send what entered, changed or left the list that the address asks for within 30 days, for a feed reader.

    After very many changes it tells only the newest, and says since when.
    """
    filterset = INSTITUTION_LIST.filterset(request.GET)
    if not filterset.is_valid():
        return refuse_question(request, "institution_list", filterset, "institution-list")
    page, (since, is_late) = filterset.list_url(**OF_PAGES).rstrip("?"), followed_since()
    entries = [
        Entry(
            ("list", page, one.kind, one.key),
            one.title(title_of),
            one.change.url if one.change else page,
            one.moment,
            one.change.fields if one.change else (),
        )
        for one in followed(filterset, since)
    ]
    sentence = filterset.sentence()
    title = f"{sentence or INSTITUTION_LIST.title}: %(name)s"
    if is_late:
        words = _("This feed begins on %(moment)s, because too much changed at once before.")
        begins = words % {"moment": date_format(timezone.localtime(since), "DATETIME_FORMAT")}
        sentence = f"{sentence}. {begins}" if sentence else begins
    return send_feed(request, title, page, sentence, entries)


def watch(query):
    """Return a Download for each way to follow the list of institutions that a query string asks for."""
    return [
        Download(_("Watch this list (Atom feed)"), address_of("partners:institution-feed") + query),
        Download(_("Watch its dates (iCal)"), address_of("partners:pipeline-calendar") + query),
    ]
