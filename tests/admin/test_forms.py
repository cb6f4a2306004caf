"""What saving a form does, and what it shows."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.widgets import AutocompleteMixin
from django.forms import ModelChoiceField
from django.urls import reverse

from partners.models import Consortium, Contact, Country, FormerSlug, Institution, Lab, Role
from tests.support import factories
from tests.support.editor import EDITED, address, inline, post

pytestmark = pytest.mark.django_db
NEW_INSTITUTION = {"name": "New", "slug": "new", "kind": "hospital"}


def test_saving_a_form_unchanged_changes_nothing(admin_client):
    city = factories.make_city(latitude=55.79, longitude=49.12)
    institution = factories.make_institution(city=city, standing="signed", signed_on="2026-01-01", founded=1804)
    institution.parents.add(factories.make_institution())
    factories.make_name(institution)
    lab = factories.make_lab(institution, city=city)
    factories.make_participation(lab=lab, since="2026-01-01")
    factories.make_contact(lab=lab, person="A. Person", mail="a@example.org")
    everything = [list(model.objects.order_by("pk").values()) for model in EDITED]
    statuses = [post(admin_client, type(row), row).status_code for row in [institution, lab]]
    assert statuses == [302, 302]
    assert [list(model.objects.order_by("pk").values()) for model in EDITED] == everything


def test_new_address_leaves_the_former_one(admin_client):
    institution = factories.make_institution(slug="before")
    lab = factories.make_lab(institution, slug="lab-before")
    post(admin_client, Institution, institution, slug="after")
    post(admin_client, Lab, lab, slug="lab-after")
    former = FormerSlug.objects.order_by("pk").values_list("slug", "institution", "lab")
    assert list(former) == [("before", institution.pk, None), ("lab-before", institution.pk, lab.pk)]


@pytest.mark.parametrize("model", [Country, Role])
def test_code_is_written_once(model, admin_client):
    factories.make_role()
    row = model.objects.first()
    assert "code" in admin_client.get(address(model)).context["adminform"].form.fields
    response = post(admin_client, model, row, code="XX")
    assert response.status_code == 302
    assert "code" not in admin_client.get(address(model, row)).context["adminform"].form.fields
    assert model.objects.filter(pk=row.pk).exists()
    assert not model.objects.filter(pk="XX").exists()


def test_consortium_is_one_row_that_the_list_leads_to(admin_client):
    listing = reverse("admin:partners_consortium_changelist")
    assert admin_client.get(listing).url == address(Consortium)
    post(admin_client, Consortium, name="CAR-T network", short_name="CAR-T")
    row = Consortium.objects.get()
    assert admin_client.get(listing).url == address(Consortium, row)
    assert admin_client.get(address(Consortium)).status_code == 403
    assert admin_client.post(reverse("admin:partners_consortium_delete", args=[row.pk])).status_code == 403


def test_log_of_changes_names_no_person(admin_client):
    person = {"person": "Seeded Person", "mail": "seeded@example.org", "phone": "+7 000 seeded"}
    institution = factories.make_institution()
    contact = factories.make_contact(institution, function="head of the laboratory", person="Before")
    post(admin_client, Contact, contact, **person)
    post(admin_client, Contact, institution=institution.pk, function="director", **person)
    row = {"function": "rector", "visibility": "staff", **person}
    post(admin_client, Institution, **NEW_INSTITUTION, **inline("contacts", row))
    entries = [f"{entry.object_repr} {entry.get_change_message()}" for entry in LogEntry.objects.order_by("pk")]
    assert entries == [
        "head of the laboratory Changed Person's name, Person's mail and Person's phone.",
        "director Added.",
        "New Added. Added contact “rector”.",
    ]


def test_no_relation_renders_all_rows(rf, admin_user):
    request = rf.get("/")
    request.user = admin_user
    registered = [model for model in EDITED if admin.site.is_registered(model)]
    screens = [admin.site.get_model_admin(model) for model in registered]
    inlines = [inline for screen in screens for inline in screen.get_inline_instances(request)]
    formsets = {inline: inline.get_formset(request) for inline in inlines}
    relations = [
        (f"{type(screen).__name__}.{name}", getattr(field.widget, "widget", field.widget))
        for screen, form in [
            *((screen, screen.get_form(request)) for screen in screens if screen.has_change_permission(request)),
            *((inline, formset.form) for inline, formset in formsets.items()),
        ]
        for name, field in form.base_fields.items()
        # An inline's way to the form it stands in is a hidden field.
        if isinstance(field, ModelChoiceField) and (screen not in formsets or name != formsets[screen].fk.name)
    ]
    eager = [name for name, widget in relations if not isinstance(widget, AutocompleteMixin)]
    assert relations
    assert eager == []
    assert {*registered, *(inline.model for inline in inlines)} == EDITED
