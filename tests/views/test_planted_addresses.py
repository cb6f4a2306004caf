"""An address that SQL planted behind the validators' back is text wherever it is shown, and data in files."""

import re

import pytest
from django.db import connection

from partners.models import Consortium, Institution, Lab
from tests.support.editor import address, member
from tests.support.factories import make_consortium, make_institution, make_lab

pytestmark = pytest.mark.django_db
PLANTED = [
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://files.example/x",
    "https://user:pw@bank.example/",
    "//evil.example/",
]
PAGES = ["/institutions/kfu/", "/institutions/kfu/labs/lab/", "/compare/?i=kfu&i=knmu", "/about/", "/institutions/"]
LINKS = re.compile(r"""(?:href|src|action)=["']?([^"'> ]+)""")


@pytest.fixture(params=PLANTED)
def planted(request):
    """Write an address past every validator into all columns that hold one, and return it."""
    kfu = make_institution(slug="kfu", website="https://kpfu.example/")
    make_institution(slug="knmu")
    make_lab(kfu, slug="lab")
    make_consortium(licence="CC0")
    columns = [("partners_institution", "website"), ("partners_lab", "website"), ("partners_consortium", "licence_url")]
    with connection.cursor() as cursor:
        for table, column in columns:
            cursor.execute(f"UPDATE {table} SET {column} = %s", [request.param])
    return request.param


def links(answer):
    return [link.replace("&amp;", "&") for link in LINKS.findall(answer.text)]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_it_as_text(client, planted, page):
    answer = client.get(page)
    assert answer.status_code == 200
    assert planted not in links(answer)
    if page != "/institutions/":
        assert planted in answer.text.replace("&amp;", "&")


@pytest.mark.parametrize("group", ["Editors", "Coordinators"])  # editors may only look at the consortium's own texts
@pytest.mark.parametrize("model", [Institution, Lab, Consortium])
def test_the_admin_shows_it_as_text(client, planted, model, group):
    answer = member(group, client).get(address(model, model.objects.first()))
    assert planted in answer.text
    assert planted not in links(answer)


def test_a_readonly_address_that_may_be_a_link_is_one(client):
    row = make_consortium(licence_url="https://licence.example/")
    answer = member("Editors", client).get(address(Consortium, row))
    assert "https://licence.example/" in links(answer)


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_a_file_gives_it_as_data(client, planted, suffix):
    assert planted in client.get(f"/institutions.{suffix}").getvalue().decode()


def test_no_sheet_has_hyperlinks(client, planted, tmp_path):
    import openpyxl

    (tmp_path / "x.xlsx").write_bytes(client.get("/institutions.xlsx").getvalue())
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert planted in {cell.value for cell in cells}
    assert [cell for cell in cells if cell.hyperlink] == []
