"""The product's own settings with two more addresses."""

from consortium.settings import *  # noqa: F403 - Django settings extend others by taking all of them

ROOT_URLCONF = "tools.bench.urls"
