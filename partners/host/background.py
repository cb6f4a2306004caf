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


def do_later(work: Callable[[], object]) -> None:
    """Have a function called soon, or never where too much waits already."""
    with suppress(queue.Full):
        _begun(os.getpid()).put_nowait(work)


def wait_until_done() -> None:
    """Wait until everything is done that this process was asked for."""
    _begun(os.getpid()).join()


@lru_cache(maxsize=1)  # neither a thread nor its queue is of use after a fork
def _begun(_process):
    """Return the queue of a thread that does what is put into it."""
    waiting = queue.Queue(MOST_WAITING)
    threading.Thread(target=_work, args=[waiting], name="background", daemon=True).start()
    return waiting


def _work(waiting):
    while True:
        pieces = [waiting.get()]
        time.sleep(PAUSE)
        with suppress(queue.Empty):
            while True:
                pieces.append(waiting.get_nowait())
        while pieces:
            piece = pieces.pop(0)
            try:
                piece()
            except Exception:
                logger.exception("%s failed.", piece)
            finally:
                del piece
                waiting.task_done()
