"""The site that holds the editors' screens."""

from functools import update_wrapper

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from .second_factor import has_second_factor
from .sign_in import SignIn


class WhoIsWho(AutocompleteJsonView):
    """An autocomplete that offers rows by more than their name, because names are not unique."""

    def serialize_result(self, obj, to_field_name):
        label = getattr(self.model_admin, "autocomplete_label", str)  # users and groups have none
        return {"id": str(getattr(obj, to_field_name)), "text": label(obj)}


class EditorsSite(AdminSite):
    """Django's admin under the directory's own name, behind our own sign-in."""

    site_header = site_title = _("Partner directory")
    index_title = _("What do you want to edit?")

    def index(self, request, extra_context=None):
        """Show what there is to do today above what can be edited."""
        from partners.admin.today import worklist  # which needs the models, and this module comes before them

        return super().index(request, {"worklist": worklist(request)} | (extra_context or {}))

    def autocomplete_view(self, request):
        return WhoIsWho.as_view(admin_site=self)(request)

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        context = self.each_context(request) | {
            "title": _("Log in"),
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
        }
        return SignIn.as_view(extra_context=context | (extra_context or {}))(request)

    def admin_view(self, view, cacheable=False):
        """Redirect editors without a required second factor to the page that adds one; one query a page if required."""
        open_view = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            demanded = settings.MFA == "required" and view != self.logout and self.has_permission(request)
            if demanded and not has_second_factor(request.user):
                response = redirect("mfa_index")
                add_never_cache_headers(response)
                return response
            return open_view(request, *args, **kwargs)

        return update_wrapper(guarded, open_view)


def frame(request):
    """Give the pages around the admin, which are not views of its site, what its frame shows."""
    from django.contrib.admin import site

    return {
        "site_header": site.site_header,
        "site_title": site.site_title,
        "site_url": site.site_url,
        "has_permission": site.has_permission(request),
        "second_factor_required": settings.MFA == "required",
    }
