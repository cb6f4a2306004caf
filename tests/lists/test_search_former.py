"""A name that an institution had before finds it still, whoever changed it, and the row says so."""

import pytest

from partners.entries.versions import Versions, restore_value
from partners.models import Institution, InstitutionName, NameKind, Operation
from partners.models.undo import undo
from tests.lists.test_search import slugs, why
from tests.support.changes import edit
from tests.support.editor import inline, post
from tests.support.factories import make_institution, make_name
from tests.support.list_file import edited, export, load

pytestmark = pytest.mark.django_db


def by_form(entry, name, client):
    post(client, Institution, entry, name=name)


def by_file(entry, name, _client):
    load(f"slug,name\n{entry.slug},{name}\n".encode())


def by_restoring(entry, name, _client):
    edit(entry, name=name)
    edit(entry, name="Tatar Institute")
    restore_value(Versions(entry), "institution", entry.history.latest().pk, "name", None)


def names(entry):
    return sorted(entry.names.values_list("value", "kind", "language"))


@pytest.mark.parametrize("rename", [by_form, by_file, by_restoring])
def test_the_old_name_finds_the_entry_and_the_row_says_why(rename, client, admin_client):
    entry = make_institution(name="Tatar Institute", slug="kfu")
    rename(entry, "Volga University", admin_client)

    assert list(Institution.objects.values_list("name", "sort_key")) == [("Volga University", "volga university")]
    assert names(entry) == [("Tatar Institute", "former", "")]
    found = client.get("/institutions/?q=tatar")
    assert (slugs(found), why(found)) == (["kfu"], {"kfu": "matched: former name Tatar Institute"})


@pytest.mark.parametrize("rename", [by_form, by_file])
def test_a_name_that_is_back_is_no_former_one(rename, admin_client):
    entry = make_institution(name="First", slug="kfu")
    for name in ("Second", "Third", "First"):
        rename(entry, name, admin_client)
    assert names(entry) == [("Second", "former", ""), ("Third", "former", "")]


@pytest.mark.parametrize("rename", [by_form, by_file])
def test_what_finds_the_entry_anyhow_is_not_written_again(rename, admin_client):
    entry = make_institution(name="Universite de Kazan", slug="kfu")
    make_name(entry, value="KAZAN-CLINIC", kind=NameKind.ALIAS, language="en")
    for name in ("Université de Kazan", "Kazan Clinic", "Volga Clinic"):
        rename(entry, name, admin_client)
    assert names(entry) == [("KAZAN-CLINIC", "alias", "en"), ("Université de Kazan", "former", "")]


def test_what_only_a_draft_was_called_stays_unseen(admin_client):
    """A file renames no draft."""
    entry = make_institution(name="Working title", slug="kfu", is_published=False)
    by_form(entry, "Another title", admin_client)
    edit(entry, name="Public name", is_published=True)
    assert names(entry) == []
    edit(entry, is_published=False)
    by_form(entry, "Third title", admin_client)  # that it was withdrawn meanwhile takes nobody the name
    by_form(entry, "Fourth title", admin_client)
    assert names(entry) == [("Public name", "former", "")]


def test_a_former_name_that_the_same_form_adds_stands_once(admin_client):
    entry = make_institution(name="First", slug="kfu")
    row = {"value": "First", "kind": "former", "language": "", "source": "its charter"}
    post(admin_client, Institution, entry, name="Second", **inline("names", row))
    assert [(*one, entry.names.get().source) for one in names(entry)] == [("First", "former", "", "its charter")]


def test_an_undone_import_leaves_the_names_as_they_were():
    entry = make_institution(name="First", slug="kfu")
    edit(entry, name="Second")
    before = list(InstitutionName.objects.values())
    load(edited("kfu", name="First"))
    assert names(entry) == [("Second", "former", "")]
    assert undo(Operation.objects.get(kind="import")) == (1, [])
    assert Institution.objects.get().name == "Second"
    assert list(InstitutionName.objects.values()) == before


def test_a_file_that_renames_nobody_changes_nothing():
    entry = make_institution(name="First", slug="kfu")
    edit(entry, name="Second")
    assert load(export()) == ["Read: 1", "Unchanged: 1", "Changed: 0"]
    assert names(entry) == [("First", "former", "")]


def test_a_preview_counts_an_entry_once(admin_client):
    make_institution(name="First", slug="kfu")
    assert load(edited("kfu", name="Second"), dry_run=True) == [
        "Read: 1",
        "Unchanged: 0",
        "Changed: 1",
        "kfu: name: First → Second",
    ]
    assert not InstitutionName.objects.exists()
