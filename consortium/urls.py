"""Addresses of the project: the directory's pages and files, and the editors' admin."""

from django.contrib import admin
from django.urls import include, path

handler400 = "partners.views.errors.bad_request"
handler500 = "partners.views.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("partners.urls")),
]
