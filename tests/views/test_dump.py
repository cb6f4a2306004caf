"""The archive holds the rows of the lists, byte for byte, and what they name; an import of it changes nothing."""

import csv
import io
import json
import zipfile

import pytest

from partners.lists import LISTS
from partners.models import InstitutionName, Lab, Participation
from tests.support.directory import make_directory
from tests.support.factories import make_consortium, make_contact, make_institution
from tests.support.list_file import contents, load

pytestmark = pytest.mark.django_db


def opened(client):
    answer = client.get("/dump.zip")
    assert answer["Content-Type"] == "application/zip"
    return answer, zipfile.ZipFile(io.BytesIO(answer.getvalue()))


def rows(archive, name):
    return list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode(), newline="")))


def test_tables_are_those_of_the_lists_and_of_what_they_name(client):
    make_consortium(name="Chain", licence="CC0 1.0", licence_url="https://licence.example/")
    make_directory(9)
    make_contact(make_institution(), person="Person Hidden", mail="hidden@example.org")

    answer, archive = opened(client)
    for plural in (one.plural for one in LISTS):
        assert archive.read(f"{plural}.csv").decode() == client.get(f"/{plural}.csv").getvalue().decode("utf-8-sig")
    listed = {row["slug"] for row in rows(archive, "institutions")}
    assert int(answer["X-Row-Count"]) == len(listed)
    for name, model in [("participations", Participation), ("names", InstitutionName)]:
        assert len(rows(archive, name)) == model.objects.filter(institution__slug__in=listed).count()
        assert {row["institution"] for row in rows(archive, name)} <= listed
    assert {row["role"] for row in rows(archive, "participations")} <= {row["code"] for row in rows(archive, "roles")}
    package = json.loads(archive.read("datapackage.json"))
    assert (package["title"], package["licenses"][0]["path"]) == ("Chain", "https://licence.example/")
    for resource in package["resources"]:
        header = archive.read(resource["path"]).decode().partition("\r\n")[0].split(",")
        assert [field["name"] for field in resource["schema"]["fields"]] == header
        assert all(field["description"] for field in resource["schema"]["fields"])
    everything = b"".join(map(archive.read, archive.namelist())).decode()
    assert [word for word in ("Person Hidden", "hidden@") if word in everything] == []


def test_an_import_of_its_lists_changes_nothing(client):
    make_directory(10)
    _answer, archive = opened(client)
    before = contents(), list(Lab.objects.order_by("pk").values()), Lab.history.count()

    for name in ("institutions", "labs"):
        lines = load(archive.read(f"{name}.csv"))
        assert lines[-1] == "Changed: 0"
        assert f"Unchanged: {len(rows(archive, name))}" in lines
    assert (contents(), list(Lab.objects.order_by("pk").values()), Lab.history.count()) == before
