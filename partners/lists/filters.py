"""What a visitor can filter by: one attribute a facet, one class a list."""

from django.db.models import Q
from django.utils.translation import gettext_lazy
from pyroaring import BitMap

from ..facets import (
    ANY,
    FROM,
    NONE,
    TO,
    Choices,
    DayFilter,
    DerivedFacet,
    FreshnessFacet,
    GroupFacet,
    RoleFacet,
    Rows,
    StateFacet,
)
from ..models import City, Country, Institution, Kind, Lab, Role, Standing, State
from ..models.institution_queries import ORDERS as INSTITUTION_ORDERS
from ..models.institution_queries import is_partner
from ..models.lab import CITY_SLUG, COUNTRY
from ..models.lab import ORDERS as LAB_ORDERS
from ..models.place import city_texts, country_texts
from ..models.public_records import number_of_changes
from ..models.role import role_texts
from .filterset import DirectoryFilter
from .forms import ListForm
from .gather import cities_by_slug, names_by_slug, names_of_countries, roles
from .without import WithoutFilter

CHANGES = "changes"  # a tally


def partnership_of(keys, facets):
    """Return {partner or registry: keys}, as `is_partner()` says: a partner has a standing or a role."""
    registry = BitMap(facets["standing"].get(NONE, ())) & BitMap(facets["role"].get((NONE, ANY), ()))
    both = {"partner": BitMap(keys) - registry, "registry": registry}
    return {code: of_code for code, of_code in both.items() if of_code}


PARTNERSHIP = Choices((("partner", gettext_lazy("partner")), ("registry", gettext_lazy("registry only"))))
COUNTRIES = Rows(
    Country.objects.all,
    "code",
    always=Q(is_target=True),
    texts=country_texts,
    named=lambda _codes: names_of_countries(),
)
CITIES = Rows(City.objects.all, "slug", texts=city_texts, named=cities_by_slug)
KINDS = Choices(tuple(Kind.choices), texts=Kind.texts)
ROLES = Rows(
    Role.objects.all, "code", always=Q(), in_vocabulary_order=True, texts=role_texts, named=lambda _codes: roles()
)
INSTITUTIONS = Rows(
    Institution.objects.published,
    "slug",
    stand_in_lists=True,
    named=names_by_slug,
    now_at=Institution.objects.now_at,
)


class InstitutionFilter(DirectoryFilter):
    """The list of institutions."""

    partner = DerivedFacet(
        {"partner": is_partner(), "registry": ~is_partner()},
        derive=partnership_of,
        options=PARTNERSHIP,
        label=gettext_lazy("Partnership"),
    )
    country = GroupFacet(
        "country", options=COUNTRIES, label=gettext_lazy("Country"), empty_label=gettext_lazy("not stated"), proper=True
    )
    role = RoleFacet(options=ROLES, label=gettext_lazy("Role"), empty_label=gettext_lazy("no role"))
    state = StateFacet(options=Choices(tuple(State.choices)), label=gettext_lazy("State of the role"))
    kind = GroupFacet("kind", options=KINDS, label=gettext_lazy("Kind"))
    standing = GroupFacet(
        "standing",
        options=Choices(tuple(Standing.choices)),
        label=gettext_lazy("Standing"),
        empty_label=gettext_lazy("none"),
    )
    city = GroupFacet(
        "city__slug", options=CITIES, label=gettext_lazy("City"), empty_label=gettext_lazy("not stated"), proper=True
    )
    verified = FreshnessFacet("verified_on", label=gettext_lazy("Verified"))
    valid_until_from = DayFilter(
        "valid_until",
        FROM,
        postings="valid_until_from",
        label=gettext_lazy("Agreement ends from"),
        words=gettext_lazy("Agreement ends on %(day)s or later"),
    )
    valid_until_to = DayFilter(
        "valid_until",
        TO,
        postings="valid_until_from",
        label=gettext_lazy("Agreement ends until"),
        words=gettext_lazy("Agreement ends on %(day)s or earlier"),
    )
    expected_on_from = DayFilter(
        "expected_on",
        FROM,
        postings="expected_on_from",
        label=gettext_lazy("Signature expected from"),
        words=gettext_lazy("Signature expected on %(day)s or later"),
    )
    expected_on_to = DayFilter(
        "expected_on",
        TO,
        postings="expected_on_from",
        label=gettext_lazy("Signature expected until"),
        words=gettext_lazy("Signature expected on %(day)s or earlier"),
    )
    without = WithoutFilter(options=INSTITUTIONS, label=gettext_lazy("Without"))

    thing = "institution"
    listed = Institution.objects.published
    owner = "pk"
    orders = INSTITUTION_ORDERS
    tallies = {CHANGES: number_of_changes}

    class Meta:
        model = Institution
        fields = []
        form = ListForm


class LabFilter(DirectoryFilter):
    """The list of labs."""

    country = GroupFacet(
        COUNTRY, options=COUNTRIES, label=gettext_lazy("Country"), empty_label=gettext_lazy("not stated"), proper=True
    )
    role = RoleFacet(options=ROLES, label=gettext_lazy("Role"), empty_label=gettext_lazy("no role"))
    state = StateFacet(options=Choices(tuple(State.choices)), label=gettext_lazy("State of the role"))
    institution = GroupFacet("institution__slug", options=INSTITUTIONS, label=gettext_lazy("Institution"), proper=True)
    city = GroupFacet(
        CITY_SLUG, options=CITIES, label=gettext_lazy("City"), empty_label=gettext_lazy("not stated"), proper=True
    )

    thing = "lab"
    listed = Lab.objects.published
    owner = "institution"
    orders = LAB_ORDERS

    class Meta:
        model = Lab
        fields = []
        form = ListForm
