"""The coverage board for programs."""

from ...boards.coverage import board
from ...boards.filters import BoardFilter
from ...lists.forms import ListForm
from ..coverage import board_columns
from ..files import origin
from .endpoint import content, endpoint, refusal

# A board has no order and no pages, and counts each role by itself.
PARAMETERS = [name for name in BoardFilter.parameters() if name not in ListForm.base_fields]


@endpoint(*PARAMETERS)
def coverage(request):
    """Send the board: a cell for each role and place, as its file has them."""
    filterset = BoardFilter(request.GET)
    if not filterset.is_valid():
        return refusal(filterset.errors)
    shown = board(filterset, filterset.group)
    columns = {column.name: column.values(shown.cells) for column in board_columns(shown, origin(request))}
    answer = {
        "count": len(shown.cells),
        "filter": filterset.sentence(),
        "url": (origin(request) + filterset.page_url("coverage")).rstrip("?"),
        "institutions": shown.total,
        "sentences": [sentence.text for sentence in shown.sentences],
        "results": [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)],
    }
    return content(answer)
