"""The files in which workers find what another one made."""

from pathlib import Path

from partners.host.background import wait_until_done


def written(settings):
    """Return the files that hold answers for other workers, once all are written."""
    wait_until_done()
    return list((Path(settings.CACHE_DIR) / "pages").glob("*/*"))
