"""What the index of this process says of a list, after a look at what SQL says."""

from partners.index import current
from partners.lists.filters import InstitutionFilter
from partners.lists.index_results import IndexResults
from partners.lists.sql_results import SqlResults


def read(filterset_class=InstitutionFilter, **question):
    """Return the slugs of a list as the index gives them, after a look at what SQL says."""
    with current.in_snapshot():
        filterset = filterset_class.asking(**question)
        assert isinstance(filterset.results, IndexResults)
        assert filterset.results.keys() == SqlResults(filterset).keys()
        return list(filterset.in_order().values_list("slug", flat=True))
