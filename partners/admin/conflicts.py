"""Two editors at the same entry: the second is warned before an edit of the first is overwritten."""

import hashlib

from django import forms
from django.contrib.admin.utils import display_for_value
from django.core.exceptions import ValidationError
from django.template.defaultfilters import yesno
from django.utils.translation import gettext as _

SHOWN = "shown"  # the hidden field


def was_refused(request):
    """Say whether the database refused to save what this request brought."""
    return getattr(request, "was_refused", False)


class ShownInput(forms.HiddenInput):
    def id_for_label(self, id_):
        return ""  # the admin writes a label for each field, and HTML allows none for a hidden one


class ShownField(forms.CharField):
    """A digest of the saved row that a form shows; it comes back with the form.

    A form that was refused has the digest of what is saved by then: who saves again means it.
    """

    widget = ShownInput

    def __init__(self):
        super().__init__(required=False, label="")

    def bound_data(self, data, initial):
        return initial

    def has_changed(self, initial, data):
        return False


class ConflictForm(forms.ModelForm):
    """The form of a row that refuses to write over what somebody else saved since the form was opened; no query.

    Each row is judged by itself: editors of different labs, names or roles of an institution are not in each other's
    way. A form without the digest, as of a new row, is not judged. To make it is a three-hundredth of making the form.
    """

    shown = ShownField()
    was_refused = False  # by the database, because others write
    written_too = ()  # names of the form's own fields that are written into the row as well

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial[SHOWN] = self._digest()

    def clean(self):
        super().clean()
        if self.was_refused:
            raise ValidationError(
                _("Somebody else is writing much just now, so nothing was saved. Save again."), code="busy"
            )
        shown = self.cleaned_data.get(SHOWN)
        if self.instance.pk is None or shown in ("", self.initial[SHOWN]):
            return
        of_row = {field.name for field in self.instance._meta.get_fields()} | set(self.written_too)
        if replaced := [self._saved(name) for name in self.changed_data if name in of_row]:
            raise ValidationError(
                _("Somebody else saved this since you opened it. Saved is now: %(saved)s. Save again to replace that."),
                code="conflict",
                params={"saved": "; ".join(replaced)},
            )

    def _digest(self):
        saved = {name: field.prepare_value(self.initial.get(name)) for name, field in self.fields.items()}
        return hashlib.sha256(repr(saved).encode()).hexdigest()

    def _saved(self, name):
        """Return a field with its saved value, in words; the instance takes the typed ones only after `clean()`."""
        field = self.instance._meta.get_field(name)
        value = getattr(self.instance, name)
        if field.many_to_many:
            text = ", ".join(map(str, value.all()))
        elif field.choices:
            text = getattr(self.instance, f"get_{name}_display")()
        else:
            text = yesno(value) if isinstance(value, bool) else display_for_value(value, "")
        return f"{self.fields[name].label}: {text or '–'}"


class ConflictMixin:
    """An admin or inline whose forms carry the digest; their form is a `ConflictForm`."""

    def get_fieldsets(self, request, obj=None):
        (title, options), *others = super().get_fieldsets(request, obj)
        fields = [field for field in options["fields"] if field != SHOWN]
        if obj and self.has_change_permission(request, obj):
            fields.append(SHOWN)
        return [(title, options | {"fields": fields}), *others]
