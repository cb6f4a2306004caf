"""What all editors' screens share: search in any case and script, autocompletes without a query for each row."""

from django.contrib import admin
from django.contrib.admin.widgets import AdminURLFieldWidget, AutocompleteSelect
from django.db import OperationalError, connection, models
from django.utils.html import format_html

from ..models import Operation
from ..models.deadline import unhurried
from ..models.operation import operation
from ..models.text import is_web_address, validate_web_address
from .conflicts import ConflictForm, ConflictMixin, was_refused
from .search import SearchMixin


class WebAddressInput(AdminURLFieldWidget):
    """The input of a web address, with a link to the saved one if that is valid."""

    def __init__(self, attrs=None):
        super().__init__(attrs, validator_class=lambda: validate_web_address)


# An address without a scheme means https.
FIELDS = {models.URLField: {"assume_scheme": "https", "widget": WebAddressInput}}


def as_shown(field):
    """Return the display of a web address for those who may not change it: a link only if it is valid."""

    @admin.display(description=field.verbose_name, empty_value="-")
    def address(row):
        value = getattr(row, field.name)
        return format_html('<a href="{}">{}</a>', value, value) if is_web_address(value) else value

    return address


class DirectoryAdmin(SearchMixin, ConflictMixin, admin.ModelAdmin):
    """A model's list and form, ready for 120,000 rows."""

    form = ConflictForm
    formfield_overrides = FIELDS
    list_per_page = 50
    show_full_result_count = False

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        addresses = {field.name: as_shown(field) for field in self.opts.fields if isinstance(field, models.URLField)}

        def shown(fields):
            return [
                shown(field) if isinstance(field, list | tuple) else addresses.get(field, field) for field in fields
            ]

        return [(title, options | {"fields": shown(options["fields"])}) for title, options in fieldsets]

    def get_object(self, request, object_id, from_field=None):
        """Return the row, locked while it is saved: else two editors could both find it as it was shown to them.

        Outside of a transaction nothing is saved, and PostgreSQL locks nothing.
        """
        row = super().get_object(request, object_id, from_field)
        if row is not None and request.method == "POST" and connection.in_atomic_block and not was_refused(request):
            self.model._default_manager.select_for_update().filter(pk=row.pk).first()
            row = super().get_object(request, object_id, from_field)
        return row

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Let what a form saves point to one operation; where others write too long, show the form as it was typed."""
        try:
            with operation(Operation.Kind.FORM, user=request.user):
                return super().changeform_view(request, object_id, form_url, extra_context)
        except OperationalError:
            if request.method != "POST":
                raise
        request.was_refused = True
        with unhurried():
            return self._changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form, which saves nothing where the database would not be written to."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"was_refused": True}) if was_refused(request) else form

    def autocomplete_label(self, row):
        """Return the label that distinguishes a row from others of its name where an editor chooses one."""
        return str(row)

    def get_field_queryset(self, db, db_field, request):
        """Read chosen rows with what their label needs."""
        return self.admin_site.get_model_admin(db_field.related_model).get_queryset(request)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in self.autocomplete_fields:
            field.label_from_instance = self.admin_site.get_model_admin(db_field.related_model).autocomplete_label
        return field

    def view_on_site(self, row):
        """Return the row's public address; a model without public pages has none."""


class CodedAdmin(DirectoryAdmin):
    """A vocabulary that addresses name by the code of its rows, which therefore never changes."""

    def get_readonly_fields(self, request, obj=None):
        code, _texts = self.vocabulary
        return [*super().get_readonly_fields(request, obj), code] if obj else super().get_readonly_fields(request)

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request)


class LoadedAutocomplete(AutocompleteSelect):
    """An autocomplete that shows the chosen row without asking the database for it again."""

    loaded = None

    def optgroups(self, name, value, attrs=None):
        if self.loaded is None or value != [str(self.loaded.pk)]:
            return super().optgroups(name, value, attrs)
        chosen = (self.loaded.pk, self.choices.field.label_from_instance(self.loaded), True)
        options = [chosen] if self.is_required else [("", "", False), chosen]
        return [(None, [self.create_option(name, *option, index) for index, option in enumerate(options)], 0)]


class LoadedForm(ConflictForm):
    """A row of an inline, whose autocompletes know the related rows that came with it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", None)  # the admin wraps it for its "add" and "change" links
            if isinstance(widget, LoadedAutocomplete) and widget.field.is_cached(self.instance):
                widget.loaded = getattr(self.instance, name)


class DirectoryInline(ConflictMixin, admin.options.InlineModelAdmin):
    """Rows of a model inside another one's form; what their autocompletes show is read with them."""

    form = LoadedForm
    formfield_overrides = FIELDS
    extra = 0
    view_on_site = False

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        return queryset.select_related(*self.autocomplete_fields) if self.autocomplete_fields else queryset

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = LoadedAutocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
