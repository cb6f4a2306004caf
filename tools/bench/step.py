"""One step of the benchmark in a process of its own, with Django set up for the database of the environment.

``python -m tools.bench.step read FILE RECORDS`` keeps what is read of a release;
``python -m tools.bench.step write RECORDS NUMBER`` writes a directory of it and prints its facts;
``python -m tools.bench.step measure < QUESTIONS`` asks the index and SQL and prints the seconds. All speak JSON.
"""

import json
import sys
from pathlib import Path

import django


def main(step: str, *arguments: str) -> dict | None:
    """Do one step and return what is to be printed."""
    django.setup()
    from . import directory, inside  # models can be imported from here on

    if step == "measure":
        return inside.measure(*json.load(sys.stdin))
    if step == "read":
        file, records = arguments
        return directory.read_records(Path(file), Path(records))
    records, number = arguments
    directory.write_directory(Path(records), int(number))
    return directory.facts()


if __name__ == "__main__":
    json.dump(main(*sys.argv[1:]), sys.stdout)
