"""Work that makes no visitor wait: a process of lower priority, one at a time on this host for each lane."""

import subprocess
import sys
from contextlib import contextmanager

from django.conf import settings

from .folder import locked, private_folder

_started = []  # processes that may still run
LOWER = "10"  # by this much the priority of such a process is below that of the server


@contextmanager
def _lock_of(lane):
    """Yield the lock of a lane, or nothing where a process holds it."""
    with (private_folder("lanes") / lane).open("wb") as lock, locked(lock) as is_ours:
        yield lock if is_ours else None


def lane_is_free(lane: str) -> bool:
    """Say whether nobody works in a lane."""
    with _lock_of(lane) as lock:
        return lock is not None


def started(lane: str, *command: str) -> subprocess.Popen | None:
    """Start a command of `manage.py` in a lane; nothing where somebody on this host works there already.

    The process inherits the lock, so that it ends with the process, however that ends.

    :raises OSError: where no process or no lock can be made.
    """
    with _lock_of(lane) as lock:
        if lock is None:
            return None
        # -B: where there is no room, Python may write half a compiled module, which nobody could import afterwards.
        manage = [sys.executable, "-B", str(settings.BASE_DIR / "manage.py"), *command]
        _started[:] = [process for process in _started if process.poll() is None]  # the rest is reaped by that
        process = subprocess.Popen(  # noqa: S603 - words of ours, and addresses as one word each
            ["nice", "-n", LOWER, *manage],  # noqa: S607 - wherever the system has it
            pass_fds=[lock.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        _started.append(process)
        return process
