"""How a facet filters and counts; knows no model of ours.

A facet is a filter whose values carry counts. Several values in one facet mean *or*, facets mean *and*. A value's
count is the length of the list that has the facet set to that value alone (`FacetValue.url`), everything else equal.

No list declares a `RelatedFacet`, a `YesNoFacet` or `Values` today: they are there so that a facet of any kind is one
attribute, and the tests of every facet declare them.
"""

from .conditions import FRESHNESS, ConditionFacet, DerivedFacet, FreshnessFacet, counts_by_conditions, freshness
from .counted import FacetFilter, GroupFacet, YesNoFacet
from .days import FIRST_DAY, FROM, LAST_DAY, TO, DayFilter, DayInput, day_field
from .indexed import IndexedFilter
from .options import CODES_AT_MOST, NONE, Choices, FacetField, Rows, Values
from .participation import ANY, ANY_OR_ALL, RoleFacet, StateFacet
from .related import RelatedFacet
from .shown import Chip, Download, Facet, FacetValue, Figure

__all__ = [
    "ANY",
    "ANY_OR_ALL",
    "CODES_AT_MOST",
    "FIRST_DAY",
    "FRESHNESS",
    "FROM",
    "LAST_DAY",
    "NONE",
    "TO",
    "Chip",
    "Choices",
    "ConditionFacet",
    "DayFilter",
    "DayInput",
    "DerivedFacet",
    "Download",
    "Facet",
    "FacetField",
    "FacetFilter",
    "FacetValue",
    "Figure",
    "FreshnessFacet",
    "GroupFacet",
    "IndexedFilter",
    "RelatedFacet",
    "RoleFacet",
    "Rows",
    "StateFacet",
    "Values",
    "YesNoFacet",
    "counts_by_conditions",
    "day_field",
    "freshness",
]
