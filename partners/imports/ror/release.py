"""Open a release of the Research Organization Registry and read it one record at a time."""

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import ijson
from django.utils.translation import gettext as _
from tqdm import tqdm

MEGABYTE = 1_000_000
LARGEST_FILE = 1_000 * MEGABYTE  # of JSON; the whole registry had some 300 in 2026
LARGEST_RECORD = 10 * MEGABYTE  # the largest of 2026 had 0.2
DEEPEST = 20  # levels in a record; schema v2 has four
LEVELS = {"start_map": 1, "start_array": 1, "end_map": -1, "end_array": -1}
SHOWN = 10  # names of an archive's files
# What `zipfile` raises for a damaged archive: ValueError for a name in no encoding, NotImplementedError for an unknown
# compression.
DAMAGES = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, ValueError)


class UnreadableReleaseError(Exception):
    """The file is no release of the registry, or it breaks off; the message says where."""


class _OddRecordError(Exception):
    """A record that cannot be the registry's; the message says why."""


def stream_records(path: Path) -> Iterator[Any]:
    """Yield the items of the release's array in order; takes about 1 MB of memory, shows progress on a terminal.

    :raises UnreadableReleaseError: naming the first record that is no JSON, or what else is wrong with the file.
    """
    position = 0
    try:
        with _open_json(path) as (stream, size):
            bounded = _Bounded(stream, size)
            bar = tqdm.wrapattr(bounded, "read", total=size, desc=_("Reading"), disable=None, leave=False)
            with bar as counted:
                for record in _parse(counted):
                    position += 1
                    bounded.end_record()
                    yield record
    except OSError as error:
        raise UnreadableReleaseError(_("The file cannot be read: %(error)s") % {"error": error}) from error
    except ijson.JSONError as error:
        detail = {"position": position + 1, "error": " ".join(str(error).split())}
        message = _("Record %(position)d is no JSON, or the file ends in it: %(error)s") % detail
        raise UnreadableReleaseError(message) from error
    except _OddRecordError as error:
        detail = {"position": position + 1, "error": error}
        raise UnreadableReleaseError(_("Record %(position)d is none of the registry: %(error)s") % detail) from error
    if not position:
        raise UnreadableReleaseError(_("The file holds no array of records"))


def _parse(stream: Any) -> Iterator[Any]:
    """Yield the items of a JSON array while it is read.

    Not with `ijson.items()`: it builds the whole path to each value, which fills the memory where nesting is deep.
    """
    events = ijson.basic_parse(stream, use_float=True)
    if next(events)[0] != "start_array":
        raise UnreadableReleaseError(_("The file holds no array of records"))
    depth, builder = 0, ijson.ObjectBuilder()
    for event, value in events:
        depth += LEVELS.get(event, 0)
        if depth > DEEPEST:
            raise _OddRecordError(_("it is nested more than %(most)d levels deep") % {"most": DEEPEST})
        if depth >= 0:  # the array is still open
            builder.event(event, value)
        if depth == 0:
            yield builder.value
            builder = ijson.ObjectBuilder()


class _Bounded:
    """A stream that gives no more bytes than a release can have, whatever size its archive declares.

    :raises UnreadableReleaseError: when it is larger.
    """

    def __init__(self, stream: BinaryIO, size: int):
        self._stream = stream
        self._read = self._records_end = 0
        self._refuse_above(size)

    def read(self, size: int) -> bytes:
        chunk = self._stream.read(size)
        self._read += len(chunk)
        self._refuse_above(self._read)
        if self._read - self._records_end > LARGEST_RECORD:
            raise _OddRecordError(_("it is larger than %(most)d MB") % {"most": LARGEST_RECORD // MEGABYTE})
        return chunk

    def end_record(self) -> None:
        self._records_end = self._read

    def _refuse_above(self, size: int) -> None:
        if size > LARGEST_FILE:
            message = _("The file holds more than %(most)d MB of JSON, three times the registry: it is no release")
            raise UnreadableReleaseError(message % {"most": LARGEST_FILE // MEGABYTE})


@contextmanager
def _open_json(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """Open the JSON of a release, zipped or not; yield (stream, declared size in bytes)."""
    with path.open("rb") as file:
        if file.peek(2)[:2] != b"PK":  # peeked at, because it may be a pipe
            yield file, path.stat().st_size
            return
        try:
            with zipfile.ZipFile(file) as archive:
                member = _member(archive)
                with archive.open(member) as stream:
                    yield stream, member.file_size
        except DAMAGES as error:
            detail = {"error": str(error) or type(error).__name__}
            message = _("The archive is damaged or cut short, fetch it again: %(error)s") % detail
            raise UnreadableReleaseError(message) from error


def _member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Choose the JSON of schema v2; releases of 2024 and 2025 hold one of schema v1 beside it."""
    names = archive.namelist()
    found = [name for name in names if name.endswith(".json")]
    if len(found) > 1:
        found = [name for name in found if "schema_v2" in name]
    if len(found) != 1:
        shown = ", ".join([*names[:SHOWN], *["…"] * (len(names) > SHOWN)])
        raise UnreadableReleaseError(
            _("The archive holds no single JSON file of schema v2: %(names)s") % {"names": shown}
        )
    member = archive.getinfo(found[0])
    if member.flag_bits & 1:
        message = _("“%(name)s” in the archive is encrypted: unpack it and import the JSON")
        raise UnreadableReleaseError(message % {"name": member.filename})
    return member
