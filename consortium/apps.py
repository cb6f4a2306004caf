"""Which site Django's admin shows."""

from django.contrib.admin.apps import AdminConfig


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
