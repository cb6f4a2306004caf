"""The question without some institutions: what is left if they leave."""

from django.utils.translation import gettext as _
from pyroaring import BitMap

from ..facets import FacetField, IndexedFilter
from ..models import Institution


class WithoutFilter(IndexedFilter):
    """Leave out the institutions of some slugs; each must be listed."""

    field_class = FacetField
    postings_name = ""  # it needs none

    def __init__(self, *, options, label):
        super().__init__(label=label, options=options)
        self.options = options

    def parts(self, slugs):
        """Return [(words, the slugs that stay without it)] of each institution that is left out; one query."""
        names = self.options.labels(slugs) if slugs else {}
        return [
            (_("Without %(name)s") % {"name": name}, [other for other in slugs if other != slug])
            for slug, name in names.items()
        ]

    def codes(self, slugs):
        """Return what stands for it in the name of a file."""
        return [f"without-{slug}" for slug in slugs]

    def filter(self, queryset, slugs):
        """Keep all others."""
        return queryset.exclude(slug__in=slugs) if slugs else queryset

    def keys_in(self, index, slugs):
        """Return the keys of all others, or None where nobody is left out; one query."""
        if not slugs:
            return None
        return index.keys - BitMap(Institution.objects.filter(slug__in=slugs).order_by().values_list("pk", flat=True))
