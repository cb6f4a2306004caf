"""Addresses of the directory."""

app_name = "partners"
urlpatterns = []
