"""What every test has around it."""

import pytest
from django.test import override_settings


@pytest.fixture(scope="session", autouse=True)
def static_files(django_test_environment, tmp_path_factory):
    """Serve static files as they are in the tree, so that no test waits for collectstatic."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    with override_settings(
        STORAGES={"default": default, "staticfiles": storage}, STATIC_ROOT=tmp_path_factory.mktemp("static")
    ):
        yield
