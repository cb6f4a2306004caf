"""The site that holds the editors' screens."""

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.utils.translation import gettext_lazy as _


class WhoIsWho(AutocompleteJsonView):
    """Offer rows by more than their name, for names are not unique."""

    def serialize_result(self, obj, to_field_name):
        label = getattr(self.model_admin, "autocomplete_label", str)  # users and groups have none
        return {"id": str(getattr(obj, to_field_name)), "text": label(obj)}


class EditorsSite(AdminSite):
    """Django's admin under the directory's own name."""

    site_header = site_title = _("Partner directory")
    index_title = _("What do you want to edit?")

    def autocomplete_view(self, request):
        return WhoIsWho.as_view(admin_site=self)(request)
