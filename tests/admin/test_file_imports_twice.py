"""A file that came in is written once, whoever presses which button when."""

import re

import pytest

from partners.imports import uploads
from partners.models import Institution
from tests.admin.test_file_imports import bring, write
from tests.support.editor import member

pytestmark = pytest.mark.django_db
NEW = b"slug,name,kind\n,Clinic,hospital\n"


@pytest.fixture
def editor(client):
    return member("Coordinators", client)


def upload_of(page):
    return uploads.find(re.search(r"import/(.+)/", page.redirect_chain[-1][0])[1])


def test_second_press_writes_nothing_more(editor):
    page = bring(editor, NEW)
    for _press in range(2):
        assert "Written. Changed: 0. New: 1." in write(editor, page).text
    assert Institution.objects.count() == 1


def test_press_while_another_request_writes_changes_nothing(editor):
    page = bring(editor, NEW)
    with upload_of(page).claimed("compared", wanted="write") as is_ours:
        assert is_ours
        assert "Refresh" in write(editor, page).headers
    assert not Institution.objects.exists()


def test_press_writes_nothing_that_was_not_compared(editor, monkeypatch):
    monkeypatch.setattr("partners.admin.file_imports.AT_ONCE_OTHERWISE", 0)
    monkeypatch.setattr("partners.admin.file_imports.started", lambda *_words: None)
    page = bring(editor, NEW)
    upload_of(page).save(step="failed")
    assert write(editor, page).status_code == 200
    assert (upload_of(page).step, upload_of(page).wanted) == ("failed", "compare")
    assert not Institution.objects.exists()
