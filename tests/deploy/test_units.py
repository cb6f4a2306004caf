"""The shipped systemd units, as systemd's own judges see them, and the file of settings."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SERVICES = ["web", "backup", "tidy"]
EXPOSURE = 20  # tenths; systemd calls 2.0 “OK”
PYTHON = "/opt/directory/.venv/bin/python"

ANALYZE = shutil.which("systemd-analyze")


@pytest.fixture(scope="module")
def units(tmp_path_factory):
    """Return a folder with the units, whose Python is the one that runs here."""
    folder = tmp_path_factory.mktemp("units") / "units"
    shutil.copytree(DEPLOY / "systemd", folder)
    for path in folder.glob("*.service"):
        path.write_text(path.read_text().replace(PYTHON, sys.executable))
    return folder


def judged(*arguments):
    done = subprocess.run([ANALYZE, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.skipif(not ANALYZE, reason="systemd is not installed")
def test_units_are_valid_and_may_do_little(units):
    paths = sorted(path for path in units.iterdir() if path.is_file())
    assert judged("verify", *paths) == (0, "")
    for service in SERVICES:
        path = units / f"directory-{service}.service"
        code, words = judged("security", "--offline=true", f"--threshold={EXPOSURE}", path)
        assert code == 0, words


def test_units_start_what_is_there():
    for path in (DEPLOY / "systemd").glob("*.service"):
        command = re.search(r"^ExecStart=(.*)$", path.read_text(), re.MULTILINE)[1].split()
        assert command[0] == PYTHON
        assert command[1] == "-m" or command[2] in get_commands()


def test_environment_file_names_every_setting_once_and_no_other():
    readme = (ROOT / "README.md").read_text()
    table = re.findall(r"`([A-Z_]+)`", "".join(re.findall(r"^\| (`[A-Z_]+`[^|]*)\|", readme, re.MULTILINE)))
    file = re.findall(r"^([A-Z_]+)=", (DEPLOY / "directory.env").read_text(), re.MULTILINE)
    assert sorted(file) == sorted(table)
