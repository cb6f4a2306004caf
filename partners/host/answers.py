"""Finished answers in files: what one worker of a server made at a moment, the others need not make again.

The files of a moment lie in a folder, which goes with the first answer of another moment. They are no other server's,
because what a page shows depends on the settings, too.
"""

import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from .folder import private_folder, written_whole

FOLDER = "pages"
SERVER = secrets.token_hex(8)  # of all workers, because they are forked from the process that drew it


def read_answer(moment: str, name: str) -> bytes | None:
    """Return what a worker wrote under a name, or nothing."""
    with suppress(OSError):
        return (_folder(moment) / name).read_bytes()


def write_answer(moment: str, name: str, content: bytes) -> None:
    """Write what the other workers may read; where there is no room, they make it themselves."""
    with suppress(OSError):
        folder = _folder(moment)
        if not folder.exists():
            if _is_outdated(moment):
                return
            delete_answers()
            folder.mkdir(exist_ok=True)
        with written_whole(folder / name) as file:
            file.write(content)


def delete_answers() -> None:
    """Delete the answers of all moments."""
    with suppress(OSError):
        for folder in private_folder(FOLDER).iterdir():
            shutil.rmtree(folder, ignore_errors=True)


def _is_outdated(moment):
    """Say whether a worker has written an answer of a later position; a moment begins with its epoch and number."""
    epoch, number = map(int, moment.split("-")[:2])
    written = (folder.name.split("-") for folder in private_folder(FOLDER).glob(f"{SERVER}-{epoch}-*"))
    return any(int(later) > number for _server, _epoch, later, *_day in written)


def _folder(moment) -> Path:
    return private_folder(FOLDER) / f"{SERVER}-{moment}"
