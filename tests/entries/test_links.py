"""Links to parents and successors are in the history, whoever writes them."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from partners.entries.versions import Versions, restore_version
from partners.models import Institution, InstitutionParent
from tests.support import factories, ror
from tests.support.editor import post

pytestmark = pytest.mark.django_db


def told(entry):
    """Return (action, title) of each link in the history of an entry, newest first."""
    rows = [row for step in Versions(entry).steps() for row in step.rows]
    return [(row.action, row.title) for row in rows if row.kind in ("institutionparent", "institutionsuccessor")]


def test_links_of_a_form_are_in_the_history_and_come_back(admin_client):
    entry, first, second = (factories.make_institution(name=name) for name in ("Clinic", "Ministry", "University"))
    post(admin_client, Institution, entry, parents=[first.pk], successors=[second.pk])
    post(admin_client, Institution, entry, parents=[second.pk])
    assert told(entry) == [
        ("-", "parent organisation “Ministry”"),
        ("+", "parent organisation “University”"),
        ("+", "parent organisation “Ministry”"),
        ("+", "successor “University”"),
    ]
    assert {record.operation.kind for record in InstitutionParent.history.all()} == {"form"}
    url = reverse("admin:partners_institution_history", args=[entry.pk])
    page = admin_client.get(url)
    gone = InstitutionParent.history.get(history_type="-")
    assert "parent organisation “Ministry”" in page.text
    admin_client.post(url, {"newest": page.context["newest"], "version": f"institutionparent.{gone.pk}"})
    assert set(entry.parents.all()) == {first, second}


def test_a_link_that_would_make_a_circle_by_now_does_not_come_back():
    entry, parent = factories.make_institution(), factories.make_institution()
    entry.parents.add(parent)
    entry.parents.remove(parent)
    parent.parents.add(entry)
    gone = InstitutionParent.history.get(history_type="-")
    with pytest.raises(ValidationError, match="belongs to this institution already"):
        restore_version(Versions(entry), "institutionparent", gone.pk, None)


def test_links_of_the_registry_are_recorded_with_the_release(tmp_path):
    above = ror.relation("parent", 2)
    ror.load(ror.write_release(tmp_path, ror.record(1, "Clinic", relationships=[above]), ror.record(2, "Ministry")))
    ror.load(ror.write_release(tmp_path, ror.record(1, "Clinic"), ror.record(2, "Ministry")))
    entry = Institution.objects.get(name="Clinic")
    assert told(entry) == [("-", "parent organisation “Ministry”"), ("+", "parent organisation “Ministry”")]
    assert {record.operation.kind for record in InstitutionParent.history.all()} == {"registry"}
