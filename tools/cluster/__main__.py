"""``make cluster`` runs it until Ctrl-C, ``make test-cluster`` kills each part in turn, ``make soak`` any, for long."""

import argparse
import itertools
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from tools.cluster.cluster import Cluster

EDITORS, VISITORS = 2, 6
ROWS = 4  # institutions that each editor renames
BEFORE, AFTER = 5, 8  # seconds of load around each fault


def main():
    parser = argparse.ArgumentParser(prog="python -m tools.cluster", description=__doc__)
    parser.add_argument("what", choices=["hold", "test", "soak"])
    parser.add_argument("--minutes", type=float, default=10, help="of soak")
    parser.add_argument("--every", type=float, default=30, help="seconds between two faults of soak")
    parser.add_argument("--out", type=Path, help="a file for the table of figures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cluster-") as folder:
        cluster = Cluster(Path(folder))
        try:
            cluster.start()
            if options.what == "hold":
                hold(cluster)
                return 0
            return tried(cluster, options)
        except BaseException:
            for log in sorted(Path(folder).glob("*.log")):
                print(f"--- {log.name}", *log.read_text().splitlines()[-8:], sep="\n", file=sys.stderr)
            raise
        finally:
            cluster.stop()


def hold(cluster):
    print(f"https://localhost:{cluster.nginx.front.tls}/ (its certificate is its own). Ctrl-C ends it.")
    for part in cluster.parts:
        print(f"{part.name}: process {part.process.pid}, port {part.port or cluster.nginx.front.tls}")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print()


def faults(cluster):
    """Return each fault by its name."""
    return {
        "web host 2": lambda: cluster.kill_web(1),
        "PgBouncer 2": lambda: cluster.kill_bouncer(1),
        "standby": cluster.kill_standby,
        "web host 1": lambda: cluster.kill_web(0),
        "PgBouncer 1": lambda: cluster.kill_bouncer(0),
        "primary": cluster.kill_primary,
        "nginx": cluster.kill_nginx,
    }


def tried(cluster, options):
    """Run the load, kill, judge; return the exit code."""
    os.environ |= cluster.webs[0].environment | {"DJANGO_SETTINGS_MODULE": "consortium.settings"}
    import django

    django.setup()
    from partners.host.release import release
    from tools.cluster import judge, report
    from tools.cluster.people import people

    release()  # now, as the web hosts have it: who edits the code meanwhile changes nothing
    days = judge.today_and_tomorrow()
    record, enough, clients = people(cluster, EDITORS, VISITORS, ROWS)
    for client in clients:
        client.start()
    ends = time.monotonic() + options.minutes * 60
    moments = []  # (name of a fault, when it began, when its load ended)
    names = list(faults(cluster))
    for name in itertools.cycle(names) if options.what == "soak" else names:
        time.sleep(BEFORE)
        began = time.monotonic()
        if options.what == "soak" and began > ends:
            break
        faults(cluster)[name]()
        cluster.wait()
        time.sleep(AFTER if options.what == "test" else max(0, options.every - (time.monotonic() - began) - BEFORE))
        moments.append((name, began, time.monotonic()))
        print(f"{name}: killed and back after {moments[-1][2] - began:.0f} s", flush=True)
    enough.set()
    for client in clients:
        client.join(30)
    verdict = judge.judged(record, cluster.primary, cluster.nginx.front, days)
    others = Counter((answer.status, answer.address) for answer in record.answers if answer.status != 200)
    for (status, address), number in others.most_common(9):
        print(f"{number} × {status} for {address}")
    for error in sorted({error for _at, who, error in record.broken if who == "Editor"})[:5]:
        print(error)
    table = report.table(verdict, report.by_fault(record, moments))
    print(table)
    if options.out:
        options.out.write_text(table)
    return report.exit_code(verdict)


if __name__ == "__main__":
    sys.exit(main())
