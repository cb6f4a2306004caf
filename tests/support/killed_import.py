"""Import a release and die of SIGKILL as soon as names were written: ``python -m tests.support.killed_import FILE``."""

import os
import signal
import sys

import django


def kill(execute, sql, params, many, context):
    """Run the statement, then end this process as a power cut would."""
    result = execute(sql, params, many, context)
    if 'INSERT INTO "partners_institutionname"' in sql:
        os.kill(os.getpid(), signal.SIGKILL)
    return result


if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "sqlite":
        call_command("migrate", verbosity=0)
    with connection.execute_wrapper(kill):
        call_command("import_ror", sys.argv[1])
