"""``make lighthouse``: what Lighthouse makes of the main pages, as a phone and as a desk receive them."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser import site
from tests.browser.conftest import CHROMIUM, FLAGS

AIMS = {"performance": 97, "accessibility": 100, "best-practices": 100, "seo": 100}
PATHS = ["/", "/institutions/", "/institutions/zilant-university/", "/coverage/"]
FORMS = {"phone": [], "desk": ["--preset=desktop"]}


def main(program):
    """Print the scores of each page and what takes points; 0 where every page reaches the aims."""
    wrong = 0
    with (
        tempfile.TemporaryDirectory(prefix="lighthouse-") as folder,
        site.serve(Path(folder), seed=site.DEMONSTRATION) as running,
    ):
        for path in PATHS:
            for form, options in FORMS.items():
                report = judge(program, running.address + path, options)
                scores = {aim: round(100 * report["categories"][aim]["score"]) for aim in AIMS}
                print(f"{path} ({form}):", ", ".join(f"{aim} {score}" for aim, score in scores.items()), flush=True)
                wrong += any(scores[aim] < AIMS[aim] for aim in AIMS)
                for aim in AIMS:
                    for part in report["categories"][aim]["auditRefs"]:
                        audit = report["audits"][part["id"]]
                        if part["weight"] and (audit["score"] if audit["score"] is not None else 1) < 1:
                            print(f"  {aim}: {audit['title']} ({audit.get('displayValue', audit['score'])})")
    return int(wrong > 0)


def judge(program, address, options):
    """Return Lighthouse's report of one address."""
    done = subprocess.run(
        [
            "node",
            program,
            address,
            "--quiet",
            "--output=json",
            f"--only-categories={','.join(AIMS)}",
            f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
            *options,
        ],
        env=os.environ | {"CHROME_PATH": CHROMIUM},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
