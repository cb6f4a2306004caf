"""What is read by keys, compiled once."""

import datetime

import pytest

from partners.models import Institution, Participation
from partners.models.keys import Instances
from tests.support.factories import make_city, make_institution, make_participation

pytestmark = pytest.mark.django_db

INSTITUTIONS = Instances(
    Institution, lambda slugs: Institution.objects.filter(slug__among=slugs).order_by("pk"), "country", "city", "logo"
)
PARTICIPATIONS = Instances(
    Participation, lambda keys: Participation.objects.filter(institution__among=keys).order_by("pk"), "lab", "lab__city"
)


def values_of(row):
    return [(field.attname, getattr(row, field.attname)) for field in row._meta.concrete_fields]


def test_instances_are_those_of_the_same_query(django_assert_num_queries):
    city, day = make_city(), datetime.date(2026, 2, 28)
    make_institution(slug="null", name="Łódź", city=city, country=city.country, signed_on=day, standing="signed")
    make_institution(slug="alone", country=None, funds_research=True, latitude=55.5, longitude=49.25)
    make_institution(slug="other")

    with django_assert_num_queries(1):
        found = INSTITUTIONS(["alone", "null"])
        places = [(one.country, one.city, getattr(one, "logo", None)) for one in found]
    expected = list(Institution.objects.filter(slug__in=["null", "alone"]).order_by("pk"))

    assert found == expected
    assert list(map(values_of, found)) == list(map(values_of, expected))
    assert places == [(city.country, city, None), (None, None, None)]
    assert values_of(found[0].city) == values_of(city)


def test_instances_are_all_where_no_keys_are_given_and_none_for_no_keys(django_assert_num_queries):
    made = make_institution(slug="one"), make_institution(slug="two")
    everybody = Instances(Institution, lambda _keys: Institution.objects.order_by("pk"))

    with django_assert_num_queries(1):
        assert everybody() == list(made)
        assert everybody([]) == []


def test_instances_have_nothing_where_what_leads_to_it_is_nothing(django_assert_num_queries):
    participation = make_participation(make_institution())

    with django_assert_num_queries(1):
        [found] = PARTICIPATIONS([participation.institution_id])
        assert (found, found.lab) == (participation, None)
