"""How the application server runs: the master builds the indexes once, and its workers share that memory."""

import ctypes
import gc
import os
import shutil
import socket
import traceback
from contextlib import suppress
from importlib import import_module
from multiprocessing import get_context

from django.db import InterfaceError, OperationalError, connections
from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

LONGEST_ADDRESS = 8190  # bytes of the first line of a request, the largest limit that gunicorn takes
MOST_UNREAD = 1_000_000  # bytes of such a request


class Worker(ThreadWorker):
    """A worker that answers with a page of ours even if the address is too long to reach a view."""

    def handle_error(self, req, client, addr, exc):
        """Answer a request that cannot be read."""
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        from partners.views.errors import too_long

        answer = too_long(_read_of_first_line(exc).partition(b" ")[2].decode(errors="replace"))
        headers = dict(answer.headers) | {"Connection": "close", "Content-Length": len(answer.content)}
        head = ["HTTP/1.1 414 URI Too Long", *(f"{name}: {value}" for name, value in headers.items())]
        with suppress(OSError):  # bytes that nobody reads reset the connection before the answer arrives
            client.recv(MOST_UNREAD, socket.MSG_DONTWAIT)
        with suppress(OSError):  # the client may be gone
            client.sendall("\r\n".join([*head, "", ""]).encode() + answer.content)


def _read_of_first_line(error):
    """Return as much of a request as its parser had read, which stands nowhere but where it gave up."""
    frames = [frame.f_locals for frame, _line in traceback.walk_tb(error.__traceback__)]
    return next((bytes(names["data"]) for names in reversed(frames) if "data" in names), b"")


worker_class = Worker
limit_request_line = LONGEST_ADDRESS
workers = 2
threads = 4
preload_app = True
control_socket_disable = True
keepalive = 75  # seconds; longer than nginx holds a connection, so that it never writes into one that is being closed
COLLECTED_AT = 10_000  # objects made and not freed, a megabyte; Python's own 700 costs each page a twentieth
LARGE_PIECE, MOST_FREE = 2_097_152, 4_194_304  # bytes
SQLITE_CACHE = 500  # kB of the database in each connection; its own 2 MB are one more copy of what the system holds
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # of glibc's malloc.h


def when_ready(server):
    """Load every page's code and the indexes before the workers are forked.

    The connection is closed, because workers must not share it. The heap is frozen, so that no collection touches, and
    thereby copies, what they share: with 31,012 institutions a worker has 35 MB of its own and not 51. Collections are
    rare, because a page makes thousands of objects that need none.
    A process of its own comes first, which stores the indexes where they are not: to build them leaves memory free
    between what stays, at 120,000 institutions 60 MB, which every worker would hold.
    Languages and templates are read here, too, because each worker would have them for itself.
    While the database is away, the workers start all the same and answer 503.
    """
    from django.conf import settings

    from partners.host.release import release

    import_module(settings.ROOT_URLCONF)
    release()
    if connections["default"].vendor == "sqlite":
        connections.settings["default"]["OPTIONS"]["init_command"] += f" PRAGMA cache_size=-{SQLITE_CACHE};"
    _hold_words()
    builder = get_context("fork").Process(target=_store_indexes)
    builder.start()
    builder.join()
    try:
        _hold_indexes()
    except (OperationalError, InterfaceError) as error:
        server.log.warning("The database is away: %s", type(error).__name__)
    connections.close_all()
    _keep_little_free()
    gc.freeze()
    gc.set_threshold(COLLECTED_AT)


def _store_indexes():
    with suppress(OperationalError, InterfaceError):  # which the server will meet, too
        _hold_indexes()


def _hold_indexes():
    from partners.index.current import prepare
    from partners.lists import LISTS

    prepare(*(listing.filterset for listing in LISTS))


def _hold_words():
    """Hold each language's catalogue and names of countries, and the templates of pages; half a second."""
    from django.conf import settings
    from django.template import engines
    from django.utils.translation import override

    from partners.models import Country

    for language, _name in settings.LANGUAGES:
        with override(language):
            Country.cldr_name_of("")
    pages = engines["jinja2"].env
    for name in pages.list_templates(filter_func=lambda name: not name.startswith("editors/")):
        pages.get_template(name)


def _keep_little_free():
    """Let glibc give back large pieces at once, and what requests leave free at the end of its memory.

    It would keep as much as twice the largest piece that was ever freed: an index. And each thread would have memory of
    its own, with free places of its own. What a page needs is kept: to compress one takes a megabyte, and to have that
    again from the system takes as long as to compress.
    """
    with suppress(AttributeError):  # another C library
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_MMAP_THRESHOLD, LARGE_PIECE)
        mallopt(M_TRIM_THRESHOLD, MOST_FREE)
        mallopt(M_ARENA_MAX, 1)


def child_exit(_server, worker):
    """Take what a worker held out of the figures; what it counted stays."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid, folder)


def on_exit(_server):
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(folder, ignore_errors=True)
