"""The folder for what can be made anew: nobody else may read it, and what others put there is not trusted."""

import fcntl
import os
import secrets
import stat
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def private_folder(name: str) -> Path:
    """Return a folder below `CACHE_DIR`, made where it is missing.

    :raises OSError: where it cannot be made, and where it is not ours alone.
    """
    folder = Path(settings.CACHE_DIR) / name
    try:
        seen = folder.lstat()
    except FileNotFoundError:
        folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
        seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.geteuid() or seen.st_mode & OTHERS:
        raise PermissionError(f"{folder} must be a folder that belongs to this user alone (mode 0700).")
    return folder


@contextmanager
def written_whole(path: Path):
    """Yield a file that gets its name when it is complete; one that is broken off leaves nothing behind."""
    unfinished = path.with_name(f".{secrets.token_hex(8)}")
    try:
        with open(unfinished, "xb", opener=_for_us) as file:
            yield file
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _for_us(path, flags):
    return os.open(path, flags, stat.S_IRUSR | stat.S_IWUSR)


@contextmanager
def locked(file):
    """Yield whether an open file, or the descriptor of a folder, is locked for us; it is until it is closed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
