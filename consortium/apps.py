"""Which site Django's admin shows, and which static files are collected."""

from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class EditorsConfig(AdminConfig):
    """Django's admin with the directory's own site; outside `partners.admin`, which registers on it."""

    default_site = "consortium.admin.EditorsSite"

    def ready(self):
        """Unregister the account package's tables: they show secrets, and `manage.py` does what they are needed for."""
        super().ready()
        from allauth.account.models import EmailAddress
        from allauth.mfa.models import Authenticator
        from django.contrib import admin

        admin.site.unregister([EmailAddress, Authenticator])


class CollectedFilesConfig(StaticFilesConfig):
    """Django's collecting of static files without those that no page asks for.

    Packages ship 9 MB of them, and to compress them would take a minute of the first start.
    """

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.map",
        "bootstrap.*",
        "bootstrap-[gu]*",  # its grid and utilities
        "*.rtl.*",
        "htm*-4*",
        "django_htmx/ext/*",
    ]
