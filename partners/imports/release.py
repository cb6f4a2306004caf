"""Open a release of the Research Organization Registry and read it one record at a time."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import ijson
from django.utils.translation import gettext as _
from tqdm import tqdm


class UnreadableReleaseError(Exception):
    """The file is no release of the registry, or it breaks off; the message says where."""


def stream_records(path: Path) -> Iterator[Any]:
    """Yield what stands in the release's array, in its order; about 1 MB of memory, a progress bar on a terminal.

    :raises UnreadableReleaseError: naming the first record that is no JSON.
    """
    position = 0
    try:
        with _open_json(path) as (stream, size):
            bar = tqdm.wrapattr(stream, "read", total=size, desc=_("Reading"), disable=None, leave=False)
            with bar as counted:
                for record in ijson.items(counted, "item", use_float=True):
                    position += 1
                    yield record
    except OSError as error:
        raise UnreadableReleaseError(_("The file cannot be read: %(error)s") % {"error": error}) from error
    except (ijson.JSONError, zipfile.BadZipFile) as error:
        detail = {"position": position + 1, "error": " ".join(str(error).split())}
        message = _("Record %(position)d is no JSON, or the file ends in it: %(error)s") % detail
        raise UnreadableReleaseError(message) from error
    if not position:
        raise UnreadableReleaseError(_("The file holds no array of records"))


@contextmanager
def _open_json(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """Open the JSON of a release, zipped or not, and say how many bytes it has."""
    if not zipfile.is_zipfile(path):
        with path.open("rb") as stream:
            yield stream, path.stat().st_size
        return
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo(_schema_v2_name(archive.namelist()))
        with archive.open(member) as stream:
            yield stream, member.file_size


def _schema_v2_name(names: list[str]) -> str:
    """Choose the JSON of schema v2; releases of 2024 and 2025 hold one of schema v1 beside it."""
    found = [name for name in names if name.endswith(".json")]
    if len(found) > 1:
        found = [name for name in found if "schema_v2" in name]
    if len(found) != 1:
        raise UnreadableReleaseError(
            _("The archive holds no single JSON file of schema v2: %(names)s") % {"names": ", ".join(names)}
        )
    return found[0]
