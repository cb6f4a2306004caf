"""The steps of `deploy/Containerfile` without a container engine: this machine stands in for the image below them.

Not run: FROM (no registry), apt-get and useradd's effect on another machine. The steps of both stages run in one file
system, so that `COPY --from` finds what it names where it is.
"""

import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STEPS = re.findall(r"^([A-Z]+) (.*)$", (ROOT / "deploy" / "Containerfile").read_text(), re.MULTILINE)

AROUND = r"""
set -euo pipefail
mount -t tmpfs tmpfs "$AREA"
for folder in etc opt var; do
    mkdir -p "$AREA/$folder/upper" "$AREA/$folder/work" "$AREA/bin"
    mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$AREA/$folder/upper,workdir=$AREA/$folder/work" "/$folder"
done
ln -s "$(PATH="/usr/bin:$PATH" command -v python3)" "$AREA/bin/python"  # not one below /root
export PATH="$AREA/bin:$PATH"
mkdir -p "$AREA/data" /data && mount --bind "$AREA/data" /data
"""

LOOK = r"""
for folder in etc opt var usr; do mount --bind "/$folder" "/$folder" && mount -o remount,bind,ro "/$folder"; done
chown -R directory /data
as=(setpriv --reuid directory --regid directory --clear-groups env SECRET_KEY="$KEY" ALLOWED_HOSTS=127.0.0.1 HTTPS=0)
"${as[@]}" .venv/bin/python manage.py migrate --no-input --verbosity 0
"${as[@]}" .venv/bin/python manage.py start_consortium partners/seeds/cart.toml
"${as[@]}" $CMD > "$AREA/log" 2>&1 &
for turn in $(seq 100); do eval "$HEALTH" 2>/dev/null && break; sleep 0.3; done
eval "$HEALTH" || { cat "$AREA/log" >&2; exit 1; }
curl --silent --fail http://127.0.0.1:8000/institutions.csv | grep -q "Kazan Federal University"
! "${as[@]}" touch /opt/directory/anything 2>/dev/null
echo All of it.
"""


def script():
    """Return the steps as a shell would run them."""
    lines = [AROUND]
    for step, words in STEPS:
        if step == "WORKDIR":
            lines.append(f"mkdir -p {words} && cd {words}")
        elif step == "COPY" and "--from" not in words:
            *sources, target = words.split()
            lines += [f"cp -r {shlex.quote(str(ROOT / source))} {target}" for source in sources]
        elif step == "RUN" and not words.startswith("apt-get"):
            lines.append(words.replace("--create-home", "--no-create-home"))
        elif step == "ENV":
            lines.append(f"export {words}")
        elif step == "HEALTHCHECK":
            lines.append(f"HEALTH={shlex.quote(shlex.join(json.loads(words.partition('CMD ')[2])))}")
        elif step == "CMD":
            lines.append(f"CMD={shlex.quote(' '.join(json.loads(words)))}")
    return "\n".join([*lines, LOOK])


def test_image_takes_what_is_there_and_runs_as_nobody_special():
    for step, words in STEPS:
        if step == "COPY" and "--from" not in words:
            assert [source for source in words.split()[:-1] if not (ROOT / source).exists()] == []
    assert [step for step, _words in STEPS].count("FROM") == 2
    assert dict(STEPS)["USER"] == "directory"
    assert dict(STEPS)["VOLUME"] == "/data"


def test_compose_takes_what_is_there():
    text = (ROOT / "deploy" / "compose.yaml").read_text()
    for source in re.findall(r"- (\./[^:]+):", text):
        assert source == "./tls" or (ROOT / "deploy" / source).exists(), source
    assert "read_only: true" in text


@pytest.mark.skipif(not os.environ.get("INSTALL"), reason="it takes minutes: make test-install")
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_image_starts_with_a_root_that_can_only_be_read(area, variables):
    is_here = Path("/data").exists()
    done = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c", script()],
        env=variables | {"AREA": area, "KEY": "k" * 50},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    if not is_here:
        Path("/data").rmdir()  # the place of the mount
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["All of it."]), done.stderr[-5000:]
