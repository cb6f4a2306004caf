"""What an editor does in the admin: sign in, open a list or a form, fill it in, save it, read what it says."""

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.urls import reverse

# Rows that have no form of their own: the registry's own values, the change log, the history, links of institutions.
WRITTEN_BY_THE_PROGRAM = ("registryrecord", "loggedchange", "logepoch", "historical", "operation", "distinctpair")
WRITTEN_BY_THE_PROGRAM += ("institutionparent", "institutionsuccessor")
EDITED = {
    model
    for model in apps.get_app_config("partners").get_models()
    if not model._meta.model_name.startswith(WRITTEN_BY_THE_PROGRAM)
}


def address(model, row=None):
    name = f"admin:partners_{model._meta.model_name}"
    return reverse(f"{name}_change", args=[row.pk]) if row else reverse(f"{name}_add")


def listing(model, **parameters):
    return reverse(f"admin:partners_{model._meta.model_name}_changelist", query=parameters)


def member(group, client):
    """Sign in as somebody of a group."""
    user = User.objects.create(username=group, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return client


def forms_of(response):
    """Return every form of the page: the main one, then for each inline its management form and its rows."""
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    inlines = [form for formset in formsets for form in [formset.management_form, *formset.forms]]
    return [response.context["adminform"].form, *inlines]


def filled(response):
    """Return what a browser posts when the page is saved as it is."""
    fields = [field for form in forms_of(response) for field in form]
    widgets = [getattr(field.field.widget, "widget", field.field.widget) for field in fields]  # some stand in a wrapper
    values = [widget.format_value(field.value()) for field, widget in zip(fields, widgets, strict=True)]
    ticked = {field.html_name: "on" for field in fields if field.value() is True}
    return {field.html_name: value for field, value in zip(fields, values, strict=True) if value is not None} | ticked


def post(client, model, row=None, **changes):
    """Save the form with some fields changed; `None` empties a field."""
    page = client.get(address(model, row))
    data = {name: value for name, value in (filled(page) | changes).items() if value is not None}
    return client.post(address(model, row), data)


def inline(prefix, *rows, initial=0):
    """Return the fields of an inline's rows."""
    counts = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    return counts | {f"{prefix}-{i}-{name}": value for i, row in enumerate(rows) for name, value in row.items()}


def messages_of(response):
    """Return every message the form gives, in order."""
    assert response.status_code == 200, "the form was saved"
    formsets = [one.formset for one in response.context["inline_admin_formsets"]]
    messages = [message for form in forms_of(response) for errors in form.errors.values() for message in errors]
    return messages + [message for formset in formsets for message in formset.non_form_errors()]


def notices_of(response):
    """Return what the page tells above everything else."""
    return [str(message) for message in response.context["messages"]]
