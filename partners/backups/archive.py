"""What a backup is for whoever makes, tries or puts one back, whatever the engine."""

from contextlib import contextmanager
from http import HTTPStatus

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from ..models import missing_triggers
from . import postgresql, sqlite
from .errors import BackupError

ENGINES = {"sqlite": sqlite, "postgresql": postgresql}
NAME = "%Y%m%d-%H%M%S-%f"
PAGE = "/institutions/"


def write_backup(folder, keep=None):
    """Write a backup into a folder, made if missing, and return its path; only the newest `keep` backups stay there.

    :raises BackupError: where it cannot be made, or does not read back; then nothing is left of it.
    """
    engine = _engine()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{timezone.now().strftime(NAME)}{engine.SUFFIX}"
    unfinished = path.with_name(f".{path.name}.part")
    try:
        engine.write(unfinished)
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    if keep:
        for outdated in sorted(folder.glob(f"*{engine.SUFFIX}"))[:-keep]:
            outdated.unlink()
    return path


def check(path):
    """Restore a backup aside and return {table: (rows in it, rows in the directory now)}.

    :raises BackupError: where it does not restore, lacks a table or a trigger, or a page of it fails.
    """
    now = counts()
    with _aside(path):
        found = counts()
        _refuse_a_later_release()
        _refuse_what_does_not_work()
    return {table: (found[table], now.get(table, 0)) for table in found}


def restore(path, confirmed):
    """Put a backup back into the running directory; return {table: (rows before, rows now)}, or nothing if refused.

    `confirmed` gets {table: (rows in the backup, rows now)} and says whether to go on. What somebody saves after that
    is refused, or nothing is restored.

    :raises BackupError: where it cannot be done; then everything is as it was.
    """
    engine = _engine()
    with engine.watch() as seen:
        before = counts()
        with _aside(path) as copy:
            _refuse_a_later_release()
            call_command("migrate", interactive=False, verbosity=0)  # also begins a new epoch
            _refuse_what_does_not_work()
            found = counts()
            ready = engine.made_ready(copy)
        if not confirmed({table: (found.get(table, 0), before.get(table, 0)) for table in found | before}):
            return None
        engine.put_back(ready, seen)
    after = counts()
    return {table: (before.get(table, 0), after[table]) for table in after}


def counts():
    """Return {table: rows} of the tables that a migration made."""
    tables = sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a model's own name
            (found[table],) = cursor.fetchone()
    return found


def _engine():
    return ENGINES[connection.vendor]


@contextmanager
def _aside(path):
    """Restore a backup where the directory does not see it, and let everything inside ask that copy; yield the copy."""
    if not path.name.endswith(_engine().SUFFIX):
        raise BackupError(f"{path} is no backup for this database: its name does not end with {_engine().SUFFIX}.")
    if not path.is_file():
        raise BackupError(f"{path} is not there.")
    with _engine().aside(path) as name:
        outside = connection.settings_dict
        connection.close()
        connection.settings_dict = outside | {"NAME": name}
        try:
            yield name
        finally:
            connection.close()
            connection.settings_dict = outside


def _refuse_a_later_release():
    known = MigrationLoader(None).disk_migrations
    applied = MigrationRecorder(connection).applied_migrations()
    if not applied:
        raise BackupError("The backup holds no directory.")
    ours = {app for app, _name in known}
    if later := sorted(f"{app}.{name}" for app, name in applied if app in ours and (app, name) not in known):
        raise BackupError(f"The backup is of a later release, with {', '.join(later)}: install that one first.")


def _refuse_what_does_not_work():
    if names := missing_triggers():
        raise BackupError(f"The backup lacks triggers of the change log: {', '.join(names)}.")
    host = next((host for host in settings.ALLOWED_HOSTS if host.strip(".*")), "localhost").lstrip(".")
    response = Client(raise_request_exception=False).get(PAGE, secure=settings.HTTPS, headers={"host": host})
    if response.status_code != HTTPStatus.OK:
        raise BackupError(f"With the backup {PAGE} answers {response.status_code}.")
