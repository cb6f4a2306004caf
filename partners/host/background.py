"""Work for which no visitor waits: a thread of each process does one piece after the other."""

import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache

MOST_WAITING = 100  # pieces of work
PAUSE = 0.01  # seconds in which whoever asked is answered first

logger = logging.getLogger(__name__)
_beginning = threading.Lock()


def do_later(work: Callable[[], object]) -> None:
    """Have a function called soon, or never where too much waits already."""
    with suppress(queue.Full, RuntimeError):  # or where no thread can be had
        _of_this_process().put_nowait(work)


def wait_until_done() -> None:
    """Wait until everything is done that this process was asked for."""
    _of_this_process().join()


def _of_this_process():
    with _beginning:
        return _begun(os.getpid())


@lru_cache(maxsize=1)  # neither a thread nor its queue is of use after a fork
def _begun(_process):
    """Return the queue of a thread that does what is put into it."""
    waiting = queue.Queue(MOST_WAITING)
    threading.Thread(target=_work, args=[waiting], name="background", daemon=True).start()
    return waiting


def _work(waiting):
    while True:
        is_idle = waiting.empty()
        piece = waiting.get()
        if is_idle:
            time.sleep(PAUSE)
        try:
            piece()
        except Exception:
            logger.exception("Work for which nobody waits failed.")  # and not what it is about, a whole page perhaps
        finally:
            del piece
            waiting.task_done()
