"""The archive judged by Frictionless: every table is as its description says, and refers to rows that are there."""

import zipfile

import pytest

from tests.support.directory import make_directory
from tests.support.factories import make_consortium

frictionless = pytest.importorskip("frictionless")

pytestmark = [pytest.mark.judge, pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]


def problems(folder):
    report = frictionless.validate(str(folder / "datapackage.json"))
    return [error for task in report.tasks for error in task.errors] + list(report.errors)


def test_the_archive_is_a_valid_data_package(client, tmp_path):
    make_consortium(name="Chain", licence="CC0 1.0")
    make_directory(11)
    file = tmp_path / "dump.zip"
    file.write_bytes(client.get("/dump.zip").getvalue())
    zipfile.ZipFile(file).extractall(tmp_path)

    assert problems(tmp_path) == []
    roles = tmp_path / "roles.csv"
    roles.write_text(roles.read_text().replace("vector,", "viktor,", 1))
    assert {error.type for error in problems(tmp_path)} == {"foreign-key"}
