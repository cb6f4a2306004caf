"""The smoke of every page once more, as the shipped nginx sends it over TLS."""

from dataclasses import replace

import pytest

from tests.browser import site
from tests.browser.conftest import signed_in

# Collected here again: they meet the directory of this module.
from tests.browser.test_pages import (
    test_page_loads_from_its_own_site_under_the_policy_without_a_complaint,  # noqa: F401
)
from tools.cluster.nginx import NGINX, front

pytestmark = pytest.mark.skipif(not NGINX, reason="nginx is not installed")


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    folder = tmp_path_factory.mktemp("behind")
    protected = {"HTTPS": "1", "PROXIES": "1", "ALLOWED_HOSTS": "localhost"}
    with (
        site.serve(folder, **protected) as running,
        front(folder, int(running.address.rpartition(":")[2])) as ahead,
    ):
        yield replace(running, address=f"https://localhost:{ahead.tls}")


@pytest.fixture(scope="module")
def editor_state(chromium, directory):
    return signed_in(chromium, directory)
