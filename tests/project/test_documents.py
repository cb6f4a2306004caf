"""What the documents promise is there: commands, settings, files, links; and README is read in one go."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.support.documents import settings_that_are_read

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text() for path in [ROOT / "README.md", *ROOT.glob("docs/*.md")]
}
LOCAL = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
MODULE = re.compile(r"`([\w/]+\.py)`")
OURS = re.compile(r"`((?:partners|consortium|tests|tools|templates|static|docs)/[\w./-]+)`")


def headings(text):
    """Return the anchors of a document's headings, as GitHub makes them."""
    lines = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


def test_readme_is_read_in_one_go():
    assert len(README.splitlines()) <= 130


def test_readme_names_every_setting_once_and_no_other():
    rows = re.findall(r"`([A-Z_]+)`", "".join(re.findall(r"^\| (`[A-Z_]+`[^|]*)\|", README, re.MULTILINE)))
    assert sorted(rows) == sorted(settings_that_are_read())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_names_commands_that_are_there(name):
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    made = set(re.findall(r"\bmake ([a-z][a-z-]+)`", DOCUMENTS[name])) | set(
        re.findall(r"`(?:[A-Z]+=\S+ )?make ([a-z][a-z-]+)[ `]", DOCUMENTS[name])
    )
    assert made - targets == set()
    assert set(re.findall(r"manage\.py ([a-z_]+)", DOCUMENTS[name])) - get_commands().keys() == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_leads_to_files_and_headings_that_are_there(name):
    folder = (ROOT / name).parent
    for target, anchor in LOCAL.findall(DOCUMENTS[name]):
        file = folder / target if target else ROOT / name
        assert file.exists(), target
        assert not anchor or anchor in headings(file.read_text()), anchor
    assert [path for path in OURS.findall(DOCUMENTS[name]) if not (ROOT / path).exists()] == []
    modules = MODULE.findall(DOCUMENTS[name])
    assert [path for path in modules if not ((ROOT / path).exists() or (ROOT / "partners" / path).exists())] == []


def test_decisions_stand_in_the_order_of_their_days():
    starts = re.findall(r"^- (.*)$", DOCUMENTS["docs/decisions.md"], re.MULTILINE)
    assert [start for start in starts if not re.match(r"\*\*\d{4}-\d\d-\d\d, ", start)] == []
    assert [later for before, later in pairwise(starts) if later[:12] < before[:12]] == []
