"""The directory's one app."""

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def renew_change_log(using, apps=installed_apps, **_options):
    """Make the triggers of the change log, and every copy in memory outdated: edits may have gone unnoticed.

    `migrate` and `flush` end with it. A migration back to a state without the log, or with an earlier form of it, is
    left alone: the code that knows that form makes its own.
    """
    from .models import LoggedChange, begin_epoch, create_triggers

    logged = apps.all_models["partners"].get("loggedchange")
    if logged and _columns(logged) == _columns(LoggedChange):
        create_triggers(using)
        begin_epoch(using)


def _columns(model):
    return {field.column for field in model._meta.fields}


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("partner directory")

    def ready(self):
        from .checks import check_embed_sites, check_triggers

        register(check_triggers, Tags.database)
        register(check_embed_sites, Tags.security)
        post_migrate.connect(renew_change_log, sender=self)
