"""What `manage.py check` looks at, the first with `--database default`."""

import re

from django.conf import settings
from django.core.checks import Error, Warning
from django.db import connections

from .models import LoggedChange, missing_triggers

SITE = re.compile(r"\*|https?://[^\s;,/'\"]+")


def check_triggers(databases, **_options):
    """Warn where a trigger of the change log is not as expected, so that edits would go unnoticed.

    A warning, because an error would also stop `migrate`, which is the cure. A database without the log is silent.
    """
    return [
        Warning(
            f"The change log has triggers that are missing, altered or switched off: {', '.join(names)}.",
            hint="Run `manage.py migrate`, which makes them anew.",
            obj=alias,
            id="partners.W001",
        )
        for alias in databases or []
        if LoggedChange._meta.db_table in connections[alias].introspection.table_names()
        and (names := missing_triggers(alias))
    ]


def check_embed_sites(app_configs, **_options):  # noqa: ARG001 - Django's
    """Report what in `EMBED_SITES` is no address of a site: it would stand in the content policy."""
    wrong = [site for site in settings.EMBED_SITES if not SITE.fullmatch(site)]
    return [
        Error(f"EMBED_SITES: “{site}” is no address as https://site.example, nor *.", id="partners.E002")
        for site in wrong
    ]
