"""SQLite's own online backup, compressed; put back the same way into the live file, which stays the same file."""

import gzip
import shutil
import sqlite3
import tempfile
import zlib
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from .errors import BackupError

SUFFIX = ".sqlite3.gz"
PATIENCE = 60  # seconds for the writers before us


def write(path):
    """Write the database as it is at one moment, compressed, and read it back."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        copy = Path(folder, "copy")
        with closing(_opened(_live())) as live, closing(_opened(copy)) as target:
            live.backup(target)
            _refuse_damage(target)
        with copy.open("rb") as file, gzip.open(path, "wb") as packed:
            shutil.copyfileobj(file, packed)
        with gzip.open(path) as packed, copy.open("rb") as file:
            while block := file.read(1 << 20):
                if packed.read(len(block)) != block:
                    raise BackupError("What was written does not read back.")


@contextmanager
def aside(path):
    """Yield the path of an unpacked copy, which goes with the block."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "aside.sqlite3")
        try:
            with gzip.open(path) as packed, copy.open("wb") as file:
                shutil.copyfileobj(packed, file)
            with closing(_opened(copy)) as database:
                _refuse_damage(database)
        except (OSError, EOFError, zlib.error, sqlite3.DatabaseError) as error:
            raise BackupError(f"{path} is damaged: {error}") from error
        yield str(copy)


def made_ready(copy):
    """Return the whole copy, in memory: the folder it lives in goes before it is needed."""
    ready = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(_opened(copy)) as database:
        database.backup(ready)
    return ready


@contextmanager
def watch():
    """Yield what tells whether anybody writes until the end of the block."""
    with closing(_opened(_live())) as reader:
        reader.execute("PRAGMA data_version").fetchone()
        yield reader, reader.execute("PRAGMA data_version").fetchone()


def put_back(ready, seen):
    """Write the copy over the live file in one transaction: who reads sees the old or the new, who writes waits."""
    reader, version = seen

    def refuse_if_somebody_wrote(_status, remaining, _total):
        if remaining and reader.execute("PRAGMA data_version").fetchone() != version:
            raise BackupError("Somebody saved something meanwhile, so nothing was restored. Try again.")

    connection.close()
    with closing(ready), closing(_opened(_live())) as live:
        total = ready.execute("PRAGMA page_count").fetchone()[0]
        # The first step takes the lock of the writers and keeps it; the second one writes the rest.
        ready.backup(live, pages=max(total - 1, 1), progress=refuse_if_somebody_wrote)


def _live():
    return connection.settings_dict["NAME"]


def _opened(path):
    return sqlite3.connect(path, timeout=PATIENCE)


def _refuse_damage(database):
    (found,) = database.execute("PRAGMA integrity_check").fetchone()
    if found != "ok":
        raise BackupError(f"The database is damaged: {found}")
