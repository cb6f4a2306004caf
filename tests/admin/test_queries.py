"""What the editors' pages ask the database, and that it does not grow with the rows they show."""

import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.models import Institution, Lab
from tests.support import factories
from tests.support.editor import address

pytestmark = pytest.mark.django_db


def queries(client, url):
    """Return what a page asks the database, in order: the first table of each query."""
    ContentType.objects.clear_cache()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [re.search(r'FROM "(?:partners_)?(\w+)"', query["sql"])[1] for query in captured]


def institution_with_native_name():
    return factories.make_name(factories.make_institution(city=factories.make_city())).institution


def of_lab(make):
    return make(lab=factories.make_lab(city=factories.make_city()))


def former_slug_of_lab():
    lab = factories.make_lab()
    return factories.make_former_slug(lab.institution, lab=lab)


SIGNED_IN = ["django_session", "auth_user"]
# Model -> how a row with all its relations is made, and the queries of its list in order: what the filters offer,
# the count, "consortium" (may one be added?), the page of rows with what belongs to them, the bounds of the dates.
LISTS = {
    "institution": (
        institution_with_native_name,
        ["country", "role", "institution", "consortium", "institution", "institutionname"],
    ),
    "institutionname": (factories.make_name, ["institutionname", "consortium", "institutionname"]),
    "formerslug": (former_slug_of_lab, ["formerslug", "consortium", "formerslug"]),
    "lab": (lambda: factories.make_lab(city=factories.make_city()), ["country", "role", "lab", "consortium", "lab"]),
    "participation": (
        lambda: of_lab(factories.make_participation),
        ["role", "country", "participation", "consortium", "participation", "participation", "participation"],
    ),
    "contact": (
        lambda: of_lab(factories.make_contact),
        ["contact", "consortium", "contact", "contact", "contact"],
    ),
    "city": (factories.make_city, ["country", "city", "consortium", "city"]),
    "role": (factories.make_role, ["role", "consortium", "role"]),
}


@pytest.mark.parametrize("model", LISTS)
def test_list_asks_the_same_for_one_row_and_twenty(model, admin_client):
    make, expected = LISTS[model]
    make()
    url = reverse(f"admin:partners_{model}_changelist")
    one = queries(admin_client, url)
    for _ in range(19):
        make()
    assert (one, queries(admin_client, url)) == ([*SIGNED_IN, *expected],) * 2


def grow(institution, lab, rows):
    """Give an institution and its lab more rows in each inline."""
    for _ in range(rows):
        factories.make_name(institution)
        factories.make_participation(lab=factories.make_lab(institution, city=factories.make_city()))
        factories.make_participation(lab=lab)
        factories.make_contact(institution, lab)
        institution.parents.add(factories.make_institution())


# The row, its relations of several, its inlines, and the chosen rows that its own autocompletes show.
FORMS = {
    Institution: [
        *["institution", "institutionname", "institution", "institution"],
        *["institutionname", "lab", "participation", "contact"],
        *["consortium", "django_content_type", "country", "city", "institution", "institutionname", "registryrecord"],
    ],
    Lab: ["lab", "participation", "contact", "consortium", "django_content_type", "institution", "institutionname"],
}


@pytest.mark.parametrize("model", FORMS)
def test_form_asks_the_same_for_one_row_and_twenty(model, admin_client):
    lab = factories.make_lab(factories.make_institution(city=factories.make_city()))
    url = address(model, lab if model is Lab else lab.institution)
    grow(lab.institution, lab, 1)
    one = queries(admin_client, url)
    grow(lab.institution, lab, 19)
    assert (one, queries(admin_client, url)) == ([*SIGNED_IN, *FORMS[model]],) * 2


def test_autocomplete_asks_the_same_for_one_row_and_twenty(admin_client):
    query = {"app_label": "partners", "model_name": "participation", "field_name": "institution", "term": "inst"}
    url = reverse("admin:autocomplete", query=query)
    factories.make_name(factories.make_institution(city=factories.make_city()))
    one = queries(admin_client, url)
    for _ in range(19):
        factories.make_name(factories.make_institution(city=factories.make_city()))
    assert (one, queries(admin_client, url)) == ([*SIGNED_IN, *["institution"] * 3, "institutionname"],) * 2
