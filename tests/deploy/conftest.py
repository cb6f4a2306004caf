"""What every test of the deployment has around it."""

import pytest

from tests.faults.site import collect_static


@pytest.fixture(scope="session")
def static(tmp_path_factory):
    folder = tmp_path_factory.mktemp("collected")
    collect_static(folder)
    return folder
