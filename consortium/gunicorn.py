"""How the application server runs: the master builds the indexes once, and its workers share that memory."""

import gc
from importlib import import_module

from django.db import InterfaceError, OperationalError, connections

worker_class = "gthread"
workers = 2
threads = 4
preload_app = True
control_socket_disable = True
COLLECTED_AT = 10_000  # more objects than were let go, a megabyte; Python's own 700 cost each page a twentieth


def when_ready(server):
    """Load every page's code and build the indexes before the workers are forked.

    The connection is closed, because workers must not share it. The heap is frozen, so that no collection touches, and
    by that copies, what they share, and collections are rare: a page makes thousands of objects that need none. While
    the database is away they start all the same, and answer 503.
    """
    from django.conf import settings

    from partners.index.current import index_of, read_moment
    from partners.lists import LISTS

    import_module(settings.ROOT_URLCONF)  # a worker that loads the views itself would draw a release of its own
    try:
        with read_moment():
            for listing in LISTS:
                index_of(listing.filterset)
    except (OperationalError, InterfaceError) as error:
        server.log.warning("The database is away: %s", type(error).__name__)
    connections.close_all()
    gc.freeze()
    gc.set_threshold(COLLECTED_AT)
