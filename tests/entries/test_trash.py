"""What is deleted can come back for ninety days; persons never."""

import datetime
import json

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from partners.entries import trash
from partners.entries.undo import CannotUndoError, undo
from partners.models import Contact, Institution, Lab, Operation
from tests.entries.test_merge import clinics
from tests.support import factories, ror
from tests.support.tables import tables

pytestmark = pytest.mark.django_db


def without_contacts():
    return {name: rows for name, rows in tables().items() if name != "contact"}


@pytest.mark.parametrize("what", ["institution", "lab"])
def test_deleted_entry_comes_back_with_all_that_was_its_own_but_no_person(what):
    _first, clinic = clinics()
    entry = clinic if what == "institution" else clinic.labs.first()
    key, before = entry.pk, without_contacts()
    deletion = trash.delete(entry, None)
    assert not type(entry).objects.filter(pk=key).exists()
    assert "Roe" not in json.dumps(deletion.changes)
    undo(deletion, None)
    assert without_contacts() == before
    assert not Contact.objects.filter(**{what: key}).exists()


def test_address_in_the_trash_is_not_given_again(tmp_path):
    clinic = factories.make_institution(name="Clinic", slug="clinic")
    lab = factories.make_lab(factories.make_institution(), slug="lab")
    trash.delete(clinic, None)
    trash.delete(lab, None)
    with pytest.raises(ValidationError, match="trash"):
        Institution(name="New", slug="clinic", kind="hospital").full_clean()
    with pytest.raises(ValidationError, match="trash"):
        Lab(institution=lab.institution, name="New", slug="lab").full_clean()
    ror.load(ror.write_release(tmp_path, ror.record(1, "Clinic")))
    assert Institution.objects.get(name="Clinic").slug != "clinic"


def test_tidy_empties_what_has_waited_ninety_days():
    old, new = (trash.delete(clinics()[0], None) for _time in range(2))
    Operation.objects.filter(pk=old.pk).update(moment=timezone.now() - datetime.timedelta(days=91))
    assert trash.tidy() == 1
    assert list(trash.waiting()) == [new]
    assert not Institution.history.filter(operation=old).exists()
    with pytest.raises(CannotUndoError):
        undo(Operation.objects.get(pk=old.pk), None)


def test_no_release_brings_back_what_has_left_the_trash(tmp_path):
    release = ror.write_release(tmp_path, ror.record(1, "Clinic"))
    ror.load(release)
    entry = Institution.objects.get()
    entry.summary = "Jane Roe leads it."
    entry.save()
    trash.delete(entry, None)
    trash.tidy(timezone.now() + datetime.timedelta(days=91))
    assert f"Skipped, deleted by an editor: 1 ({ror.ror_id(1)})" in ror.load(release)
    [left] = Institution.history.all()
    assert (left.ror_id, left.name, left.slug, left.summary, left.operation) == (ror.ror_id(1), "", "", "", None)
    Institution(name="Clinic", slug=entry.slug, kind="hospital").full_clean()
    ror.load(release, bring_back=True)
    assert Institution.objects.get().name == "Clinic"


def test_restoration_names_what_stands_in_its_way():
    clinic = factories.make_institution(ror_id=ror.ror_id(1))
    role = factories.make_participation(clinic).role
    code = role.code
    deletion = trash.delete(clinic, None)
    role.delete()
    with pytest.raises(ValidationError, match="is gone by now"):
        undo(deletion, None)
    factories.make_role(code=code)
    factories.make_institution(name="Newcomer", ror_id=ror.ror_id(1))
    with pytest.raises(ValidationError, match="Another institution has this ROR id"):
        undo(Operation.objects.get(pk=deletion.pk), None)
