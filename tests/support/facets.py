"""Every list as it is, and with facets of each further kind, for the tests that take every facet of every list."""

from django.db.models import Case, Value, When

from partners.facets import Choices, GroupFacet, RelatedFacet, Rows, Values, YesNoFacet
from partners.lists import LISTS
from partners.lists.filters import CITIES, INSTITUTIONS, InstitutionFilter, LabFilter
from partners.models import City, Institution, InstitutionName, NameKind, Role

NAMES = Values(InstitutionName.objects.all, "language", label=str.upper)
KINDS_OF_NAMES = Choices(tuple(NameKind.choices))

ON_THE_WEB = Choices((("yes", "yes"), ("no", "no")))


class ManyFacets(InstitutionFilter):
    """The list of institutions with a facet of each kind that may be declared."""

    funds = YesNoFacet("funds_research", label="Funds research")
    entitled = GroupFacet("name", options=Values(Institution.objects.published, "name"), label="Name")
    web = GroupFacet(
        "website", options=Values(Institution.objects.published, "website"), label="Website", empty_label="none"
    )
    reached = GroupFacet(
        Case(When(website="", then=Value("no")), default=Value("yes")), options=ON_THE_WEB, label="On the web"
    )
    parent = RelatedFacet("parents__slug", options=INSTITUTIONS, label="Part of", empty_label="nobody", proper=True)
    child = RelatedFacet("children__slug", options=INSTITUTIONS, label="Has", proper=True)
    heir = RelatedFacet("successors__slug", options=INSTITUTIONS, label="Went on as", empty_label="nobody", proper=True)
    lab_city = RelatedFacet("labs__city__slug", options=Rows(City.objects.all, "slug"), label="City of a lab")
    language = RelatedFacet("names__language", options=NAMES, label="Language of a name", empty_label="not stated")
    named = RelatedFacet("names__kind", options=KINDS_OF_NAMES, label="Kind of name", empty_label="no further name")
    task = RelatedFacet("participations__role", options=Rows(Role.objects.all, "code"), label="Task", empty_label="no")


class ManyLabFacets(LabFilter):
    """The list of labs with facets over what its institutions are."""

    funds = YesNoFacet("institution__funds_research", label="Of a funder")
    parent = RelatedFacet("institution__parents__slug", options=INSTITUTIONS, label="Part of", empty_label="nobody")
    language = RelatedFacet("institution__names__language", options=NAMES, label="Language", empty_label="not stated")
    town = RelatedFacet("institution__labs__city__slug", options=CITIES, label="City of a neighbour", empty_label="no")


FILTERSETS = [*(one.filterset for one in LISTS), ManyFacets, ManyLabFacets]
