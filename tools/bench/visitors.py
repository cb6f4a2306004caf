"""Visitors who ask for files again and again: ``python -m tools.bench.visitors ADDRESS SECONDS PATH…``, one a path.

It prints how many answers had which status.
"""

import sys
import threading
import time
from collections import Counter

from tools.bench.client import Client


def main(address: str, seconds: str, *paths: str) -> None:
    """Ask until the time is over, and print the numbers."""
    end, statuses = time.monotonic() + float(seconds), Counter()

    def visit(path):
        client, number = Client(address), 0
        while time.monotonic() < end:
            answer = client.ask(f"{path}&founded={number}", keep=False)
            statuses[answer.status] += 1
            number += 1
            time.sleep(min(float(answer.headers.get("Retry-After", 0)), 1))

    visits = [threading.Thread(target=visit, args=(path,)) for path in paths]
    for visit_ in visits:
        visit_.start()
    for visit_ in visits:
        visit_.join()
    print(", ".join(f"{number} × {status}" for status, number in sorted(statuses.items())))


if __name__ == "__main__":
    main(*sys.argv[1:])
