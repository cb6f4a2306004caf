"""A file whose process was stopped: the page says how it ended, and whether it was written."""

from contextlib import contextmanager

import pytest

from partners.models import Institution
from tests.admin.test_file_imports import bring, write
from tests.admin.test_file_imports_twice import NEW, upload_of
from tests.support.editor import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    return member("Coordinators", client)


@contextmanager
def processes_stopped():
    """Let every process end before it does anything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("partners.admin.file_imports.AT_ONCE_OTHERWISE", 0)
        patch.setattr("partners.admin.file_imports.started", lambda *_words: object())
        yield


def test_a_comparison_that_was_stopped_is_to_be_begun_anew(editor):
    with processes_stopped():
        page = bring(editor, NEW)
    assert "The file could not be read now. Bring it in again." in page.text
    assert "Refresh" not in page.headers


def test_a_writing_that_was_stopped_before_its_end_may_be_asked_for_again(editor):
    first, second = bring(editor, NEW), bring(editor, NEW)
    write(editor, first)  # of the same name, which is not taken for the other one
    with processes_stopped():
        page = write(editor, second)
    assert "The work was cut short. Nothing was written: press the button again." in page.text
    assert "Written. Changed: 0. New: 1." in write(editor, second).text
    assert Institution.objects.count() == 2


def test_a_writing_that_was_stopped_after_its_end_was_written(editor):
    page = bring(editor, NEW)
    write(editor, page)
    upload = upload_of(page)
    upload.summary.pop("written")
    upload.save(step="writing")
    for _press in range(2):
        assert "Everything was written." in write(editor, page).text
    assert Institution.objects.count() == 1
