"""The description speaks of every address, of every parameter that it reads, and of every column."""

import shutil
import subprocess
import sys

import pytest

from partners.lists import LISTS
from partners.urls import api
from partners.views.api.lists import OF_PAGES
from tests.support.directory import make_directory
from tests.support.factories import make_country, make_institution

pytestmark = pytest.mark.django_db
NO_ANSWERS = {"api-nothing", "api-root", "api-description"}


def described(client, path):
    return client.get("/api/v1/openapi.json").json()["paths"][path]["get"]


def test_every_address_is_described(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    ours = [str(one.pattern).replace("<slug:", "{").replace(">", "}") for one in api if one.name not in NO_ANSWERS]

    assert [path.replace("api/v1", "") for path in ours] == list(paths)


@pytest.mark.parametrize("listing", LISTS, ids=lambda one: one.plural)
def test_parameters_are_those_that_are_read_and_columns_those_of_files(client, listing):
    operation = described(client, f"/{listing.plural}")
    parameters = {one["name"]: one for one in operation["parameters"]}
    own = {"cursor", "fields", "facets", "lang"}
    assert parameters.keys() == ({*listing.filterset.parameters()} - {*OF_PAGES}) | own
    assert parameters["country"]["schema"]["items"]["pattern"] == "(^[A-Z]{2}$)|(^none$)"
    assert parameters["state"]["schema"]["items"]["enum"] == ["operational", "planned", "paused", "ended", "not_stated"]
    rows = operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["results"]["items"]
    assert list(rows["properties"]) == [column.name for column in listing.rows.file_columns]
    assert parameters["fields"]["schema"]["items"]["enum"] == list(rows["properties"])


KINDS = {"string": str, "integer": int, "number": (int, float), "array": list, "null": type(None)}


@pytest.mark.parametrize("listing", LISTS, ids=lambda one: one.plural)
def test_every_value_is_of_the_kind_that_is_described(client, listing):
    make_directory(6)
    make_institution(founded=1804, latitude=55.5, longitude=49.1)
    operation = described(client, f"/{listing.plural}")
    rows = operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["results"]["items"]

    for row in client.get(f"/api/v1/{listing.plural}", {"size": "200"}).json()["results"]:
        for name, value in row.items():
            said = rows["properties"][name]
            kinds = [said["type"]] if isinstance(said["type"], str) else said["type"]
            assert any(isinstance(value, KINDS[kind]) for kind in kinds), (name, value)
            assert value in said.get("enum", [value]), (name, value)


@pytest.mark.django_db(transaction=True)
def test_lines_of_the_page_do_what_they_say(live_server):
    page = live_server_page(live_server)
    make_country("KZ")
    for number in range(3):
        make_institution(name=f"Institution {number}")

    code = f"{page['python']}\nprint(*names, sep=';')"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert sorted(said.strip().split(";")) == ["Institution 0", "Institution 1", "Institution 2"]
    if shutil.which("curl"):
        said = subprocess.run(["bash", "-c", page["curl"]], capture_output=True, text=True, check=True).stdout
        assert '"results": []' in said
    assert page["excel"] == f"{live_server.url}/institutions.csv"
    assert f'"{live_server.url}/api/v1/institutions?size=200"' in page["r"]


def live_server_page(live_server):
    """Return {id: the text of a code block} of the page on the API as a browser gets it."""
    import html
    import re
    import urllib.request

    text = urllib.request.urlopen(f"{live_server.url}/about/api/").read().decode()
    blocks = re.findall(r'id="(curl|python|r|excel)"[^>]*>(?:<code>)?(.*?)</code>', text, re.DOTALL)
    return {name: html.unescape(block) for name, block in blocks}
