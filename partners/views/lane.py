"""Large files: written by a process of their own, one at a time on this host, and each once while nothing changes.

A file that was written waits in a folder under its address, the position it was read at, its rows and its name. Who
asks meanwhile waits too, in as few threads that pages never lack one; more are sent away for some seconds.
"""

import fcntl
import hashlib
import json
import os
import select
import shutil
import socket
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import wraps
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from ..exports import FORMATS, Export, TooManyRowsError, content_type_of, file_response, write
from ..host import BusyError, private_folder, started, written_whole
from ..host.release import release
from ..index.current import latest_position, snapshot_position
from ..middleware import has_session
from ..middleware.compression import ENCODINGS, IDENTITY, TEXT, encoding_for
from .public import moment_of, requested, tag_of

AT_ONCE = 500  # rows that are written within the request, as fast as a page
CELLS_AT_MOST = 30_000_000
WAITING_AT_MOST = 2  # threads of a process, which has four
PATIENCE = 60  # seconds
POLL_EVERY = 0.1  # seconds after which who waits looks again
ROOM = 512_000_000  # bytes of files that wait
LANE = "files"
WANTED = "wanted"  # the folder of locks that say who waits
BETWEEN = "~"  # the parts of a name in the folder
REFUSED = "refused"  # the name of what waits instead of a file that would have more rows than its format holds

_waiting = threading.BoundedSemaphore(WAITING_AT_MOST)


class TakesLongError(Exception):
    """A file is not written within the request."""


class TooLargeError(Exception):
    """A file would have more cells than anybody is written."""

    def __init__(self):
        super().__init__(_("A file has at most %(cells)s cells. Choose fewer rows.") % {"cells": f"{CELLS_AT_MOST:,}"})


def send(request, table, format_name, rows):
    """Return a table as a file, written here where it has few rows or where this is the process that writes files.

    :param rows: how many at least; a change has a row for each of its fields.
    :raises TakesLongError: where another process has to write it.
    :raises TooLargeError: where nobody should.
    :raises TooManyRowsError: where the format cannot hold it.
    """
    if rows * len(table.columns) > CELLS_AT_MOST:
        raise TooLargeError
    if rows > FORMATS[format_name].rows_at_most:
        raise TooManyRowsError
    return send_written(request, rows, lambda wanted: write(replace(table, chunks=wanted(table.chunks)), format_name))


def send_written(request, rows, make):
    """Return what a function makes as a file; it takes chunks through what it is given, which ends when nobody waits.

    :raises TakesLongError: where another process has to write it.
    """
    is_ours = getattr(request, "writes_file", False)
    if not is_ours and rows > AT_ONCE and snapshot_position() is not None:
        raise TakesLongError(snapshot_position())
    if not is_ours:
        return file_response(make(lambda chunks: chunks))
    key = key_of(request)
    if written := found(key, snapshot_position()):  # meanwhile
        return file_response(written[0])
    try:
        export = make(lambda chunks: _while_wanted(chunks, key))
    except TooManyRowsError:  # nobody could know before; whoever waits, and asks again, hears of it
        _put(key, snapshot_position(), Export(BytesIO(), 0, REFUSED, content_type_of(REFUSED)))
        raise
    _put(key, snapshot_position(), export)
    return file_response(export)


def in_lane(view):
    """Let a view that sends files leave large ones to the process that writes them, with no transaction open."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            try:
                if written := _found_unread(request):
                    return _sent(request, *written)
                return view(request, *args, **kwargs)
            except TakesLongError as error:
                return _sent(request, *_when_written(request, *error.args))
        except (TooLargeError, TooManyRowsError) as error:
            if kwargs["format_name"] == "json":
                return JsonResponse({"errors": {"format": [str(error)]}}, status=HTTPStatus.BAD_REQUEST)
            return render(request, "too_large.html", {"message": str(error)}, status=HTTPStatus.BAD_REQUEST)

    return answer


def _found_unread(request):
    """Return (Export, its position) where the file of an address waits, without reading its question; one query."""
    with suppress(OSError):  # and where the browser holds it, the view says whether anything has changed
        if "HTTP_IF_NONE_MATCH" not in request.META and (position := latest_position()):
            return found(key_of(request), position)
    return None


def _sent(request, export, position):
    """Return the response of a file that waited, in the content coding that the visitor's program likes best.

    :raises TooManyRowsError: where it was refused.
    """
    if export.name == REFUSED:
        export.file.close()
        raise TooManyRowsError
    coding = IDENTITY if has_session(request) else _coding(request, export)
    if packed := coding != IDENTITY and _packed(key_of(request), position, coding):
        export.file.close()
        export = export._replace(file=packed)
    response = file_response(export)
    if packed:
        response.headers["Content-Encoding"] = coding
    response.headers["ETag"] = tag_of(requested(request), moment_of(position))
    return response


def _coding(request, export):
    return encoding_for(request.META.get("HTTP_ACCEPT_ENCODING", ""), export.content_type)


def key_of(request):
    """Return what names the file of an address, as it is on this day and written by this code."""
    depends_on = timezone.localdate(), release(), *requested(request)
    return hashlib.sha256(repr(depends_on).encode()).hexdigest()[:32]


def found(key, position):
    """Return (Export, its position) written for a key at a position or later, or nothing; older ones are deleted."""
    for path, at, rows, name in _files():
        if at < position:
            _delete(path)
        elif path.name.startswith(key):
            try:
                file = path.open("rb")
            except FileNotFoundError:
                continue
            os.utime(file.fileno())  # of this file, which may have been deleted since: its name is not to come back
            return Export(file, rows, name, content_type_of(name)), at
    return None


def figures():
    """Return (files that wait, their bytes, files that somebody waits for) on this host."""
    sizes = [sum(one.stat().st_size for one in _with_packed(path)) for path, *_rest in _files()]
    wanted = [lock.name for lock in private_folder(WANTED).iterdir() if is_wanted(lock.name)]
    return len(sizes), sum(sizes), len(wanted)


def _packed(key, position, coding):
    """Return the file of a key and a position in a content coding, open for reading, or nothing where it is gone."""
    with suppress(FileNotFoundError):
        return (private_folder(LANE) / _name_packed(key, position, coding)).open("rb")
    return None


def _name_packed(key, position, coding):
    return f"{key}-{'-'.join(map(str, position))}.{coding}"


def is_wanted(key):
    """Say whether somebody waits for the file of a key."""
    try:
        with (private_folder(WANTED) / key).open("r+b") as lock:  # who only looks makes it no younger
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _when_written(request, position):
    """Return (Export, its position) of an address once it is written.

    :raises BusyError: where too many wait, where it takes too long, and where it fails.
    """
    key = key_of(request)
    try:
        if written := found(key, position):
            return written
        if not _waiting.acquire(blocking=False):
            raise BusyError("Too many wait for files.")
        try:
            with _wanted(key):
                return _waited_for(request, key, position)
        finally:
            _waiting.release()
    except OSError as error:
        raise BusyError("No file can be written.") from error


def _waited_for(request, key, position):
    address = json.dumps(requested(request))
    end, process = time.monotonic() + PATIENCE, None
    while time.monotonic() < end and not _has_left(request):
        has_ended = process is not None and process.poll() is not None
        if written := found(key, position):
            return written
        if has_ended:
            raise BusyError("The file could not be written.")
        process = process or started(LANE, "write_file", address)
        time.sleep(POLL_EVERY)
    raise BusyError("Nobody waits so long.")


def _has_left(request):
    """Say whether the visitor's program has hung up, where the server lets us see it."""
    connection = request.META.get("gunicorn.socket")
    if connection is None or not select.select([connection], [], [], 0)[0]:
        return False
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True


@contextmanager
def _wanted(key):
    """Hold the lock that all who wait for a file share."""
    with (private_folder(WANTED) / key).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def _while_wanted(chunks, key):
    for chunk in chunks:
        if not is_wanted(key):
            raise BusyError("Everybody who asked has left.")
        yield chunk


def _put(key, position, export):
    """Keep a file for who asks next, under its name when it is complete; who was asked for least recently goes."""
    for coding in (ENCODINGS.keys() - {IDENTITY}) if TEXT.match(export.content_type) else ():
        with written_whole(private_folder(LANE) / _name_packed(key, position, coding)) as file:
            file.write(ENCODINGS[coding].compress(export.file.read()))
        export.file.seek(0)
    name = BETWEEN.join([key, *map(str, position), str(export.row_count), export.name])
    with written_whole(private_folder(LANE) / name) as file:
        shutil.copyfileobj(export.file, file)
    _forget_who_waited(key)
    room = ROOM
    with suppress(FileNotFoundError):  # who deletes at the same time goes through all of them
        for path, at, _rows, _name in sorted(_files(), key=lambda file: file[0].stat().st_mtime, reverse=True):
            room -= sum(one.stat().st_size for one in _with_packed(path))
            if at < position or room < 0:
                _delete(path)


def _forget_who_waited(key):
    """Delete the lock of a file, and those of files that were never written and for which nobody waits any more."""
    for lock in private_folder(WANTED).iterdir():
        is_old = lock.stat().st_mtime < time.time() - PATIENCE
        if lock.name == key or (is_old and not is_wanted(lock.name)):
            lock.unlink(missing_ok=True)


def _with_packed(path):
    """Return a file and the same in each content coding."""
    key, *position = path.name.split(BETWEEN)[:3]
    return [path, *path.parent.glob(_name_packed(key, position, "*"))]


def _delete(path):
    for one in _with_packed(path):
        one.unlink(missing_ok=True)


def _files() -> list[tuple[Path, tuple[int, int], int, str]]:
    """Return (path, position, rows, name) of the files that wait."""
    parts = ((path, path.name.split(BETWEEN)) for path in private_folder(LANE).iterdir() if BETWEEN in path.name)
    return [(path, (int(epoch), int(number)), int(rows), name) for path, (_key, epoch, number, rows, name) in parts]
