"""The editors' lists: what a search and a filter find, what is offered, what an action does."""

import datetime
import json
import re

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.models import City, Country, Institution, Lab, Participation, RoleText
from tests.support import factories
from tests.support.editor import address, listing, member

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
WHOSE = ["history_user", "history_change_reason"]


def listed(client, model, **parameters):
    """Return the rows of the first page."""
    return [str(row) for row in client.get(listing(model, **parameters)).context["cl"].result_list]


# Search and filters


@pytest.mark.parametrize(
    "words",
    [
        "kazan",
        "KAZAN federal",
        "казанский",
        "КАЗАНСКИЙ",
        "Казанский УНИВЕРСИТЕТ",
        "universite",
        "05256ym39",
        "kfu-page",
        "kfu КАЗАН",
    ],
)
def test_institutions_are_found_in_any_case_and_script(words, admin_client):
    institution = factories.make_institution(
        name="Kazan Federal Université", slug="kfu-page", ror_id="https://ror.org/05256ym39"
    )
    for value in ["Казанский федеральный университет", "Казанский университет", "KFU"]:
        factories.make_name(institution, value=value)
    factories.make_institution(name="Nazarbayev University")
    assert listed(admin_client, Institution, q=words) == [institution.name]


@pytest.mark.parametrize("word", ["KZ", "kazakh", "казахстан", "哈萨克"])
def test_countries_are_found_by_every_name(word, admin_client):
    assert listed(admin_client, Country, q=word) == ["Kazakhstan"]


def offered(client, field, term):
    """Return what a participation's autocomplete offers."""
    query = {"app_label": "partners", "model_name": "participation", "field_name": field, "term": term}
    response = client.get(reverse("admin:autocomplete", query=query))
    return [result["text"] for result in response.json()["results"]]


def test_autocomplete_tells_who_is_who(admin_client):
    institution = factories.make_institution(name="Ministry of Health", city=factories.make_city(name="Astana"))
    factories.make_name(institution, value="Денсаулық сақтау министрлігі", language="kk")
    factories.make_institution(name="Ministry of Health", country_id="BY")
    lab = factories.make_lab(institution, name="Laboratory")
    label = "Ministry of Health · Денсаулық сақтау министрлігі · Astana (KZ)"
    assert offered(admin_client, "institution", "ministry") == [label, "Ministry of Health · Belarus"]
    assert offered(admin_client, "lab", "laboratory") == ["Laboratory · Ministry of Health · Astana (KZ)"]
    assert f">{label}</option>" in admin_client.get(address(Lab, lab)).text


@pytest.mark.parametrize(
    ("term", "first", "others"),
    [
        ("partner", "Partner", {"Funder"}),
        ("clinic", "Clinical application", {"Partner"}),
        ("quality", "Quality control", {"Vector production"}),
        ("вектор", "Vector production", set()),
        ("vectr", "Vector production", {"Quality control"}),
    ],
)
def test_names_and_codes_come_before_definitions(term, first, others, admin_client):
    for code, name, definition in [
        ("funder", "Funder", "Pays each partner."),
        ("partner", "Partner", "A clinic that has joined."),
        ("vector", "Vector production", "In the quality that clinics demand."),
        ("quality", "Quality control", "Tests vector copies."),
        ("clinic", "Clinical application", "Treats patients."),
    ]:
        factories.make_role_text(factories.make_role(code=code, name=name, definition=definition), name="")
    RoleText.objects.filter(role="vector").update(name="Получение вектора")
    found = offered(admin_client, "role", term)
    assert (found[0], set(found[1:]) >= others) == (first, True)


@pytest.mark.parametrize("term", ["Muenchen", "мюнхен", "münchen", "munchn"])
def test_cities_are_found_as_visitors_find_them(term, admin_client):
    factories.make_city_name(factories.make_city(name="München", slug="de-munchen"), value="Мюнхен")
    factories.make_city(name="Kazan")
    assert listed(admin_client, City, q=term) == ["München (KZ)"]


def test_autocomplete_bears_invisible_characters(admin_client):
    institution = factories.make_institution(name="Kazan")
    assert offered(admin_client, "institution", "ka\0zan") == [institution.name]
    assert offered(admin_client, "institution", "\0") == [institution.name]


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({"partner": "yes"}, ["Fresh", "Signed"]),
        ({"partner": "no"}, ["Kazakh", "Older"]),
        ({"verified": "recent"}, ["Fresh"]),
        ({"verified": "older"}, ["Older"]),
        ({"verified": "never"}, ["Kazakh", "Signed"]),
        ({"country__code__exact": "KZ"}, ["Kazakh"]),
        ({"standing__exact": "signed"}, ["Signed"]),
        ({"participations__role__code__exact": "vector"}, ["Fresh"]),
        ({"partner": "nonsense", "verified": "nonsense"}, ["Fresh", "Kazakh", "Older", "Signed"]),
    ],
)
def test_institution_filters(parameters, names, admin_client):
    factories.make_country("KZ", is_target=True)
    vector, _clinic = factories.make_role(code="vector"), factories.make_role()  # one choice alone is no filter
    fresh = factories.make_institution(name="Fresh", verified_on=TODAY - datetime.timedelta(days=365))
    factories.make_participation(fresh, vector)
    factories.make_participation(fresh, vector, factories.make_lab(fresh))
    factories.make_institution(name="Older", verified_on=TODAY - datetime.timedelta(days=366))
    factories.make_institution(name="Signed", standing="signed")
    factories.make_institution(name="Kazakh", country_id="KZ")
    assert listed(admin_client, Institution, **parameters) == names


@pytest.mark.parametrize(
    ("model", "countries"),
    [
        (Institution, ["Belarus", "China", "Kazakhstan", "-"]),
        (Lab, ["Belarus", "China", "-"]),
        (Participation, ["Belarus", "China", "-"]),
        (City, ["Belarus", "Russia"]),
    ],
)
def test_country_filter_offers_targets_and_the_countries_of_the_rows(model, countries, admin_client):
    factories.make_country("BY", is_target=True)
    factories.make_city(country_id="RU")
    factories.make_institution(country_id="KZ")
    for code in ["CN", "CN", None]:
        institution = factories.make_institution(country_id=code)
        factories.make_participation(lab=factories.make_lab(institution))
    page = admin_client.get(listing(model)).context["cl"]
    country = next(one for one in page.filter_specs if one.title == "country")
    assert [choice["display"] for choice in country.choices(page)] == ["All", *countries]


# Action and links


@pytest.mark.parametrize("model", [Institution, Lab])
def test_marking_as_verified_writes_today_and_leaves_a_trace(model, client):
    make = {Institution: factories.make_institution, Lab: factories.make_lab}[model]
    rows = [make(), make(verified_on="2020-01-01"), make(verified_on=TODAY), make()]
    ticked = {"action": "mark_as_verified", "_selected_action": [row.pk for row in rows[:3]]}
    page = member("Editors", client).post(listing(model), ticked, follow=True)
    assert list(model.objects.order_by("pk").values_list("verified_on", flat=True)) == [TODAY, TODAY, TODAY, None]
    assert [str(message) for message in page.context["messages"]] == ["2 entries marked as verified today."]
    histories = [reverse(f"admin:partners_{model._meta.model_name}_history", args=[row.pk]) for row in rows]
    steps = [[step.brought_by for step in client.get(url).context["page"]] for url in histories]
    bulk = "change of several rows: Mark as verified today"
    assert [brought_by.count(bulk) for brought_by in steps] == [1, 1, 0, 0]
    user = User.objects.get()
    assert set(model.history.filter(history_type="~").values_list("id", "verified_on", *WHOSE)) == {
        (row.pk, TODAY, user.pk, None) for row in rows[:2]
    }
    entries = LogEntry.objects.values_list("object_id", "object_repr", "action_flag", "user", "change_message")
    message = json.dumps([{"changed": {"fields": ["Verified on"]}}])
    assert set(entries) == {(str(row.pk), row.name, CHANGE, user.pk, message) for row in rows[:2]}
    assert (model.history.filter(history_type="~").count(), LogEntry.objects.count()) == (2, 2)


def everything(client, model, **parameters):
    """Mark all rows of a list as verified, not only those of its first page."""
    ticked = {"action": "mark_as_verified", "select_across": 1, "_selected_action": [model.objects.first().pk]}
    return client.post(listing(model, **parameters), ticked, follow=True)


@pytest.mark.parametrize("make", [factories.make_institution, factories.make_lab])
def test_marking_asks_the_same_for_two_rows_and_twenty(make, admin_client):
    counts = []
    for number in (2, 18):
        rows = [make() for _number in range(number)]
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(connection) as captured:
            everything(admin_client, type(rows[0]))
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert set(type(rows[0]).objects.values_list("verified_on", flat=True)) == {TODAY}


def test_marking_a_searched_list_leaves_the_rest_alone(admin_client):
    vector = factories.make_institution(name="Vector")
    for value in ["Вектор", "Vector centre"]:
        factories.make_name(vector, value=value)
    factories.make_institution(name="Other")
    page = everything(admin_client, Institution, q="vector")
    assert [str(message) for message in page.context["messages"]] == ["1 entry marked as verified today."]
    assert list(Institution.objects.exclude(verified_on=None)) == [vector]
    assert vector.history.count() == 2


def test_more_rows_than_can_be_marked_at_once_are_refused_whole(admin_client, monkeypatch):
    monkeypatch.setattr("partners.admin.actions.MARKED_AT_MOST", 2)
    for _number in range(3):
        factories.make_institution()
    page = everything(admin_client, Institution)
    assert [(message.level_tag, str(message)) for message in page.context["messages"]] == [
        ("error", "Too many at once: 3. Filter the list to 2 entries at most; nothing was marked.")
    ]
    assert not Institution.objects.exclude(verified_on=None).exists()
    assert not LogEntry.objects.exists()


def test_only_public_rows_are_viewed_on_site(admin_client):
    public = factories.make_lab(factories.make_institution())
    hidden = factories.make_lab(factories.make_institution(is_published=False))
    rows = [public, public.institution, hidden, hidden.institution, factories.make_role(), factories.make_contact()]
    links = [admin_client.get(address(type(row), row)).context["absolute_url"] for row in rows]
    assert links == [
        public.get_absolute_url(),
        public.institution.get_absolute_url(),
        None,
        None,
        rows[4].get_absolute_url(),
        None,
    ]


def test_pages_carry_nothing_that_the_content_policy_refuses(admin_client):
    institution = factories.make_participation(lab=factories.make_lab()).institution
    urls = [reverse("admin:index"), listing(Institution), address(Institution), address(Institution, institution)]
    pages = [admin_client.get(url).text for url in urls]
    refused = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)[^>]*>")
    assert [refused.findall(page) for page in pages] == [[], [], [], []]
    assert "Partner directory" in pages[0]


@pytest.mark.django_db(transaction=True)
def test_institutions_are_found_as_visitors_find_them_and_drafts_too(admin_client):
    factories.make_institution(name="Universität München")
    factories.make_institution(name="Clinic of München", is_published=False)
    factories.make_institution(name="A clinic", slug="a-clinic")
    assert listed(admin_client, Institution, q="Muenchen") == ["Universität München"]
    assert listed(admin_client, Institution, q="universitaet munchn") == ["Universität München"]
    assert listed(admin_client, Institution, q="clinic") == ["A clinic", "Clinic of München"]
    assert listed(admin_client, Institution, q="clinic", o="-1") == ["Clinic of München", "A clinic"]
