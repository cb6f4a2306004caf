"""Merge, undo, history and trash in the admin: who may, what they are told, and two editors at once."""

import html
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from partners.entries import trash
from partners.entries.merge import merge
from partners.entries.undo import undo
from partners.models import Institution, Operation, Participation
from tests.entries.test_merge import clinics
from tests.support import factories
from tests.support.changes import edit
from tests.support.editor import member, notices_of

pytestmark = pytest.mark.django_db


def merge_url(kept, other=None):
    return reverse("admin:partners_institution_merge", args=[kept.pk], query=other and {"with": other.pk})


def undo_url(done):
    return reverse("admin:partners_operation_undo", args=[done.pk])


def history_url(entry):
    return reverse(f"admin:partners_{entry._meta.model_name}_history", args=[entry.pk])


def form_of(page):
    return {field.html_name: field.value() for field in page.context["form"]}


@pytest.mark.parametrize(("group", "status"), [("Editors", 200), ("Coordinators", 200), (None, 302), ("Nobody", 403)])
def test_who_may_open_the_pages(group, status, client):
    kept, other = clinics()
    done = merge(*clinics(), {}, None)
    deletion = trash.delete(factories.make_institution(), None)
    if group == "Nobody":
        client.force_login(User.objects.create(username="x", is_staff=True))
    elif group:
        member(group, client)
    urls = [
        merge_url(kept),
        merge_url(kept, other),
        undo_url(done),
        undo_url(deletion),
        history_url(kept),
        history_url(kept.labs.first()),
        reverse("admin:partners_operation_changelist"),
    ]
    assert {client.get(url).status_code for url in urls} == {status}
    if status != 200:
        before = Operation.objects.count()
        assert {client.post(url).status_code for url in urls} == {status}
        assert Operation.objects.count() == before


@pytest.mark.parametrize("key", ["0", "abc", "9" * 40, "-1", "\0"])
def test_entry_that_is_not_there_is_not_found(key, admin_client):
    kept = factories.make_institution()
    assert admin_client.get(merge_url(kept), {"with": key}).status_code == 404


def test_merge_shows_both_and_says_what_it_did(admin_client):
    kept, other = clinics()
    page = admin_client.get(merge_url(kept, other))
    assert {"website", "role-clinic", "name"} & page.context["form"].fields.keys() == {"website", "name"}
    assert "lab-0" in page.text or "Lab" in page.text
    saved = admin_client.post(merge_url(kept, other), form_of(page) | {"name": "other"}, follow=True)
    [told] = notices_of(saved)
    assert "Merged: Clinic 1" in told
    assert "/undo/" in told
    kept.refresh_from_db()
    assert (kept.name, kept.names.filter(value="Clinic 0").count()) == ("Clinic 1", 1)
    done = Operation.objects.get()
    assert "Done" in notices_of(admin_client.post(undo_url(done), follow=True))[0]
    assert "already" in admin_client.post(undo_url(done)).text


def test_second_editor_of_a_merge_is_told_and_nothing_is_lost(admin_client):
    kept, other = clinics()
    second = Client()
    second.force_login(User.objects.create_superuser("second"))
    pages = {client: client.get(merge_url(kept, other)) for client in (admin_client, second)}
    edit(other, summary="Written meanwhile")
    refused = second.post(merge_url(kept, other), form_of(pages[second]))
    assert "Somebody else changed one of the two" in refused.text
    assert not Operation.objects.filter(kind="merge").exists()
    again = second.post(merge_url(kept, other), form_of(refused), follow=True)
    assert "Merged" in notices_of(again)[0]
    late = admin_client.post(merge_url(kept, other), form_of(pages[admin_client]))
    assert "Somebody else changed one of the two" in late.text
    assert Operation.objects.filter(kind="merge").count() == 1


def test_history_tells_values_and_restores_them(admin_client):
    institution = factories.make_institution(name="Clinic", slug="clinic", website="https://old.example/")
    name = factories.make_name(institution, value="Клиника")
    edit(institution, website="https://new.example/")
    name_key = name.pk
    name.delete()
    page = admin_client.get(history_url(institution))
    for text in ("https://old.example/", "https://new.example/", "Клиника"):
        assert text in page.text
    change = institution.history.latest()
    newest = {"newest": page.context["newest"]}
    url = history_url(institution)
    told = admin_client.post(url, newest | {"value": f"institution.{change.pk}.website"}, follow=True)
    assert notices_of(told) == ["Restored: Clinic"]
    assert Institution.objects.get().website == "https://old.example/"
    assert Institution.history.latest().operation.kind == "restore"
    stale = admin_client.post(url, newest | {"value": f"institution.{change.pk}.website"}, follow=True)
    assert "Somebody else changed this entry" in notices_of(stale)[0]
    newest = {"newest": admin_client.get(url).context["newest"]}
    gone = name.history.model.objects.filter(history_type="-").get()
    admin_client.post(url, newest | {"version": f"institutionname.{gone.pk}"})
    assert institution.names.get().pk == name_key


def test_history_says_what_is_gone_that_a_version_needs(admin_client):
    clinic = factories.make_institution(name="Clinic", city=factories.make_city())
    factories.make_participation(lab=factories.make_lab(clinic)).lab.delete()
    city = clinic.city
    edit(clinic, city=None)
    city.delete()
    newest = {"newest": admin_client.get(history_url(clinic)).context["newest"]}
    for record, told in [
        (Participation.history.get(history_type="-"), "its lab is gone by now."),
        (Institution.history.earliest(), "its city is gone by now."),
    ]:
        asked = newest | {"version": f"{record.instance_type._meta.model_name}.{record.pk}"}
        [notice] = notices_of(admin_client.post(history_url(clinic), asked, follow=True))
        assert told in notice
    assert (Participation.objects.count(), Institution.objects.get().city) == (0, None)


@pytest.mark.django_db(transaction=True)
def test_histories_take_a_post_that_begins_without_a_transaction(admin_client):
    """As every request does; PostgreSQL locks rows in transactions alone."""
    clinic = factories.make_institution(name="Clinic", website="https://old.example/")
    edit(clinic, website="https://new.example/")
    asked = {"newest": admin_client.get(history_url(clinic)).context["newest"]}
    asked["value"] = f"institution.{clinic.history.latest().pk}.website"
    assert notices_of(admin_client.post(history_url(clinic), asked, follow=True)) == ["Restored: Clinic"]
    assert admin_client.post(history_url(factories.make_country("KZ"))).status_code == 200


@pytest.mark.parametrize(
    "asked", [{}, {"version": "x"}, {"version": "lab.1"}, {"value": "institution.1"}, {"value": "institution.1.id"}]
)
def test_history_refuses_what_it_does_not_show(asked, admin_client):
    institution = factories.make_institution()
    page = admin_client.get(history_url(institution))
    before = institution.history.count()
    told = admin_client.post(history_url(institution), asked | {"newest": page.context["newest"]}, follow=True)
    assert notices_of(told) == ["This is not in the history of the entry."]
    assert institution.history.count() == before


def test_deletion_asks_tells_where_it_went_and_comes_back(admin_client):
    clinic = clinics()[1]
    key = clinic.pk
    url = reverse("admin:partners_institution_delete", args=[clinic.pk])
    assert "Lab" in admin_client.get(url).text
    told = admin_client.post(url, {"post": "yes"}, follow=True)
    assert any("trash for 90 days" in message for message in notices_of(told))
    assert not Institution.objects.filter(pk=key).exists()
    assert admin_client.post(undo_url(Operation.objects.get(kind="delete")), follow=True).status_code == 200
    assert Institution.objects.get(pk=key).labs.count() == 2


TERMS = "What you delete waits in the trash for 90 days."


def test_who_deletes_is_told_before_what_becomes_of_it(admin_client):
    entry = factories.make_institution()
    assert TERMS in admin_client.get(reverse("admin:partners_institution_delete", args=[entry.pk])).text
    several = {"action": "delete_selected", "_selected_action": [entry.pk]}
    assert TERMS in admin_client.post(reverse("admin:partners_institution_changelist"), several).text


def test_the_trash_is_called_so_and_has_what_can_come_back(admin_client):
    waiting, back = factories.make_institution(name="Waiting"), factories.make_institution(name="Back")
    trash.delete(waiting, None)
    undo(trash.delete(back, None), None)
    page = admin_client.get(reverse("admin:partners_institution_changelist"))
    [address] = re.findall(r'href="([^"]*)">Trash<', page.text)
    shown = admin_client.get(html.unescape(address))
    assert shown.context["title"] == "Trash"
    assert [done.label for done in shown.context["cl"].result_list] == ["Waiting"]


def test_what_does_not_come_back_promises_no_trash(admin_client):
    role = factories.make_role(code="vector")
    assert TERMS not in admin_client.get(reverse("admin:partners_role_delete", args=[role.pk])).text
