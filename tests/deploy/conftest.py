"""What every test of the deployment has around it."""

import tempfile

import pytest

from tests.faults.site import collect_static


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
