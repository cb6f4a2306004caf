"""Which site Django's admin shows."""

from django.contrib.admin.apps import AdminConfig


class EditorsConfig(AdminConfig):
    """Django's admin with the directory's own site; outside `partners.admin`, which registers on it."""

    default_site = "consortium.admin.EditorsSite"
