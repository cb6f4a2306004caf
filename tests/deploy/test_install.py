"""The commands of `docs/deployment.md`, run to the letter in a file system of their own: this machine stays as it is.

Not run as they stand: apt-get (what it installs has to be here), certbot (no authority knows this machine; its
certificate is its own) and systemctl (nothing is process 1 here; what the units say is started without it).
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.cluster.nginx import NGINX
from tools.cluster.postgres import PROGRAMS

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "deployment.md").read_text()
NAME = "directory.example"

pytestmark = [
    pytest.mark.skipif(not os.environ.get("INSTALL"), reason="it takes minutes: make test-install"),
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root"),
]

HERE = Path(__file__).parent / "install"


def commands(heading):
    """Return the shell blocks under a heading of the document; a failure before && ends them, too."""
    section = re.search(rf"^##+ {heading}\n(.*?)(?=^## |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)[1]
    blocks = re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    return [block.replace(" && ", "\n") for block in blocks]


@pytest.fixture
def release(tmp_path):
    """Return a repository with this tree as it stands, wherever it came from, for `git clone` and `git pull`."""
    repository = tmp_path / "release"
    git = ["git", f"--git-dir={repository}", f"--work-tree={ROOT}", "-c", "user.name=A", "-c", "user.email=a@b"]
    for command in ("init --quiet --initial-branch=main", "add .", "commit --quiet --message=Release"):
        subprocess.run([*git, *command.split()], cwd=ROOT, check=True)
    return repository


def test_installing_takes_ten_commands():
    block = re.search(r"^```sh\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)[1]
    assert len(block.splitlines()) - 1 == 10  # the first line says who you are


@pytest.mark.timeout(1200)
@pytest.mark.skipif(
    not (NGINX and shutil.which("systemd-socket-activate")), reason="needs nginx and systemd's programs"
)
def test_document_installs_upgrades_drills_and_rotates(area, release, variables):
    install, fill = commands("Install")
    install = install.replace("RELEASE=https://git.example/directory.git", f"RELEASE={release}")
    fill = fill.replace(
        "createsuperuser", "createsuperuser --no-input --username editor --email editor@directory.example"
    )
    install = install.replace("NAME=directory.example", f"export NAME={NAME}")
    [upgrade], [drill], [rotate] = commands("Upgrade"), commands("Backup and drill"), commands("Rotate the key")
    drill = 'runuser -u postgres -- psql -q -c "ALTER ROLE directory CREATEDB"\n' + drill
    around, look = ((HERE / name).read_text() for name in ("around.sh", "look.sh"))
    parts = [around, "set -x", install, fill, look, upgrade, look, drill, rotate, look, "echo All of it."]
    done = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c", "\n".join(parts)],
        env={**variables, "AREA": area, "STAND_INS": str(HERE / "bin"), "PROGRAMS": str(PROGRAMS), "NAME": NAME},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["All of it."]), done.stderr[-5000:]
