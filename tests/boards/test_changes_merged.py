"""A merge is one change of the entry that stays, with what came along; so is its undoing."""

import pytest

from partners.boards.changes import Timeline
from partners.entries import merge as merging
from partners.entries import trash
from partners.entries.undo import undo
from partners.lists.filters import InstitutionFilter
from tests.support.changes import edit, shown_changes
from tests.support.factories import make_institution, make_lab, make_name, make_participation, make_role

pytestmark = pytest.mark.django_db


def pair(**fields):
    """Write an entry and its twin, which has a lab, two roles and a name."""
    kept = make_institution(name="Clinic", slug="clinic")
    other = make_institution(name="The Clinic", slug="the-clinic", **fields)
    lab = make_lab(other, name="Cell lab", slug="cells")
    make_participation(lab=lab, role=make_role(code="vector", name="Vector"), state="planned")
    make_participation(other, make_role(code="clinic", name="Therapy"), state="operational")
    make_name(other, value="Klinik")
    return kept, other, lab


def test_a_merge_is_one_change_with_what_came_along_and_so_is_its_undoing(client):
    kept, other, _lab = pair()
    before = len(shown_changes())
    done = merging.merge(kept, other, {}, None)
    came = ["Other entry: The Clinic", "Labs: Cell lab", "Roles: Vector (planned); Therapy (operational)"]
    assert shown_changes() == [("merged", "Clinic", came), ("added", "Clinic", ["Kind: university or school"])]
    assert Timeline(InstitutionFilter.asking().results).count() == 2
    assert "merged" in client.get("/changes/").text
    assert "Cell lab" in client.get("/changes.csv").getvalue().decode()
    assert [change.action for change in client.get("/institutions/clinic/").context["history"]] == ["merged", "added"]

    undo(done, None)
    assert shown_changes()[:2] == [
        ("parted", "Clinic", ["Other entry: The Clinic"]),
        ("parted", "The Clinic", ["Replaced by: Clinic → not stated", "Other entry: Clinic", *came[1:]]),
    ]
    assert len(shown_changes()) == before + 4
    assert Timeline(InstitutionFilter.asking().results).count() == before + 4


def test_what_came_along_is_told_as_changed_when_it_is_edited_later(client):
    kept, other, lab = pair()
    merging.merge(kept, other, {}, None)
    edit(lab, name="Lab of cells")
    assert shown_changes()[0] == ("changed", "Lab of cells", ["Name: Cell lab → Lab of cells"])
    page = client.get("/institutions/clinic/labs/cells/")
    assert [change.action for change in page.context["history"]] == ["changed", "added", "added"]


def test_the_name_of_a_draft_that_was_merged_is_not_told():
    kept, other, _lab = pair(is_published=False)
    merging.merge(kept, other, {}, None)
    [merged, _added] = shown_changes()
    assert merged == ("merged", "Clinic", ["Labs: Cell lab", "Roles: Vector (planned); Therapy (operational)"])


def test_what_was_deleted_and_comes_back_is_told_as_added_again():
    _kept, _other, lab = pair()
    undo(trash.delete(lab, None), None)
    assert shown_changes()[:2] == [("added", "Vector", ["State: planned"]), ("added", "Cell lab", [])]
