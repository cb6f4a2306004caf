"""``make observatory``: what MDN's Observatory scores public pages and the sign-in, through the shipped nginx."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser import site
from tools.cluster.nginx import front

AIM = 130
PATHS = ["/", "/institutions/", "/ru/coverage/", "/admin/login/", "/nowhere/"]


def main(package):
    """Return 0 where every page reaches the aim."""
    with tempfile.TemporaryDirectory(prefix="observatory-") as folder:
        folder = Path(folder)
        protected = {"HTTPS": "1", "PROXIES": "1", "ALLOWED_HOSTS": "localhost"}
        with (
            site.serve(folder, **protected) as running,
            front(folder, int(running.address.rpartition(":")[2])) as ahead,
        ):
            scan = Path(__file__).with_name("scan.mjs")
            done = subprocess.run(
                ["node", scan, package, str(ahead.plain), str(ahead.tls), *PATHS],
                env=os.environ | {"NODE_EXTRA_CA_CERTS": str(folder / "fullchain.pem")},
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    for page in found:
        print(f"{page['path']}: {page['score']} ({page['grade']}), status {page['status']}")
        if page["score"] < AIM:
            print(*(f"  {name}: {result}" for name, result in page["tests"].items()), sep="\n")
    return 0 if len(found) == len(PATHS) and all(page["score"] >= AIM for page in found) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve().parent))
