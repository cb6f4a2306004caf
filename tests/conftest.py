"""What every test has around it."""

import os
from functools import cache
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from django.db.backends.postgresql.operations import DatabaseOperations
from django.template.backends.jinja2 import Template
from django.test import override_settings
from django.test.signals import template_rendered
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from simple_history.manager import HistoryManager

from partners.index import current

# No test is a matter of time: a busy machine must not fail one.
hypothesis_settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("untimed")

# The package makes the class of a manager anew for each row that gets a record, in a quarter of the time of the row.
HistoryManager.from_queryset = cache(HistoryManager.from_queryset)

LARGE_TABLES = """SELECT schemaname, relname FROM pg_stat_user_tables
WHERE schemaname = current_schema() AND pg_relation_size(relid) > 200000"""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    """Begin with a connection that stands: a test of faults, or a restore, may have ended the last one's."""
    if getattr(connection.connection, "closed", False) and not connection.in_atomic_block:
        connection.close()


def pytest_terminal_summary(terminalreporter, config):
    """Say in which order the tests ran, so that anybody can run them in this order again."""
    if seed := getattr(config.option, "randomly_seed", None):
        terminalreporter.write_line(f"The tests ran in the order of --randomly-seed={seed}")


@pytest.fixture(scope="session", autouse=True)
def static_files(django_test_environment, tmp_path_factory):
    """Serve static files as they are in the tree, so that no test waits for collectstatic.

    Nor do processes that a test starts see those that `make run` has collected: they have the release of this one.
    """
    folder = str(tmp_path_factory.mktemp("static"))
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    with (
        override_settings(STORAGES={"default": default, "staticfiles": storage}, STATIC_ROOT=folder),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("STATIC_ROOT", folder)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_passwords(django_test_environment):
    """Hash passwords quickly: a third of a second each is for those who guess, and tests make hundreds."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    with override_settings(PASSWORD_HASHERS=hashers):
        yield


@pytest.fixture(scope="session", autouse=True)
def cache_folder(django_test_environment, tmp_path_factory):
    """Let this process store what others of its database may load in a folder of its own."""
    folder = str(tmp_path_factory.mktemp("cache"))
    with override_settings(CACHE_DIR=folder), pytest.MonkeyPatch.context() as patch:
        patch.setenv("CACHE_DIR", folder)
        yield


@pytest.fixture(autouse=True)
def nothing_in_memory():
    """Begin as a process that has answered nothing: what earlier tests changed would count as this one's edits."""
    current._indexes.clear()
    current._bases.clear()
    current._too_far.clear()
    current._lag.__init__()


@pytest.fixture(autouse=True)
def patient_visitors(monkeypatch):
    """Let a page wait for the index for as long as it takes on a busy machine."""
    monkeypatch.setattr(current, "PATIENCE", 600)


@pytest.fixture(scope="module")
def rows_of_module(django_db_setup, django_db_blocker):
    """Let the tests of a module share rows, which a fixture of the module writes; taken back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def one_index(monkeypatch):
    """Let a test that only reads search in one index of a list, where SQL would have one made for each question."""
    monkeypatch.setattr(current, "built_alone", cache(current.built_alone))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """Put SQLite's test database into a file: threads meet in it as they do in production. Each process has its own."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let PostgreSQL never note that tables are empty between tests: it would plan minutes for the next one's rows.

    Nobody else clears away what tests have taken back, so `cleared_away` does.
    """
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "postgresql":
            patch.setattr(DatabaseOperations, "sql_flush", _emptied)
            with connection.cursor() as cursor:
                for table in connection.introspection.table_names(cursor):
                    cursor.execute(f"ALTER TABLE {connection.ops.quote_name(table)} SET (autovacuum_enabled = off)")
        yield


def _emptied(operations, style, tables, **_options):
    """Return the SQL that empties tables of PostgreSQL after a test whose transactions were real.

    Few have rows; TRUNCATE would make the files of all of them anew, and of all their indexes. It waits as TRUNCATE
    does for whoever still writes, and calls no trigger of a row.
    """
    names = [operations.quote_name(table) for table in tables]
    locked = f"LOCK TABLE {', '.join(names)}"
    return [locked, "SET LOCAL session_replication_role = replica", *(f"DELETE FROM {name}" for name in names)]


@pytest.fixture(scope="module", autouse=True)
def cleared_away(django_db_blocker):
    """Let PostgreSQL clear away what the tests of a module took back, where it is much: every scan would read it.

    What it notes of the size of a table meanwhile is forgotten.
    """
    yield
    if connection.vendor == "postgresql" and connection.settings_dict["NAME"].startswith(TEST_DATABASE_PREFIX):
        connection.close()  # a test may have ended it
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(LARGE_TABLES)
            for schema, table in cursor.fetchall():
                cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")
                cursor.execute("SELECT pg_clear_relation_stats(%s, %s)", [schema, table])


@pytest.fixture(scope="session", autouse=True)
def rendered_contexts():
    """Tell the test client what Jinja2 renders, as Django's own templates do: `response.context` is its context."""
    render = Template.render

    def tell(template, context=None, request=None):
        template_rendered.send(sender=template, template=template.template, context=context or {})
        return render(template, context, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", tell)
        yield


@pytest.fixture
def database_url():
    """Return where other processes find the database of a test whose transactions are real."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
