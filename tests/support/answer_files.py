"""The files in which workers find what another one made."""

from pathlib import Path


def written(settings):
    """Return the files that hold answers for other workers."""
    return list((Path(settings.CACHE_DIR) / "pages").glob("*/*"))
