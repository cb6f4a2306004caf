"""The lists as pages and files: the file is the page (rule 1), the state lives in the address (rule 3)."""

import csv
import io
import json
import re
from http import HTTPStatus

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from partners.exports import FORMATS
from partners.lists import column
from partners.lists.institutions import INSTITUTION_ROWS
from partners.models import Institution, Kind, NameKind, Standing, State
from tests.support.directory import QUESTIONS, SPARSE_QUESTIONS, make_directory
from tests.support.factories import (
    make_city,
    make_city_name,
    make_consortium,
    make_country,
    make_institution,
    make_lab,
    make_name,
    make_participation,
    make_role,
)
from tests.support.table import read_csv

pytestmark = pytest.mark.django_db

RANDOM = settings(
    max_examples=10, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def content(response):
    return b"".join(response) if response.streaming else response.content


def slugs_on_page(response, thing="institution"):
    return [row.url.split("/")[-2] for row in response.context["page"].object_list]


@pytest.mark.parametrize("thing", ["institution", "lab"])
def test_every_file_has_the_rows_of_all_pages_in_their_order(client, one_index, thing):
    make_directory(seed=2)

    @RANDOM
    @given(st.one_of(QUESTIONS, SPARSE_QUESTIONS))
    def check(question):
        if thing == "lab":
            question = {name: codes for name, codes in question.items() if name not in {"partner", "kind", "standing"}}
        first = client.get(f"/{thing}s/", question)
        numbers = first.context["page"].paginator.page_range
        pages = [client.get(f"/{thing}s/", question | {"page": number}) for number in numbers]
        shown = [slug for page in pages for slug in slugs_on_page(page)]
        for format_name in FORMATS:
            response = client.get(f"/{thing}s.{format_name}", question)
            assert slugs_in_file(format_name, content(response)) == shown
            assert int(response["X-Row-Count"]) == len(shown) == first.context["page"].paginator.count
            assert int(response["Content-Length"]) > 0

    check()


def slugs_in_file(format_name, file):
    if format_name == "csv":
        return [row["slug"] for row in read_csv(file)]
    if format_name == "json":
        return [row["slug"] for row in json.loads(file)["results"]]
    header, *rows = openpyxl.load_workbook(io.BytesIO(file)).worksheets[0].iter_rows(values_only=True)
    return [row[header.index("slug")] for row in rows]


def test_a_page_past_the_end_is_not_found(client):
    make_institution()

    assert client.get("/institutions/?page=2").status_code == HTTPStatus.NOT_FOUND
    assert client.get(f"/institutions/?page={10**30}").status_code == HTTPStatus.NOT_FOUND


def test_an_unknown_format_is_not_found(client):
    assert client.get("/institutions.exe").status_code == HTTPStatus.NOT_FOUND


def test_an_empty_list_has_a_page_and_a_file_with_a_header(client):
    assert client.get("/institutions/?country=KZ").context["total_label"] == "0 institutions"
    assert content(client.get("/labs.csv")).decode("utf-8-sig").splitlines() == [
        "name,native_name,slug,url,institution,institution_slug,country,country_name,city,latitude,longitude,roles,"
        "website,verified_on,as_of"
    ]


def test_the_csv_says_what_the_directory_knows(client):
    make_consortium(licence="CC0 1.0")
    city = make_city(name="Kazan’", slug="ru-kazan", country=make_country("RU"), latitude=55.79, longitude=49.12)
    institution = make_institution(
        name='Kazan "Federal", University; KFU',
        slug="kfu",
        city=city,
        standing=Standing.SIGNED,
        signed_on="2026-03-01",
        website="https://kpfu.ru",
        founded=1804,
        ror_id="https://ror.org/05256ym39",
        verified_on="2026-11-01",
    )
    make_name(institution, value="=КФУ", kind=NameKind.NATIVE)
    name = make_name(institution, value="KFU", kind=NameKind.ACRONYM, language="")
    lab = make_lab(institution, name="Lab; one")
    role = make_role(code="vector")
    part = make_participation(institution, role, lab, state=State.PLANNED)
    newest = [row.history.latest().history_id for row in (institution, part, name)]
    as_of = "h{}r{}n{}".format(*newest)

    response = client.get("/institutions.csv?country=RU")

    assert content(response).decode("utf-8-sig") == (
        "name,native_name,acronym,slug,url,ror_id,kind,country,country_name,city,latitude,longitude,roles,labs,standing,"
        "expected_on,signed_on,valid_until,website,founded,verified_on,as_of\r\n"
        '"Kazan ""Federal"", University; KFU",\'=КФУ,KFU,kfu,http://testserver/institutions/kfu/,'
        "https://ror.org/05256ym39,university,RU,Russia,Kazan’,55.79,49.12,vector (planned),Lab\\; one,signed,"
        f",2026-03-01,,https://kpfu.ru,1804,2026-11-01,{as_of}\r\n"
    )
    day = timezone.localdate().isoformat()
    assert response["Content-Disposition"] == f'attachment; filename="institutions-ru-{day}.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_the_csv_of_labs_says_what_the_directory_knows(client):
    city = make_city(name="Kazan", slug="ru-kazan", country=make_country("RU"), latitude=55.79, longitude=49.12)
    lab = make_lab(
        make_institution(name="KFU", slug="kfu", website="https://kpfu.ru", verified_on="2026-10-01"),
        name="Lab",
        native_name="Лаборатория",
        slug="lab",
        city=city,
        website="https://lab.kpfu.ru",
        verified_on="2026-11-01",
    )
    part = make_participation(lab=lab, role=make_role(code="vector"), state=State.PLANNED)
    as_of = f"h{lab.history.latest().history_id}r{part.history.latest().history_id}"

    [_header, row] = content(client.get("/labs.csv")).decode("utf-8-sig").splitlines()
    assert row == (
        "Lab,Лаборатория,lab,http://testserver/institutions/kfu/labs/lab/,KFU,kfu,RU,Russia,Kazan,55.79,49.12,"
        f"vector (planned),https://lab.kpfu.ru,2026-11-01,{as_of}"
    )


def test_json_and_xlsx_say_where_they_come_from(client):
    make_consortium(licence="CC0 1.0")
    make_institution(country=make_country("KZ"))

    as_json = json.loads(content(client.get("/institutions.json?country=KZ&sort=newest")))
    about = openpyxl.load_workbook(io.BytesIO(content(client.get("/institutions.xlsx?country=KZ"))))["About"]

    assert list(as_json) == ["count", "filter", "generated", "url", "licence", "results"]
    assert as_json["count"] == 1
    assert as_json["filter"] == "Country is Kazakhstan"
    assert as_json["url"] == "http://testserver/institutions/?country=KZ&sort=newest"
    assert {row[0].value: row[1].value for row in about.iter_rows()}["Filter"] == "Country is Kazakhstan"


def test_the_page_says_total_filter_and_downloads(client):
    make_institution(country=make_country("KZ"), kind=Kind.HOSPITAL)

    response = client.get("/institutions/?country=KZ&kind=hospital&unknown=1")

    assert response.context["sentence"] == "Country is Kazakhstan, and kind is hospital"
    assert response.context["total_label"] == "1 institution"
    query = "?country=KZ&kind=hospital"
    assert [(download.label, download.url) for download in response.context["downloads"]] == [
        *((f"Download 1 institution ({name.upper()})", f"/institutions.{name}{query}") for name in FORMATS),
        ("Print", f"/print/institutions/{query}"),
        ("Watch this list (Atom feed)", f"/institutions.atom{query}"),
        ("Watch its dates (iCal)", f"/pipeline.ics{query}"),
    ]
    page = response.content.decode()
    [status] = re.findall(r'id="status" role="status"[^>]*>\s*(.*?)<', page, re.DOTALL)
    assert " ".join(status.split()).startswith("1 institution")
    assert "Download 1 institution (CSV)" in " ".join(re.sub(r"<[^>]*>", "", page).split())


@pytest.mark.parametrize("address", ["/institutions/", "/labs/", "/institutions.csv", "/labs.json"])
def test_a_list_costs_the_same_queries_for_1_and_for_20_rows(client, address):
    city = make_city()
    role = make_role()

    def add():
        institution = make_institution(city=city, standing=Standing.SIGNED)
        make_name(institution)
        make_participation(institution, role, make_lab(institution))

    def count_queries():
        with CaptureQueriesContext(connection) as queries:
            content(client.get(address))
        return len(queries)

    add()
    before = count_queries()
    for _number in range(19):
        add()
    assert count_queries() == before


@pytest.mark.parametrize("format_name", ["csv", "json"])
def test_a_file_says_the_same_in_chunks_of_any_size(client, monkeypatch, format_name):
    make_directory(seed=4)
    addresses = [f"/{thing}s.{format_name}?sort=country" for thing in ("institution", "lab")]
    # The head of a JSON file tells the moment, which is another one each time.
    whole = [content(client.get(address)).splitlines()[1:] for address in addresses]
    assert min(map(len, whole)) > 3

    monkeypatch.setattr(column, "CHUNK_SIZE", 3)

    assert [content(client.get(address)).splitlines()[1:] for address in addresses] == whole


def test_a_lab_is_where_its_own_city_is(client):
    institution = make_institution(
        city=make_city(name="Kazan", country=make_country("RU"), latitude=55.79, longitude=49.12),
        latitude=55.8,
        longitude=49.1,
    )
    nowhere = make_city(name="Astana", country=make_country("KZ"), latitude=None, longitude=None)
    there = make_city(name="Almaty", country=make_country("KZ"), latitude=43.25, longitude=76.95)
    for name, city in [("A", None), ("B", nowhere), ("C", there), ("C", there)]:
        make_lab(institution, name=name, city=city)

    rows = json.loads(content(client.get("/labs.json")))["results"]
    [owner] = json.loads(content(client.get("/institutions.json")))["results"]

    assert [(row["name"], row["country"], row["city"], row["latitude"], row["longitude"]) for row in rows] == [
        ("A", "RU", "Kazan", 55.8, 49.1),
        ("B", "KZ", "Astana", None, None),
        ("C", "KZ", "Almaty", 43.25, 76.95),
        ("C", "KZ", "Almaty", 43.25, 76.95),
    ]
    assert (owner["latitude"], owner["longitude"], owner["labs"]) == (55.8, 49.1, ["A", "B", "C", "C"])


def test_unpublished_closed_and_replaced_institutions_are_in_no_list(client):
    heir = make_institution(slug="heir")
    for hidden in [{"is_published": False}, {"status": "withdrawn"}, {"status": "inactive"}, {"replaced_by": heir}]:
        make_lab(make_institution(name="Hidden", **hidden), name="Hidden lab")

    assert slugs_on_page(client.get("/institutions/")) == ["heir"]
    assert client.get("/labs/").context["page"].paginator.count == 0
    assert Institution.objects.count() == 5


def test_a_csv_can_be_read_by_a_strict_reader(client):
    make_directory(seed=3)

    text = content(client.get("/institutions.csv")).decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert {len(row) for row in rows} == {len(INSTITUTION_ROWS.file_columns)}


def test_city_names_in_other_languages_are_found(client):
    city = make_city(name="Almaty")
    make_city_name(city, value="Алма-Ата")
    make_institution(city=city, slug="there")

    assert slugs_on_page(client.get("/institutions/?q=алма-ата")) == ["there"]
