"""Addresses of the project: the directory's pages and files, and the editors' admin."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import path

from partners import urls as partners

from . import views

handler400 = "partners.views.errors.bad_request"
handler500 = "partners.views.errors.server_error"

urlpatterns = [
    # Not by include(), which takes language prefixes at the top only: pages and files share one namespace.
    path("", (partners.urlpatterns, partners.app_name, partners.app_name)),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    *i18n_patterns(path("admin/", admin.site.urls), prefix_default_language=False),
]
