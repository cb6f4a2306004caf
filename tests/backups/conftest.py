"""What every test of backups has around it."""

import os

import pytest
from django.db import connection

from tests.support.servers import PROGRAMS


@pytest.fixture(autouse=True)
def programs(monkeypatch):
    """Find PostgreSQL's programs where the tests' own server has them."""
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(autouse=True)
def connection_closes():
    yield
    connection.close()
