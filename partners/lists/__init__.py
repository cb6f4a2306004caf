"""The list's question and its results; `LISTS` has every list, each registered once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy, ngettext_lazy

from .column import ListRows
from .filters import InstitutionFilter, LabFilter
from .filterset import DirectoryFilter
from .institutions import INSTITUTION_ROWS
from .labs import LAB_ROWS
from .sources import of_institutions, of_labs


@dataclass(frozen=True, eq=False)
class DirectoryList:
    """A list of the directory: its addresses, pages, files, index, map and words follow from this.

    Its page is the template `partners/THING_list.html`.
    """

    filterset: type[DirectoryFilter]
    plural: str  # stands in its addresses and in the names of its files
    title: Any  # text in the page's language
    count: Any  # words for a number of rows, in the page's language
    rows: ListRows
    sources: Callable | None = None  # what finds its rows beside their names, by their keys; see `sources`
    has_points: bool = False  # whether a row may stand at a point of its own: its queryset has `on_own_point()`

    @property
    def thing(self):
        """Return what a row is: it stands in the names of the list's addresses and of its template."""
        return self.filterset.thing

    @property
    def has_map(self):
        """Say whether its rows stand in cities."""
        return "city" in self.filterset.base_filters

    @property
    def map_name(self):
        """Return the name of its map's address; the first list's map is the directory's."""
        return "map" if self is LISTS[0] else f"{self.thing}-map"

    def count_in_words(self, number):
        """Return a number of rows in words: “12 institutions”."""
        return self.count % {"number": number}


INSTITUTION_LIST = DirectoryList(
    filterset=InstitutionFilter,
    plural="institutions",
    title=gettext_lazy("Institutions"),
    count=ngettext_lazy("%(number)d institution", "%(number)d institutions", "number"),
    rows=INSTITUTION_ROWS,
    sources=of_institutions,
    has_points=True,
)
LAB_LIST = DirectoryList(
    filterset=LabFilter,
    plural="labs",
    title=gettext_lazy("Labs"),
    count=ngettext_lazy("%(number)d lab", "%(number)d labs", "number"),
    rows=LAB_ROWS,
    sources=of_labs,
    has_points=True,
)
LISTS = [INSTITUTION_LIST, LAB_LIST]


def list_of(filterset):
    """Return the list whose question a filterset asks, on whatever page."""
    return next(one for one in LISTS if isinstance(filterset, one.filterset))
