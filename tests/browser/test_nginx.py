"""The smoke of every page once more, as the shipped nginx sends it over TLS."""

from dataclasses import replace

import pytest

from tests.browser.conftest import signed_in
from tests.browser.test_pages import every_page, require_own_site_under_the_policy
from tools.cluster.nginx import NGINX, front

pytestmark = pytest.mark.skipif(not NGINX, reason="nginx is not installed")


@pytest.fixture(scope="module")
def directory(serve, tmp_path_factory):
    folder = tmp_path_factory.mktemp("behind")
    protected = {"HTTPS": "1", "PROXIES": "1", "ALLOWED_HOSTS": "localhost"}
    with (
        serve(folder, **protected) as running,
        front(folder, int(running.address.rpartition(":")[2])) as ahead,
    ):
        yield replace(running, address=f"https://localhost:{ahead.tls}")


@pytest.fixture(scope="module")
def editor_state(chromium, directory):
    return signed_in(chromium, directory)


@every_page
def test_page_loads_from_its_own_site_under_the_policy_without_a_complaint(look, directory, page):
    seen = look(page)
    assert seen.response.status == page.status
    require_own_site_under_the_policy(seen, directory)
