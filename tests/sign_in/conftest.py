"""What every test of signing in has around it."""

import pytest


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hash passwords quickly: tests try hundreds of them."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
