"""What the change log says: after a write, and of institutions alone."""

from django.db import connection

from partners.models import changed_since, position


def concerned_since(number):
    """Return the keys that the log names after a number, or nothing where any institution may be concerned.

    It must not speak of what institutions share.
    """
    changes = changed_since(number)
    if changes is None:
        return None
    assert not changes.shared
    return changes.institutions


def number():
    """Return the newest number, as a transaction that commits now would leave it."""
    connection.check_constraints()  # on PostgreSQL, does what a commit would do
    return position()[1]


def written(write, *arguments, **options):
    """Return the keys that a writer leaves."""
    before = number()
    write(*arguments, **options)
    connection.check_constraints()
    return concerned_since(before)


def logged(write, *arguments, **options):
    """Return the Changes that a writer of shared rows leaves."""
    before = number()
    write(*arguments, **options)
    connection.check_constraints()
    return changed_since(before)


def execute(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
