"""Addresses for new rows: readable, unique, the same whatever the order of the file."""

from collections.abc import Collection, Iterable

from anyascii import anyascii
from django.utils.text import slugify

SLUG_LENGTH = 100  # characters
RESERVED = {"none"}  # means "not stated" in addresses


class Slugs:
    """Hands out addresses, each once."""

    def __init__(self, taken: Iterable[str]):
        self._taken = RESERVED.union(taken)

    def take(self, text: str, qualifiers: Collection[str]) -> str:
        """Return the text as an address; when it is taken, with the first qualifier that makes it free.

        The last qualifier has to be an identifier of the row.
        """
        base = as_slug(text)
        for qualifier in ["", *qualifiers]:
            slug = f"{base[: max(0, SLUG_LENGTH - len(qualifier) - 1)].strip('-')}-{qualifier}".strip("-")
            if slug and slug not in self._taken:
                self._taken.add(slug)
                return slug
        raise ValueError(f"No address left for {text!r}: {qualifiers!r} are taken.")


def as_slug(text: str) -> str:
    """Return a text of any script in lower-case Latin letters, digits and hyphens."""
    return slugify(anyascii(text))[:SLUG_LENGTH].strip("-")
