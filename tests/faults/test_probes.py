"""A supervisor is told whether the process lives and whether it can answer, and no more."""

import shutil
from collections import namedtuple

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from partners.index import current
from partners.models import LogEpoch, create_triggers, drop_triggers

pytestmark = pytest.mark.django_db(transaction=True)

READY = {"ready": True, "database": True, "migrations": True, "triggers": True, "index": True, "disk": True}


@pytest.fixture(autouse=True)
def triggers_are_looked_for():
    current._log_is_complete.cache_clear()


def ready(client):
    response = client.get("/readyz")
    assert response["Content-Type"] == "application/json"
    assert (response.status_code == 200) == response.json()["ready"]
    return response.json()


def test_site_that_has_everything_is_ready(client):
    assert ready(client) == READY
    assert client.get("/readyz", headers={"host": "127.0.0.1"}).status_code == 200


def test_process_that_lives_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"alive": True})


def test_what_is_missing_is_named(client, monkeypatch):
    drop_triggers()
    current._log_is_complete.cache_clear()
    assert ready(client) == READY | {"ready": False, "triggers": False, "index": False}
    create_triggers()
    current._log_is_complete.cache_clear()
    MigrationRecorder.Migration.objects.filter(app="partners", name="0011_shared_changes").delete()
    assert ready(client) == READY | {"ready": False, "migrations": False}
    MigrationRecorder(connection).record_applied("partners", "0011_shared_changes")
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _folder: usage(100, 99, 1))
        assert ready(client) == READY | {"ready": False, "disk": False}
    LogEpoch.objects.all().delete()
    assert ready(client) == READY | {"ready": False, "index": False}


def test_probe_is_answered_without_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200


def test_probe_changes_nothing(client):
    assert [client.post(address).status_code for address in ("/healthz", "/readyz")] == [405, 405]
