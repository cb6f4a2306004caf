"""Try long faults on both databases: ``python -m tools.postgres -m tools.faults``, which `make faults` runs.

Prints a table; the status is 1 where something acknowledged is lost, or a request is answered by 5xx.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.bench.databases import urls
from tools.bench.site import ROOT

SEED = "partners/seeds/demo.toml"


def main() -> int:
    """Run what the arguments choose; 0 of something leaves it out."""
    parser = argparse.ArgumentParser(prog="tools.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="of kill -9 of PostgreSQL under writes")
    parser.add_argument("--kills", type=int, default=100, help="of processes that write to SQLite")
    parser.add_argument("--requests", type=int, default=20_000, help="that are hostile, to each database")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32), help="of the requests")
    chosen = parser.parse_args()
    print(f"The seed of the requests is {chosen.seed}.")
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        found = []
        if chosen.rounds:
            found.append(_step("PostgreSQL", "", "killing", "postgresql", chosen.rounds))
        if chosen.kills:
            found.append(_step("SQLite", f"sqlite:///{folder}/killed.sqlite3", "killing", "sqlite", chosen.kills))
        asked = urls(Path(folder), "hostile")  # of their own: what killed writers left is no directory for visitors
        for database, address in asked.items() if chosen.requests else ():
            found.append(_step(database, address, "hostile", chosen.requests, chosen.seed))
    return int(any(wrong for wrong in found))


def _step(database, address, module, *arguments):
    """Run a step in a process of its own, print its line and return how much was wrong."""
    variables = os.environ | {"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "consortium.settings"}
    variables |= {"DATABASE_URL": address} if address else {}
    command = [sys.executable, "-m", f"tools.faults.{module}", *map(str, arguments)]
    figures = json.loads(subprocess.run(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, check=True).stdout)
    print(f"| {database} | {' | '.join(f'{name} {figure}' for name, figure in figures.items())} |", flush=True)
    return figures["wrong"]


if __name__ == "__main__":
    sys.exit(main())
