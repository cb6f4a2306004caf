"""What `manage.py check --database default` looks at."""

from django.core.checks import Warning
from django.db import connections

from .models import LoggedChange, missing_triggers


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
