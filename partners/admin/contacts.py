"""How to reach people; only editors see this list."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ..models import Contact
from .base import DirectoryAdmin
from .inlines import CONTACT_FIELDS


@admin.register(Contact)
class ContactAdmin(DirectoryAdmin):
    list_display = ["__str__", "person", "institution", "lab", "visibility", "basis", "basis_on"]
    list_filter = ["visibility", "basis", ("person", admin.EmptyFieldListFilter)]
    list_select_related = ["institution", "lab"]
    date_hierarchy = "basis_on"
    search_fields = ["function", "mailbox", "person", "mail", "institution__name", "institution__sort_key", "lab__name"]
    autocomplete_fields = ["institution", "lab"]
    ordering = ["institution__sort_key", "institution", "pk"]
    fieldsets = [
        (None, {"fields": [("institution", "lab"), *CONTACT_FIELDS[:1]]}),
        (
            _("Person"),
            {
                "fields": CONTACT_FIELDS[1:],
                "description": _("A person is shown to everybody only with a basis, its day and its source."),
            },
        ),
    ]
