"""The product's own settings with two more addresses."""

from consortium.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
