"""Where pages and files are: what `reverse()` says, each address worked out once because a list page has thirty."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, override


def address_of(view, /, *args, language=None, **named):
    """Return the path of a view by its name in `urls.py`, in a language, else in the active one.

    :raises NoReverseMatch: when no address has this name and these arguments.
    """
    return _reversed(view, args, tuple(named.items()), language or get_language(), get_script_prefix())


@lru_cache(maxsize=1000)  # addresses
def _reversed(view, args, named, language, _script_prefix):
    with override(language):
        return reverse(view, args=args, kwargs=dict(named))
