"""Addresses for new rows: readable, unique, the same whatever the order of the file."""

from collections.abc import Iterable, Sequence
from itertools import chain, count

from anyascii import anyascii
from django.utils.text import slugify

SLUG_LENGTH = 100  # characters
RESERVED = {"none"}  # means "not stated" in addresses


class Slugs:
    """A source of addresses that gives each one out once."""

    def __init__(self, taken: Iterable[str]):
        self._taken = RESERVED.union(taken)

    def take(self, text: str, qualifiers: Sequence[str]) -> str:
        """Return the text as an address; if it is taken, append the first qualifier that makes it free.

        The last qualifier has to be an identifier of the row. If even that is taken, by an editor's address or by the
        name of another row, a number is appended.
        """
        base = as_slug(text)
        numbered = (f"{qualifiers[-1]}-{number}" for number in count(2))
        slugs = (_joined(base, qualifier) for qualifier in chain(["", *qualifiers], numbered))
        slug = next(slug for slug in slugs if slug and slug not in self._taken)
        self._taken.add(slug)
        return slug


def _joined(base: str, qualifier: str) -> str:
    """Return an address that ends in a qualifier; the text before it is shortened where both are too long."""
    return f"{base[: max(0, SLUG_LENGTH - len(qualifier) - 1)].strip('-')}-{qualifier}".strip("-")


def as_slug(text: str) -> str:
    """Return a text of any script in lower-case Latin letters, digits and hyphens."""
    return slugify(anyascii(text))[:SLUG_LENGTH].strip("-")
