"""What a template shows of a list: plain data without models."""

from dataclasses import dataclass
from typing import NamedTuple


class FacetValue(NamedTuple):  # a page has eighty; as dataclasses they would take three times as long
    """One value that can be ticked."""

    code: str
    label: str
    count: int
    is_selected: bool
    url: str  # the list that `count` counts
    id: str  # on the page
    spoken: str  # what the count's link says to a screen reader


@dataclass(frozen=True)
class Facet:
    """One question with the values to show, in order."""

    name: str  # of the query parameter
    label: str
    values: tuple[FacetValue, ...]
    hidden: int  # values that are not shown
    more_url: str  # the page that shows them, or empty


@dataclass(frozen=True)
class Chip:
    """One ticked value, with the list without it."""

    label: str
    url: str


class Figure(NamedTuple):  # a table of countries has six hundred
    """A number in words, with the list it counts."""

    label: str
    count: int
    url: str
    code: str = ""  # of the value that is counted, where it is one of a facet


@dataclass(frozen=True)
class Download:
    """A file of the list, or its page for paper."""

    label: str
    url: str
    is_print: bool = False
