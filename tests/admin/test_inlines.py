"""Rows inside a form: what they write with it, and what they refuse."""

import pytest

from partners.models import Institution, Lab
from tests.support import factories
from tests.support.editor import inline, messages_of, post

pytestmark = pytest.mark.django_db
NEW_INSTITUTION = {"name": "New", "slug": "new", "kind": "hospital"}
OTHER_LAB = "This lab belongs to another institution."


@pytest.mark.parametrize(
    ("prefix", "row"),
    [("participations", {"role": "vector", "state": "planned"}), ("contacts", {"mailbox": "a@b.example"})],
)
def test_institution_inline_refuses_lab_of_another_institution(prefix, row, admin_client, rows):
    visibility = {"visibility": "staff"} if prefix == "contacts" else {}
    institution = factories.make_institution()
    response = post(admin_client, Institution, institution, **inline(prefix, row | visibility | {"lab": rows["$lab"]}))
    assert messages_of(response) == [OTHER_LAB]


def test_institution_inline_refuses_the_same_new_role_twice(admin_client, rows):
    row = {"role": "vector", "state": "planned"}
    response = post(admin_client, Institution, **NEW_INSTITUTION, **inline("participations", row, row))
    assert messages_of(response) == ["The role “Vector” stands here twice."]


def test_institution_inlines_write_names_roles_labs_and_contacts(admin_client, rows):
    response = post(
        admin_client,
        Institution,
        **NEW_INSTITUTION,
        **inline("names", {"value": "Новый", "kind": "native", "language": "ru"}),
        **inline("participations", {"role": "vector", "state": "planned"}),
        **inline("labs", {"name": "Its lab", "slug": "its-lab"}),
        **inline("contacts", {"mailbox": "cart@example.org", "visibility": "public"}),
    )
    assert response.status_code == 302
    institution = Institution.objects.get(slug="new")
    related = [institution.names, institution.participations, institution.labs, institution.contacts]
    assert [[str(row) for row in rows.all()] for rows in related] == [
        ["Новый"],
        ["vector (planned)"],
        ["Its lab"],
        ["cart@example.org"],
    ]


def test_lab_inlines_take_the_institution_from_the_lab(admin_client, rows):
    response = post(
        admin_client,
        Lab,
        institution=rows["$institution"],
        name="New",
        slug="new",
        **inline("participations", {"role": "vector", "state": "planned"}),
        **inline("contacts", {"mailbox": "cart@example.org", "visibility": "staff"}),
    )
    assert response.status_code == 302
    lab = Lab.objects.get(slug="new")
    assert [lab.participations.get().institution_id, lab.contacts.get().institution_id] == [rows["$institution"]] * 2


def test_new_hospital_with_labs_their_roles_and_contacts_is_one_save(admin_client, rows):
    labs = [{"name": name, "slug": name.lower()} for name in ("Apheresis", "Storage")]
    roles = [{"role": "vector", "state": "planned", "new_lab": "Apheresis"}, {"role": "vector", "state": "operational"}]
    roles.append({"role": "clinic", "state": "planned", "new_lab": "Storage"})
    contacts = [{"mailbox": "cart@example.org", "visibility": "staff", "new_lab": "Storage"}]
    data = NEW_INSTITUTION | inline("labs", *labs) | inline("participations", *roles) | inline("contacts", *contacts)
    assert post(admin_client, Institution, **data).status_code == 302
    hospital = Institution.objects.get(slug="new")
    assert {*hospital.participations.values_list("role", "lab__name")} == {
        ("vector", "Apheresis"),
        ("vector", None),
        ("clinic", "Storage"),
    }
    assert hospital.contacts.get().lab.name == "Storage"
    wrong = inline("participations", {"role": "vector", "state": "planned", "new_lab": "Nowhere"})
    assert "No lab of this name is added above." in messages_of(post(admin_client, Institution, hospital, **wrong))
