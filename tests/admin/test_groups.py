"""Who may do what: the groups that a migration makes, and what their members meet."""

import importlib

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse

from partners.models import Contact, Country, FormerSlug, Institution, Role
from tests.support import editor, factories
from tests.support.editor import address, inline, listing, member, post

pytestmark = pytest.mark.django_db
EDITED = {model._meta.model_name for model in editor.EDITED}


def may(group):
    """Return what the group may do: (action, model), …"""
    codenames = Permission.objects.filter(group__name=group).values_list("codename", flat=True)
    return {tuple(codename.split("_")) for codename in codenames}


def test_coordinators_may_do_everything_in_the_directory():
    assert may("Coordinators") == {
        (action, model) for action in ["add", "change", "delete", "view"] for model in EDITED
    }


def test_editors_delete_no_row_with_an_address_and_no_contact():
    editors = may("Editors")
    assert {model for action, model in editors if action == "delete"} == {
        "institutionname",
        "participation",
        "cityname",
        "logo",
    }
    assert {action for action, model in editors if model == "contact"} == {"add", "change", "view"}
    assert {model for action, model in editors if action == "view"} == EDITED
    assert {model for action, model in editors if action == "change"} == EDITED - {
        "consortium",
        "consortiumtext",
        "country",
        "formerslug",
        "role",
        "roletext",
    }


def test_groups_migrations_can_be_repeated_and_taken_back():
    groups = importlib.import_module("partners.migrations.0004_groups")
    texts = importlib.import_module("partners.migrations.0009_groups_of_texts")
    rights = importlib.import_module("partners.migrations.0016_editors_rights")
    logos = importlib.import_module("partners.migrations.0024_logos")
    loader = MigrationLoader(connection)
    state = loader.project_state(("partners", "0009_groups_of_texts")).apps
    state_of_logos = loader.project_state(("partners", "0024_logos")).apps

    def make():
        logos.take_back(state_of_logos, connection.schema_editor())
        rights.backwards(state, connection.schema_editor())
        groups.make_groups(state, connection.schema_editor())
        texts.let_groups_edit_texts(state, connection.schema_editor())
        rights.forwards(state, connection.schema_editor())
        logos.let_groups_edit_logos(state_of_logos, connection.schema_editor())
        return {group: may(group) for group in groups.GROUPS}

    before = {group: may(group) for group in groups.GROUPS}
    assert make() == before
    groups.remove_groups(state, connection.schema_editor())
    assert not Group.objects.exists()
    assert make() == before


@pytest.mark.parametrize("group", ["Editors", "Coordinators"])
def test_every_list_and_form_opens_for_the_group(group, client):
    member(group, client)
    contact = factories.make_contact(lab=factories.make_lab())
    rows = [
        contact,
        contact.lab,
        contact.institution,
        factories.make_city(),
        factories.make_role(),
        Country.objects.first(),
    ]
    rows += [
        factories.make_name(),
        factories.make_former_slug(),
        factories.make_participation(),
        factories.make_consortium(),
        factories.make_logo(),
    ]
    statuses = {
        client.get(url, follow=True).status_code
        for row in rows
        for url in [listing(type(row)), address(type(row), row)]
    }
    assert statuses == {200}


@pytest.mark.parametrize("make", [factories.make_institution, factories.make_role, factories.make_country])
def test_editors_cannot_delete_what_has_an_address(make, client):
    row = make()
    url = reverse(f"admin:partners_{row._meta.model_name}_delete", args=[row.pk])
    assert member("Editors", client).post(url, {"post": "yes"}).status_code == 403


def test_deleting_a_role_in_use_names_what_holds_it(client):
    role = factories.make_participation().role
    url = reverse("admin:partners_role_delete", args=[role.pk])
    page = member("Coordinators", client).post(url, {"post": "yes"})
    assert "would require deleting the following protected related objects" in page.text
    assert f"{role.pk} (operational)" in page.text
    assert Role.objects.filter(pk=role.pk).exists()


def test_former_address_is_removed_on_purpose_and_never_changed(client):
    former = factories.make_former_slug()
    url = reverse("admin:partners_formerslug_delete", args=[former.pk])
    assert member("Editors", client).post(url, {"post": "yes"}).status_code == 403
    coordinators = Group.objects.get(name="Coordinators")
    coordinators.user_set.add(User.objects.get())
    assert client.post(address(FormerSlug, former), {"slug": "other"}).status_code == 403
    assert client.post(url, {"post": "yes"}).status_code == 302
    assert not FormerSlug.objects.exists()


def test_coordinators_delete_an_institution_with_all_that_is_its_own(client):
    institution = factories.make_participation(lab=factories.make_lab()).institution
    factories.make_name(institution)
    factories.make_contact(institution)
    url = reverse("admin:partners_institution_delete", args=[institution.pk])
    assert member("Coordinators", client).post(url, {"post": "yes"}).status_code == 302
    assert not Institution.objects.exists()


def test_editors_add_and_correct_contacts(client):
    contact = factories.make_contact(function="head")
    member("Editors", client)
    added = inline("contacts", {"mailbox": "new@example.org", "visibility": "staff"})
    assert post(client, Institution, name="New", slug="new", kind="hospital", **added).status_code == 302
    assert post(client, Institution, contact.institution, **{"contacts-0-function": "director"}).status_code == 302
    assert {str(contact) for contact in Contact.objects.all()} == {"director", "new@example.org"}


def test_rights_change_only_where_the_group_is_as_shipped_and_say_so(capsys):
    rights = importlib.import_module("partners.migrations.0016_editors_rights")
    User.objects.create(username="somebody")
    importlib.import_module("partners.migrations.0024_logos").take_back(apps, None)
    after = may("Editors")
    rights.backwards(apps, None)
    assert ("change", "country") in may("Editors")
    assert ("add", "contact") not in may("Editors")
    rights.forwards(apps, None)
    assert may("Editors") == after
    assert "lost add_role" in capsys.readouterr().out
    editors = Group.objects.get(name="Editors")
    editors.permissions.add(Permission.objects.get(codename="delete_lab"))
    changed = may("Editors")
    rights.backwards(apps, None)
    rights.forwards(apps, None)
    assert may("Editors") == changed
    assert capsys.readouterr().out.count("left alone") == 2
