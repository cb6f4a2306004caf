"""A file that came in is written once, whoever presses which button when, and corrected in rounds."""

import csv
import io
import re

import pytest

from partners.imports import uploads
from partners.models import Institution
from tests.admin.test_file_imports import bring, write
from tests.support.editor import member
from tests.support.factories import make_institution
from tests.support.list_file import written

pytestmark = pytest.mark.django_db
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"
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


def test_only_the_missing_entries_that_were_shown_are_set_aside(editor):
    for slug in ("a", "gone"):
        make_institution(slug=slug, name=slug.upper())
    page = bring(editor, b"slug,name\na,A\n")
    make_institution(slug="newcomer", name="Newcomer")
    page = write(editor, page, set_aside="on")
    assert "Nothing was written" in page.text
    assert page.context["upload"].summary["missing_names"] == ["GONE", "Newcomer"]
    assert Institution.objects.filter(is_published=True).count() == 3
    write(editor, page, set_aside="on")
    assert list(Institution.objects.filter(is_published=True).values_list("slug", flat=True)) == ["a"]


def mistakes_of(client, page):
    """Return header and lines of the file to correct, without what to do."""
    text = client.get(page.context["mistakes_url"]).content.decode("utf-8-sig")
    header, *rows = (row[:-1] for row in csv.reader(io.StringIO(text)))
    return header, rows


def test_a_second_round_of_corrections_remembers_the_first(editor):
    for slug in ("a", "b", "c"):
        make_institution(slug=slug, name=slug.upper())
    page = bring(editor, b"slug,standing,founded\na,signd,1900\nb,signd,1901\nc,prospect,1902\n")
    url = page.redirect_chain[-1][0]
    header, [first, second] = mistakes_of(editor, page)
    assert (header, first[-1]) == (["slug", "standing", "founded", "line"], "2")
    page = bring(editor, written(header, [["a", "signed", "1900", "2"], second]), url=url)
    assert mistakes_of(editor, page) == (header, [second])
    page = bring(editor, written(["line", "standing"], [["3", "expected"]]), url=url)
    page = bring(editor, written(["line", "founded"], [["3", "1911"]]), url=url)
    write(editor, page)
    facts = set(Institution.objects.values_list("slug", "standing", "founded"))
    assert facts == {("a", "signed", 1900), ("b", "expected", 1911), ("c", "prospect", 1902)}


@pytest.mark.parametrize("content", [OLD_WORKBOOK, b"slug,name\na,A,x\n", b"slug,nonsense\na,A\n"])
def test_lines_are_offered_where_they_can_be_corrected_and_nowhere_else(editor, content):
    page = bring(editor, content)
    assert page.context["upload"].summary["mistake"]
    assert page.context["mistakes_url"] not in page.text
    assert "Put the file itself right" in page.text
    assert editor.get(page.context["mistakes_url"]).status_code == 404


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (OLD_WORKBOOK, "save the file as"),
        (b"slug,standing\na,signed\n", "“line” is missing"),
        (b"slug,line\na\n", "put the delimiters right"),
    ],
)
def test_corrected_lines_that_cannot_be_read_are_refused_with_the_reason(editor, content, told):
    make_institution(slug="a", name="A")
    page = bring(editor, b"slug,standing\na,signd\n")
    refused = bring(editor, content, url=page.redirect_chain[-1][0])
    assert told in str(refused.context["form"].errors)
    assert page.context["mistakes_url"] in refused.text
