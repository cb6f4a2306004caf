"""Indexes in files, from which the processes of a host load what one of them built.

A file is a line (the code that wrote it, the position, a seal) and a pickle. To read a pickle is to run it: the seal is
an HMAC under `SECRET_KEY`, and a file that we did not write, or that broke, is not read.
"""

import hmac
import logging
import pickle
from hashlib import sha256

from django.conf import settings

from ..host import private_folder, written_whole
from ..host.release import release
from .index import Index

logger = logging.getLogger(__name__)

FOLDER = "index"
SALT = b"partners.index.stored"


def store(name: str, index: Index) -> None:
    """Write an index as it was built, in place of the one before.

    :raises OSError: where there is no room.
    """
    content = pickle.dumps(index, pickle.HIGHEST_PROTOCOL)
    position = f"{release()} {index.epoch} {index.number}"
    with written_whole(private_folder(FOLDER) / name) as file:
        file.write(f"{position} {_seal(position, content)}\n".encode())
        file.write(content)


def stored(name: str, epoch: int, numbers: range) -> Index | None:
    """Return the index that was stored at one of some numbers of an epoch, or nothing; what is broken is ignored."""
    try:
        with (private_folder(FOLDER) / name).open("rb") as file:
            code, of_epoch, number, seal = file.readline(200).decode().split()
            if code != release() or int(of_epoch) != epoch or int(number) not in numbers:
                return None
            content = file.read()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        logger.warning("The stored index is no use: %s", error)
        return None
    if not hmac.compare_digest(seal, _seal(f"{code} {of_epoch} {number}", content)):
        logger.warning("The stored index is broken, or of somebody else.")
        return None
    return pickle.loads(content)  # noqa: S301 - sealed


def _seal(position, content):
    seal = hmac.new(SALT + settings.SECRET_KEY.encode(), position.encode(), sha256)
    seal.update(content)
    return seal.hexdigest()
