"""What a list cannot keep is refused when its class is made, and the message says why."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Upper

from partners.facets import Choices, FreshnessFacet, GroupFacet, RelatedFacet, Rows, Values, YesNoFacet
from partners.lists.filters import CITIES, COUNTRIES, INSTITUTIONS, PARTNERSHIP, InstitutionFilter
from partners.models import City, Country, Kind
from partners.models.orders import Rank

ANY = Choices((("a", "A"),))
KINDS = Choices(tuple(Kind.choices))
YES, NOTHING = Value("yes"), Value("")


def declare(base, name, facet):
    return type(base)("Planned", (base,), {name: facet})


@pytest.mark.parametrize(
    ("facet", "reason"),
    [
        (GroupFacet("funds_research", options=ANY, label=""), "declare a YesNoFacet"),
        (GroupFacet("parents__slug", options=INSTITUTIONS, label=""), "declare a RelatedFacet"),
        (GroupFacet("names__language", options=ANY, label="", empty_label="-"), "declare a RelatedFacet"),
        (GroupFacet(Coalesce("names__value", Value("")), options=ANY, label="", empty_label="-"), "several values"),
        (GroupFacet("signed_on", options=ANY, label="", empty_label="-"), "declare a FreshnessFacet"),
        (GroupFacet("founded", options=ANY, label="", empty_label="-"), "no texts of one line"),
        (GroupFacet("city", options=CITIES, label="", empty_label="-"), "no texts of one line"),
        (GroupFacet("summary", options=ANY, label="", empty_label="-"), "no texts of one line"),
        (GroupFacet("standing", options=ANY, label=""), "give what that is called as its empty_label"),
        (GroupFacet("city__slug", options=CITIES, label=""), "give what that is called as its empty_label"),
        (GroupFacet(Upper("name"), options=ANY, label=""), "give what that is called as its empty_label"),
        (GroupFacet(Case(When(standing="", then=YES)), options=ANY, label=""), "as its empty_label"),
        (
            GroupFacet(Case(When(standing="", then=YES), default="standing"), options=ANY, label=""),
            "as its empty_label",
        ),
        (GroupFacet(Case(When(standing="", then=NOTHING), default=YES), options=ANY, label=""), "as its empty_label"),
        (GroupFacet(Case(When(labs__slug__gt="", then=YES), default=YES), options=ANY, label=""), "several values"),
        (
            GroupFacet(Case(When(Q(country__is_target=True), then=YES), default=YES), options=ANY, label=""),
            "does not follow Country.is_target",
        ),
        (GroupFacet(Coalesce("name", "slug"), options=ANY, label=""), "mixed types"),
        (GroupFacet("city__slug", options=COUNTRIES, label="", empty_label="-"), "options are those of"),
        (GroupFacet("kind", options=Choices((("none", "?"),)), label=""), "call the choice otherwise"),
        (GroupFacet("kin", options=ANY, label=""), "no field named 'kin'"),
        (
            GroupFacet("city__name", options=Values(City.objects.all, "name"), label="", empty_label="-"),
            "does not follow City.name",
        ),
        (GroupFacet("replaced_by__slug", options=INSTITUTIONS, label="", empty_label="-"), "drafts"),
        (RelatedFacet("kind", options=KINDS, label=""), "declare a GroupFacet"),
        (RelatedFacet("parents__kind", options=KINDS, label=""), "drafts"),
        (RelatedFacet("children__labs__city__slug", options=CITIES, label=""), "drafts"),
        (RelatedFacet("parents", options=INSTITUTIONS, label=""), "no texts of one line"),
        (RelatedFacet("labs__city__slug", options=Rows(Country.objects.all, "code"), label=""), "options are those of"),
        (YesNoFacet("kind", label=""), "declare a GroupFacet"),
        (YesNoFacet("parents__funds_research", label=""), "several values"),
        (YesNoFacet("funds_research", options=PARTNERSHIP, label=""), "are yes and no"),
        (YesNoFacet("city__country__is_target", label=""), "empty_label"),
        (YesNoFacet("country__is_target", label="", empty_label="-"), "does not follow Country.is_target"),
        (FreshnessFacet("created_at", label=""), "no days"),
        (FreshnessFacet("labs__verified_on", label=""), "several days"),
    ],
)
def test_what_cannot_be_counted_truly_is_refused(facet, reason):
    with pytest.raises(ImproperlyConfigured, match=reason) as refused:
        declare(InstitutionFilter, "planned", facet)

    assert str(refused.value).startswith("Planned.planned cannot be counted truly: ")


def test_a_facet_takes_no_name_of_a_parameter():
    with pytest.raises(ImproperlyConfigured, match="a parameter that every list has"):
        declare(InstitutionFilter, "page", YesNoFacet("funds_research", label=""))


def test_roles_and_states_are_declared_together():
    with pytest.raises(ImproperlyConfigured, match="declare both"):
        declare(InstitutionFilter, "state", None)


def test_an_order_without_words_is_refused():
    orders = InstitutionFilter.orders | {"founded": Rank(F("founded"))}

    with pytest.raises(ImproperlyConfigured, match="Planned has orders without words, say what founded is called"):
        type(InstitutionFilter)("Planned", (InstitutionFilter,), {"orders": orders})
