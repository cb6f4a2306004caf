"""Releases of the registry by the browser, and what an editor's value holds back from them."""

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from partners.host import lane
from partners.imports import uploads
from partners.models import City, Institution, RegistryRecord
from tests.support.editor import address, listing, member, post
from tests.support.ror import load, location, record, write_release
from tests.support.statistics import rows_by_statistics

pytestmark = pytest.mark.django_db
REGISTRY = "/admin/partners/institution/registry/"


@pytest.fixture
def editor(client):
    return member("Coordinators", client)


@pytest.fixture
def started(monkeypatch):
    """Return the tokens of the processes that would be started; their lane is held, as they would."""
    tokens = []
    begin = "partners.admin.file_imports.started"
    monkeypatch.setattr(begin, lambda _lane, _command, token: tokens.append(token) or object())
    with lane._lock_of(uploads.LANE):
        yield tokens


def test_a_release_is_shown_before_it_is_written(editor, started, tmp_path):
    release = write_release(tmp_path, record(1, "One"), record(2, "Two", locations=[location("RU", 551487, "Kazan")]))
    file = SimpleUploadedFile("v2.json", release.read_bytes())
    page = editor.post(REGISTRY, {"file": file, "countries": "kz, RU"}, follow=True)
    assert (page.headers["Refresh"], Institution.objects.count()) == ("2", 0)
    call_command("import_upload", started[-1])
    url = page.redirect_chain[-1][0]
    page = editor.get(url)
    assert [(row["title"], row["states"]) for row in page.context["rows"]] == [("One", ["new"]), ("Two", ["new"])]
    assert page.context["counts"] == [("new", "New", 2)]
    editor.post(url)
    call_command("import_upload", started[-1])
    assert "Created: 2" in editor.get(url).text
    assert rows_by_statistics() == 2
    done = Institution.history.latest("history_id")
    assert (done.operation.kind, done.operation.label, done.operation.user.username) == (
        "registry",
        "v2.json",
        "Coordinators",
    )
    other = Client()
    other.force_login(User.objects.create_superuser("other"))
    assert other.get(url).status_code == 404


def test_a_release_whose_process_was_stopped_says_how_it_ended(editor, monkeypatch, tmp_path):
    tokens = []
    begin = "partners.admin.file_imports.started"
    monkeypatch.setattr(begin, lambda _lane, _command, token: tokens.append(token) or object())
    release = write_release(tmp_path, record(1, "One"))
    page = editor.post(REGISTRY, {"file": SimpleUploadedFile("v2.json", release.read_bytes())}, follow=True)
    assert "The file could not be read now." in page.text
    call_command("import_upload", tokens[0])
    url = page.redirect_chain[-1][0]
    page = editor.post(url, follow=True)
    assert "The work was cut short. Nothing was written" in page.text
    assert 'value="Write it"' in page.text
    editor.post(url)
    call_command("import_upload", tokens[0])
    uploads.find(tokens[0]).save(step="writing")
    page = editor.get(url)
    assert "Created: 1" in page.text
    assert page.context["upload"].step == "written"


def test_a_broken_release_and_odd_countries_are_refused(editor, started):
    page = editor.post(REGISTRY, {"file": SimpleUploadedFile("x.zip", b"PK\x03\x04"), "countries": "ZZ"})
    assert "Unknown country code: ZZ" in page.text
    page = editor.post(REGISTRY, {"file": SimpleUploadedFile("x.zip", b"PK\x03\x04")}, follow=True)
    call_command("import_upload", started[-1])
    page = editor.get(page.redirect_chain[-1][0])
    assert "The archive is damaged or cut short" in page.text
    assert editor.get(f"{REGISTRY}{'9' * 5000}/").status_code == 404


def test_what_an_editor_settles_by_writing_it_is_not_held_back_any_more(editor, tmp_path):
    load(write_release(tmp_path, record(1, "Old")))
    Institution.objects.update(name="Ours", founded=1800)
    load(write_release(tmp_path, record(1, "New", established=1900)))
    entry, held = Institution.objects.get(), []
    for written in ({"founded": "1900"}, {"name": "New"}):
        assert post(editor, Institution, entry, **written).status_code == 302
        listed = editor.get(listing(Institution, held="yes")).context["cl"].result_count
        held.append((RegistryRecord.objects.get().held, listed))
    assert held == [({"name": "New"}, 1), ({}, 0)]


def test_held_back_values_are_seen_taken_and_refused(editor, tmp_path):
    load(write_release(tmp_path, record(1, "Old")))
    Institution.objects.update(name="Ours", founded=1800, website="https://ours.example/", city=None)
    kazan = location("RU", 551487, "Kazan’")
    load(write_release(tmp_path, record(1, "New", established=1900), record(2, "Two", locations=[kazan])))
    entry = Institution.objects.get(name="Ours")
    held = f"/admin/partners/institution/{entry.pk}/registry/"
    assert held in editor.get(address(Institution, entry)).text
    page = editor.get(held)
    assert {row[0] for row in page.context["rows"]} == {"founded", "name", "place"}
    editor.post(held, {"take": "name"})
    editor.post(held, {"take": "place"})
    editor.post(held, {"refuse": "founded"})
    entry.refresh_from_db()
    assert (entry.name, entry.sort_key, entry.founded) == ("New", "new", 1800)
    assert entry.city == City.objects.get(name="Astana")
    assert RegistryRecord.objects.get(pk=entry.pk).refused == ["founded"]
    load(write_release(tmp_path, record(1, "Newer", established=1901)))
    entry.refresh_from_db()
    assert (entry.name, entry.founded) == ("Newer", 1800)
    for decided in ({"take": "founded"}, {"refuse": "nonsense"}, {}):
        assert "Nothing is held back there any more." in editor.post(held, decided, follow=True).text
    assert editor.get("/admin/partners/institution/99999999/registry/").status_code == 404
