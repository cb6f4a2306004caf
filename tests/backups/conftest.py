"""What every test of backups has around it."""

import os

import pytest
from django.db import connection

from partners.index import current
from tests.support.servers import PROGRAMS


@pytest.fixture(autouse=True)
def programs(monkeypatch):
    """Find PostgreSQL's programs where the tests' own server has them."""
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(autouse=True)
def nothing_in_memory():
    current._indexes.clear()
    yield
    connection.close()
