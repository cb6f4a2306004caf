"""The coverage board as a page and as files."""

from collections import defaultdict

from django.utils.translation import gettext as _

from ..boards.coverage import board, losses
from ..boards.filters import BoardFilter
from ..exports import Column, Table, each, file_response, write
from ..models import Institution, RoleGroup, State
from ..models.keys import PlainRows
from .embed import snippet
from .feeds import watch
from .files import about, origin
from .public import public
from .questions import downloads, refuse_question, show_question

LEAVING_AT_MOST = 300  # institutions among which one chooses who leaves
_names_of = PlainRows(
    lambda keys: Institution.objects.filter(pk__among=keys).order_by().values_list("pk", "slug", "name")
)


def _filter_institutions(request):
    return BoardFilter(request.GET)


@public(*BoardFilter.parameters())
def coverage(request):
    """Show who covers which role in which country, and what is missing."""
    filterset = _filter_institutions(request)
    if not filterset.is_valid():
        return _refusal(request, filterset)
    shown = board(filterset, filterset.group)
    leaving = filterset.form.cleaned_data["without"]
    return show_question(
        request,
        "coverage",
        filterset,
        board=shown,
        embed_url=snippet(request, "board", filterset.address(show=None)),
        total=shown.total,
        leaving=filterset.filters["without"].options.labels(leaving).values() if leaving else [],
        losses=losses(board(filterset.with_everybody(), filterset.group), shown) if leaving else None,
        staying=_names(filterset.results.keys(0, LEAVING_AT_MOST)),
        tabs=_tabs(filterset),
        switches=filterset.switches,
        downloads=[
            *downloads("coverage-file", filterset.address(show=None), _("Download this board (%(format)s)")),
            *watch("?" + shown.url.partition("?")[2]),
        ],
    )


@public(*BoardFilter.parameters())
def coverage_file(request, format_name):
    """Send the same board as a file: a row for each role and place, with the sentences that speak of it."""
    filterset = _filter_institutions(request)
    if not filterset.is_valid():
        return _refusal(request, filterset, format_name)
    shown = board(filterset, filterset.group)
    source = about(request, _in_words(filterset), filterset.page_url("coverage"))
    table = Table("coverage", board_columns(shown, origin(request)), [shown.cells], source, filterset.slug())
    return file_response(write(table, format_name))


def _names(keys):
    """Return [(slug, name)] of institutions; one query."""
    names = {key: (slug, name) for key, slug, name in _names_of(keys)}
    return [names[key] for key in keys]


def _refusal(request, filterset, format_name=""):
    return refuse_question(request, "coverage", filterset, "coverage", format_name)


def _tabs(filterset):
    """Return [(label, address, whether it is shown)] of the groups of roles, the chain first."""
    groups = sorted(RoleGroup, key=lambda group: group != RoleGroup.CHAIN)
    return [
        (
            group.label,
            filterset.address(group=None if group == RoleGroup.CHAIN else group.value, show=None),
            group == filterset.group,
        )
        for group in groups
    ]


def _in_words(filterset):
    """Return the way agreements are counted and the filter, in words."""
    ways = [label for label, _address, is_on in filterset.switches if is_on]
    return "; ".join(filter(None, [*ways, filterset.sentence()]))


def board_columns(shown, origin):
    """Return the columns of the file; `origin` is the site's scheme and host."""
    sentences = defaultdict(list)
    for sentence in shown.sentences:
        for cell in sentence.cells:
            sentences[cell].append(sentence.text)

    def number(state):
        return each(lambda cell: next((count.number for count in cell.states if count.state == state), None))

    return [
        Column("role", each(lambda cell: cell.role.code), _("the role's code")),
        Column("role_name", each(lambda cell: str(cell.role)), _("the role's name")),
        Column(
            "country", each(lambda cell: cell.place.code or None), _("ISO 3166-1 alpha-2 code; empty for any country")
        ),
        Column("country_name", each(lambda cell: cell.place.label), _("the country's name")),
        Column("institutions", each(lambda cell: cell.total), _("how many institutions take part")),
        *(
            Column(state.value, number(state), _("how many of them in this state; empty where it is not asked for"))
            for state in State
        ),
        Column("gap", each(lambda cell: int(cell.is_gap)), _("1 where nobody takes part")),
        Column("single_point", each(lambda cell: int(cell.is_single_point)), _("1 where exactly one works already")),
        Column("expected", each(lambda cell: cell.gained), _("how many of them join by an expected signature")),
        Column("sentences", each(lambda cell: sentences[cell]), _("what the board says of it")),
        Column("url", each(lambda cell: origin + cell.url), _("the list of these institutions")),
    ]
