"""What every test of the deployment has around it."""

import os
import tempfile

import pytest

from tests.faults.site import collect_static
from tests.support.documents import settings_that_are_read


@pytest.fixture(scope="session")
def static(tmp_path_factory):
    folder = tmp_path_factory.mktemp("collected")
    collect_static(folder)
    return folder


@pytest.fixture
def area():
    """Return a folder that every user of this machine may walk through, unlike those of pytest."""
    with tempfile.TemporaryDirectory(prefix="area-") as folder:
        yield folder


@pytest.fixture
def variables():
    """Return this machine's variables without our settings, which the tests have for themselves, not for others."""
    ours = settings_that_are_read()
    return {name: value for name, value in os.environ.items() if name not in ours}
