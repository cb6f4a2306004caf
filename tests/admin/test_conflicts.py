"""Two editors at one entry: nobody undoes what somebody else saved meanwhile, without knowing."""

import threading

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection, transaction
from django.test import Client

from partners.models import Institution, InstitutionName
from tests.support import factories
from tests.support.editor import address, filled, inline, messages_of, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(db):
    """Another editor, signed in."""
    client = Client()
    client.force_login(User.objects.create_superuser("other"))
    return client


@pytest.fixture
def clinic():
    return factories.make_institution(name="Clinic", slug="clinic", website="https://old.example/")


def test_the_second_editor_is_told_what_the_first_saved_and_may_save_again(admin_client, other, clinic):
    page = admin_client.get(address(Institution, clinic))
    assert post(other, Institution, clinic, website="https://new.example/").status_code == 302

    refused = admin_client.post(address(Institution, clinic), filled(page) | {"name": "Klinik"})

    [message] = messages_of(refused)
    assert "Somebody else saved this" in message
    assert "Website: https://new.example/" in message
    assert "Name: Clinic" in message
    clinic.refresh_from_db()
    assert (clinic.name, clinic.website) == ("Clinic", "https://new.example/")

    assert admin_client.post(address(Institution, clinic), filled(refused)).status_code == 302
    clinic.refresh_from_db()
    assert (clinic.name, clinic.website) == ("Klinik", "https://old.example/")


def test_saving_what_is_there_already_is_no_conflict(admin_client, other, clinic):
    page = admin_client.get(address(Institution, clinic))
    post(other, Institution, clinic, website="https://new.example/")

    answer = admin_client.post(address(Institution, clinic), filled(page) | {"website": "https://new.example/"})

    assert answer.status_code == 302


def test_several_values_are_told_too(admin_client, other, clinic):
    university = factories.make_institution(name="University")
    page = admin_client.get(address(Institution, clinic))
    assert post(other, Institution, clinic, parents=[university.pk]).status_code == 302

    [message] = messages_of(admin_client.post(address(Institution, clinic), filled(page)))

    assert "Parent organisations: University" in message
    assert list(clinic.parents.all()) == [university]


def test_a_row_inside_the_form_is_judged_by_itself(admin_client, other, clinic):
    first, second = (factories.make_name(clinic, value=value) for value in ["Erste", "Zweite"])
    page = admin_client.get(address(Institution, clinic))
    rows = [
        {"id": name.pk, "value": name.value, "kind": name.kind, "language": name.language} for name in (first, second)
    ]
    added = {"value": "Dritte", "kind": first.kind, "language": ""}
    changed = [rows[0] | {"value": "Changed by the other"}, rows[1], added]
    assert post(other, Institution, clinic, **inline("names", *changed, initial=2)).status_code == 302

    def save(**changes):
        return admin_client.post(address(Institution, clinic), filled(page) | changes)

    assert "Changed by the other" in messages_of(save())[0]
    names = {"names-0-value": "Changed by the other", "names-1-value": "Changed by me"}
    assert save(**names).status_code == 302
    assert set(clinic.names.values_list("value", flat=True)) == {"Changed by the other", "Changed by me", "Dritte"}


@pytest.mark.parametrize(
    "make",
    [
        factories.make_institution,
        factories.make_name,
        factories.make_lab,
        factories.make_participation,
        factories.make_contact,
        factories.make_city,
        factories.make_country,
        factories.make_role,
        factories.make_consortium,
    ],
)
def test_every_form_carries_what_it_shows(admin_client, make):
    row = make()

    shown = filled(admin_client.get(address(type(row), row)))["shown"]

    assert shown == filled(admin_client.get(address(type(row), row)))["shown"] != ""
    assert post(admin_client, type(row), row).status_code == 302


def test_a_row_that_somebody_changed_may_be_deleted(admin_client, other, clinic):
    name = factories.make_name(clinic, value="Klinik")
    page = admin_client.get(address(Institution, clinic))
    post(other, Institution, clinic, **{"names-0-value": "Kliniken"})

    answer = admin_client.post(address(Institution, clinic), filled(page) | {"names-0-DELETE": "on"})

    assert answer.status_code == 302
    assert not InstitutionName.objects.filter(pk=name.pk).exists()


def test_a_contact_that_somebody_corrected_is_deleted_only_by_who_knows(admin_client, other, clinic):
    """Contacts have no history from which they could come back."""
    contact = factories.make_contact(clinic, mailbox="old@example.org")
    page = admin_client.get(address(Institution, clinic))
    assert post(other, Institution, clinic, **{"contacts-0-mailbox": "new@example.org"}).status_code == 302

    refused = admin_client.post(address(Institution, clinic), filled(page) | {"contacts-0-DELETE": "on"})

    assert "Role mailbox: new@example.org" in messages_of(refused)[-1]
    contact.refresh_from_db()
    assert admin_client.post(address(Institution, clinic), filled(refused)).status_code == 302
    assert not clinic.contacts.exists()


def test_who_may_only_look_sees_the_entry(client, clinic):
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)

    page = client.get(address(Institution, clinic))

    assert "Clinic" in page.content.decode()
    assert 'name="shown"' not in page.content.decode()


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite lets one write at a time begin")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told(admin_client, other, clinic):
    data = {client: filled(client.get(address(Institution, clinic))) for client in (admin_client, other)}
    begin, statuses = threading.Barrier(2), []

    def save(client, name):
        begin.wait()
        statuses.append(client.post(address(Institution, clinic), data[client] | {"name": name}).status_code)
        connection.close()

    threads = [threading.Thread(target=save, args=args) for args in [(admin_client, "One"), (other, "Two")]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200, 302]


SHORT = {"sqlite": "PRAGMA busy_timeout = 200", "postgresql": "SET lock_timeout = 200"}  # milliseconds


@pytest.mark.django_db(transaction=True)
def test_a_save_that_an_import_blocks_shows_what_was_typed(client):
    client.force_login(User.objects.create_superuser("ann"))
    clinic = factories.make_institution(name="Clinic", slug="clinic")
    page = client.get(address(Institution, clinic))
    holds, may_end = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Institution.objects.select_for_update().get(pk=clinic.pk)
            holds.set()
            may_end.wait(30)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert holds.wait(30)
        with connection.cursor() as cursor:
            cursor.execute(SHORT[connection.vendor])
        refused = client.post(address(Institution, clinic), filled(page) | {"name": "Typed for long"})
    finally:
        may_end.set()
        holder.join()
        connection.close()
    assert messages_of(refused) == ["Somebody else is writing much just now, so nothing was saved. Save again."]
    assert 'value="Typed for long"' in refused.text
    clinic.refresh_from_db()
    assert clinic.name == "Clinic"
    assert client.post(address(Institution, clinic), filled(refused)).status_code == 302
    clinic.refresh_from_db()
    assert clinic.name == "Typed for long"
