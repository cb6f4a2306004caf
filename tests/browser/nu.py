"""The Nu HTML checker: the judge of our HTML."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

# `make test` fetches it by npm: vnu-jar 26.9.27, the checker's own release.
JAR = Path(__file__).parent.parent.parent / "build/vnu/node_modules/vnu-jar/build/dist/vnu.jar"
SHA256 = "22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47"


def missing() -> list[str]:
    """Name what must be installed before the checker can run."""
    return [
        *(["a Java runtime"] if not shutil.which("java") else []),
        *(["npm's vnu-jar"] if not JAR.is_file() else []),
    ]


def errors(folder: Path) -> list[str]:
    """Return what is wrong in a folder of HTML pages, one ``file:line: message`` each."""
    assert hashlib.sha256(JAR.read_bytes()).hexdigest() == SHA256
    done = subprocess.run(
        ["java", "-jar", JAR, "--errors-only", "--format", "json", "--skip-non-html", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    return [
        f"{Path(message['url']).name}:{message.get('lastLine', '?')}: {message['message']}"
        for message in json.loads(done.stderr)["messages"]
    ]
