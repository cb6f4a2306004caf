"""A row of a file that may be an entry already is told so before it is written."""

import pytest

from tests.admin.test_file_imports import bring
from tests.support.editor import member
from tests.support.factories import make_city, make_institution, make_lab
from tests.support.list_file import written

pytestmark = pytest.mark.django_db


def test_new_rows_name_twins_by_the_rule_of_the_form_and_twins_within_the_file(client):
    editor = member("Coordinators", client)
    city = make_city(name="Kazan", slug="ru-kazan", country_id="RU")
    known = make_institution(slug="known", name="Center of Oncology, Kazan", city=city, website="https://onco.example/")
    make_lab(known, name="Cell lab", slug="cells")
    header = ["slug", "name", "kind", "country", "city", "website"]
    rows = [
        ["", "Kazan Oncology Center", "hospital", "", "", ""],
        ["", "Onco", "hospital", "", "", "http://www.onco.example/en"],
        ["", "Centre of Oncology, Kazan", "hospital", "RU", "Kazan", ""],
        ["", "The Oncology Centre Kazan", "hospital", "", "", ""],
        ["", "Another", "hospital", "", "", ""],
    ]
    page = bring(editor, written(header, rows))
    found = [{slug: set(map(str, reasons)) for _url, slug, reasons in row["twins"]} for row in page.context["rows"]]
    assert found == [
        {"known": {"same name"}},
        {"known": {"same web host"}},
        {"known": {"similar name in the same city"}},
        {"centre-of-oncology-kazan": {"same name"}},
        {},
    ]
    [(url, *_twin)] = page.context["rows"][0]["twins"]
    assert editor.get(url).context["original"] == known
    page = bring(editor, b"institution_slug,slug,name\nknown,,Lab Cell\n")
    [(url, slug, _reasons)] = page.context["rows"][0]["twins"]
    assert (slug, editor.get(url).context["original"].name) == ("cells", "Cell lab")
