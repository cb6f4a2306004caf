"""Entries that may be one organisation are found by what they share, each with its reasons."""

import pytest
from django.db import OperationalError
from django.urls import reverse

from partners.entries import twins
from partners.models import DistinctPair, Institution
from tests.support import factories
from tests.support.changes import edit
from tests.support.editor import address, listing, member, notices_of, post

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:partners_institution_twins")
LIKE = reverse("admin:partners_institution_like")


def found(*names, **facts):
    """Return {name of an entry: reasons} of what may be the entry with these names."""
    return {entry.name: set(reasons) for entry, reasons in twins.like(names, **facts)}


def test_twins_share_a_name_in_any_order_and_script_an_id_a_host_or_nearly_a_name_in_one_city():
    kazan = factories.make_city()
    clinic = factories.make_institution(
        name="Center of Oncology, Kazan",
        city=kazan,
        website="https://www.onco.example/en",
        ror_id="https://ror.org/05256ym39",
    )
    factories.make_name(clinic, value="Казанский онкоцентр")
    factories.make_name(clinic, value="KAZONC", kind="acronym")
    name = clinic.name
    assert found("Kazan Oncology Center") == {name: {"name"}}
    assert found("Kazanskiy onkotsentr") == {name: {"name"}}
    assert found("Other", ror_id="https://ror.org/05256ym39") == {name: {"ror_id"}}
    assert found("Other", website="http://onco.example/") == {name: {"host"}}
    assert found("Centre of Oncology, Kazan", city=kazan.pk) == {name: {"near"}}
    assert found("Centre of Oncology, Kazan") == found("KAZONC") == found("Clinic No. 1") == {}
    assert found(name, key=clinic.pk) == {}
    edit(clinic, replaced_by=factories.make_institution(name="Heir"))
    assert found(name) == {}


def test_numbers_tell_apart_and_pairs_are_listed_until_they_are_dismissed(client):
    city = factories.make_city()
    for number in (1, 2):
        factories.make_institution(name=f"City hospital No. {number}", city=city)
    assert twins.pairs() == []
    first, second = (factories.make_institution(name="Ministry of Health", country_id=code) for code in ("KZ", "RU"))
    third = factories.make_institution(name="Health Ministry", country_id="KZ")
    assert next(pair[:2] for pair in twins.pairs()) == (first.pk, third.pk)
    assert len(twins.pairs()) == 3

    member("Editors", client)
    page = client.get(PAGE)
    assert page.context["total"] == 3
    assert str(first.pk) in page.text
    assert client.get(listing(Institution, twin="yes")).context["cl"].result_count == 3
    told = client.post(PAGE, {"first": second.pk, "second": first.pk, "reason": "Two countries"}, follow=True)
    assert notices_of(told) == ["Noted: they are different."]
    assert DistinctPair.objects.get().user.username == "Editors"
    assert len(twins.pairs()) == 2
    assert {entry.pk for entry, _reasons in twins.like([first.name], first.pk)} == {third.pk}
    for wrong in ({"reason": ""}, {"first": first.pk}, {"second": "9" * 30}):
        asked = {"first": first.pk, "second": third.pk, "reason": "x"} | wrong
        assert client.post(PAGE, asked | ({"second": first.pk} if "first" in wrong else {})).status_code == 200
    assert DistinctPair.objects.count() == 1


def test_editor_is_told_while_typing_and_after_saving(admin_client, client):
    factories.make_institution(name="Center of Oncology")
    asked = {"name": "Oncology Center", "city": "x", "key": "9" * 30, "website": "http://["}
    assert "Center of Oncology" in admin_client.get(LIKE, asked).text
    assert admin_client.get(LIKE, {"name": "\0"}).status_code == 200
    saved = post(admin_client, Institution, name="Oncology Center", slug="new", kind="hospital")
    warnings = notices_of(admin_client.get(saved.url))
    assert any("Another entry has this name: Center of Oncology" in warning for warning in warnings)
    client.logout()
    assert {client.get(url).status_code for url in (PAGE, LIKE)} == {302}


def test_a_save_stands_where_its_twins_cannot_be_looked_for(admin_client, monkeypatch):
    def away(*_names, **_facts):
        raise OperationalError("The database did not answer within 3 s.")

    monkeypatch.setattr(twins, "like", away)
    assert post(admin_client, Institution, name="Clinic", slug="clinic", kind="hospital").status_code == 302
    assert Institution.objects.get().name == "Clinic"


def test_form_loads_the_script_that_asks(admin_client):
    assert "js/twins.js" in admin_client.get(address(Institution)).text
