"""`import_list`: what it refuses, in which words; nothing is written then."""

import csv

import pytest
from django.core.management import CommandError, call_command

from partners.imports.edited_list.file import SHOWN
from partners.models import Institution
from tests.support.factories import (
    make_city,
    make_country,
    make_former_slug,
    make_institution,
    make_lab,
    make_name,
    make_role,
)
from tests.support.list_file import edited, load, refusal

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("cells", "mistakes"),
    [
        ({"standing": "sined"}, [
            "standing “sined”: write one of these, or nothing: prospect, expected, signed, suspended, former",
        ]),
        ({"kind": "clinic"}, [
            "kind “clinic”: write one of these: university, institute, hospital, company, government, foundation,"
            " nonprofit, other",
        ]),
        ({"kind": ""}, ["kind “”: This field cannot be blank."]),
        ({"name": " "}, ["name “ ”: This field cannot be blank."]),
        ({"name": "A\u202eB"}, [
            "name “A\\u202eB”: Character 2 is invisible (U+202E). Delete it and type the text again there.",
        ]),
        ({"country": "kz"}, ["country “kz”: write a country's ISO 3166-1 code, for example KZ, or nothing"]),
        ({"country": "KZ"}, ["country “KZ”: city: This city lies in another country than the one chosen."]),
        ({"latitude": "1e1", "longitude": "49°"}, [
            "latitude “1e1”: write degrees as 55.79, or nothing",
            "longitude “49°”: write degrees as 55.79, or nothing",
        ]),
        ({"latitude": "91"}, [
            "latitude “91”: Latitude lies between -90 and 90 degrees, longitude between -180 and 180.",
        ]),
        ({"longitude": ""}, ["longitude “”: A point needs both latitude and longitude, or neither."]),
        ({"expected_on": "11/12/2026"}, [
            "expected_on “11/12/2026”: write the day as 2026-11-22 or 22.11.2026, or nothing",
        ]),
        ({"signed_on": "30.02.2026"}, [
            "signed_on “30.02.2026”: write the day as 2026-11-22 or 22.11.2026, or nothing",
        ]),
        ({"signed_on": "2026-11-22", "standing": "expected"}, [
            "standing “expected”, signed_on “2026-11-22”: A signing or last day belongs to an agreement that is signed,"
            " suspended or former.",
        ]),
        ({"verified_on": "2999-01-01"}, ["verified_on “2999-01-01”: The day of the confirmation lies in the future."]),
        ({"website": "javascript:alert(1)"}, ["website “javascript:alert(1)”: Enter a valid URL."]),
        ({"founded": "1804.5"}, ["founded “1804.5”: write the year as 1804, or nothing"]),
        ({"founded": "499"}, [
            "founded “499”: Ensure this value is greater than or equal to 500.",
        ]),
        ({"roles": "vektor (planned)"}, [
            "roles “vektor (planned)”: write roles as “code (state); code (state)”. Codes: vector. States: operational,"
            " planned, paused, ended, not_stated",
        ]),
        ({"roles": "vector (planned); vector (ended)"}, [
            "roles “vector (planned); vector (ended)”: one role, one state: delete the others of vector",
        ]),
        ({"roles": "vector\\; (planned)"}, [
            "roles “vector\\; (planned)”: write roles as “code (state); code (state)”. Codes: vector. States:"
            " operational, planned, paused, ended, not_stated",
        ]),
        ({"slug": "kfuu"}, ["slug “kfuu”: no institution has this address: correct it, or delete the row"]),
        ({"slug": ""}, [
            "slug “”, url “http://testserver/institutions/kfu/”: one is empty and the other is not: put the address"
            " back",
        ]),
        ({"country": ""}, [
            "country “”, country_name “Russia”: one is empty and the other is not: put back “RU”, or empty both",
        ]),
        ({"country_name": ""}, [
            "country_name “”, country “RU”: one is empty and the other is not: put back “Russia”, or empty both",
        ]),
        ({"native_name": "КФУ"}, [
            "native_name “КФУ”: this is edited in the admin: put back “=КГУ”, or delete the column",
        ]),
        ({"acronym": "KFU"}, ["acronym “KFU”: this is edited in the admin: put back “nothing”, or delete the column"]),
        ({"ror_id": "1"}, ["ror_id “1”: this is edited in the admin: put back “nothing”, or delete the column"]),
        ({"city": "Almaty"}, ["city “Almaty”: this is edited in the admin: put back “Kazan”, or delete the column"]),
        ({"labs": ""}, ["labs “”: this is edited in the admin: put back “One; Two\\; three”, or delete the column"]),
        ({"url": "https://example.org/institutions/k/"}, [
            "url “https://example.org/institutions/k/”: this follows from the slug, which is edited in the admin: put"
            " back “/institutions/kfu/”",
        ]),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_nothing_is_written(cells, mistakes):
    kazan = make_city(name="Kazan", country=make_country("RU"), latitude=55.79, longitude=49.12)
    institution = make_institution(slug="kfu", city=kazan)
    make_name(institution, value="=КГУ")
    for name in ("One", "Two; three"):
        make_lab(institution, name=name)
    make_role(code="vector")
    assert refusal(edited("kfu", **cells)) == [f"line 2, {mistake}" for mistake in mistakes]
    assert refusal(edited("kfu", **cells), dry_run=True) == [f"line 2, {mistake}" for mistake in mistakes]


def test_every_mistake_of_a_file_is_told_in_the_order_of_its_lines():
    for slug in ("a", "b", "c"):
        make_institution(slug=slug, name=slug.upper())
    make_institution(slug="draft", is_published=False)
    make_former_slug(Institution.objects.get(slug="a"), slug="old-a")
    lines = [
        "slug,name,standing,signed_on",
        "a,Changed,,",
        "b,B,signd,2026-13-01",
        "old-a,A,,",
        "draft,,,",
        "c,C",
        "c,,former,2026-01-01",
        "nowhere,,,",
    ]
    assert refusal("\n".join(lines).encode()) == [
        "line 3, standing “signd”: write one of these, or nothing: prospect, expected, signed, suspended, former",
        "line 3, signed_on “2026-13-01”: write the day as 2026-11-22 or 22.11.2026, or nothing",
        "line 4, slug “old-a”: line 2 is of the same institution: delete one",
        "line 5, slug “draft”: this is a draft, which is edited in the admin: delete the row",
        "line 6: the row has 2 cells and the header 4: put the delimiters right",
        "line 7, name “”: This field cannot be blank.",
        "line 8, slug “nowhere”: no institution has this address: correct it, or delete the row",
    ]


def test_what_was_right_above_a_mistake_is_not_written():
    for slug in ("a", "b"):
        make_institution(slug=slug, name=slug.upper())
    assert refusal(b"slug,name\na,Changed\nb,\n") == ["line 3, name “”: This field cannot be blank."]


def test_no_more_than_fifty_mistakes_are_shown_and_all_are_counted():
    with pytest.raises(CommandError, match="has 60 mistakes") as refused:
        load(b"slug\n" + b"x\n" * 60)
    _head, *lines = str(refused.value).splitlines()
    assert (SHOWN, len(lines), lines[-1]) == (50, 51, "- and 10 more")


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        (b"", "line 1: the file begins with no names of columns: download the list anew"),
        (b"\n\n", "line 1: the file begins with no names of columns: download the list anew"),
        (b"name,kind\n", "line 1: the column “slug” is missing: it says whose a row is"),
        (b"slug,Standing\n", "line 1: the list has no column “Standing”: delete it"),
        (b"slug;;name\n", "line 1: the list has no column “”: delete it"),
        (b"sep=;\nslug;Name\n", "line 1: the list has no column “Name”: delete it"),
        (b"slug,slug\n", "line 1: the column “slug” stands here twice: delete one"),
        (b"PK\x03\x04\x14\x00", "line 1: this workbook cannot be read: save it again as “Excel workbook (.xlsx)”"),
        (b'{"count": 0}', "line 1: this JSON is no list of ours: download the list anew"),
        (b" [1]", "line 1: this JSON is no list of ours: download the list anew"),
        (b'{"results": [{"slug": ["a", 1]}]}', "line 1: this JSON is no list of ours: download the list anew"),
        ("slug,name\na,A\na,Universität\n".encode("cp1252"), "line 3: this is not UTF-8: save the file as “CSV UTF-8”"),
        ("slug,name\n".encode("utf-16")[:-1], "line 1: this is not UTF-16: save the file as “CSV UTF-8”"),
        (b"s\0l\0u\0g\0\n\0", "line 1: a NUL byte stands here, as in no text: save the file as “CSV UTF-8”"),
        (b"slug,name\na,A\x00\n", "line 2: a NUL byte stands here, as in no text: save the file as “CSV UTF-8”"),
        (b"slug,name\na," + b"x" * 3_000_000, "line 2: this is no CSV (field larger than field limit (131072)): save"
         " the file from a spreadsheet again"),
        (b'slug,name\na,"A\n' + b"x\n" * 3_000_000, "line 2: this is no CSV (field larger than field limit (131072)):"
         " save the file from a spreadsheet again"),
        (b'slug,name\na,"A', "line 2: this is no CSV (unexpected end of data): save the file from a spreadsheet again"),
        (b"slug,name\na,A,B\n", "line 2: the row has 3 cells and the header 2: put the delimiters right"),
        (b"slug,name\na," + b"x" * 130_000, f"line 2, name “{'x' * 60}…”: Ensure this value has at most 300 characters"
         " (it has 130000)."),
        (b"slug,name\na,\x1b[2J\n", "line 2, name “\\x1b[2J”: Character 1 is invisible (U+001B). Delete it and type the"
         " text again there."),
        (b"slug,founded\na," + b"9" * 5000, f"line 2, founded “{'9' * 60}…”: write the year as 1804, or nothing"),
        (b"slug,country\na,=cmd|' /C calc'!A0\n", "line 2, country “=cmd|' /C calc'!A0”: write a country's ISO 3166-1"
         " code, for example KZ, or nothing"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_in_one_sentence(content, mistake):
    csv.field_size_limit(10_000_000)  # as other code of the process may
    make_institution(slug="a", name="A")
    assert refusal(content) == [mistake]


def test_a_file_that_cannot_be_read_is_said_to_be(tmp_path):
    for file, reason in [(tmp_path / "absent.csv", "No such file or directory"), (tmp_path, "Is a directory")]:
        with pytest.raises(CommandError) as refused:
            call_command("import_list", file)
        assert str(refused.value) == f"{file} cannot be read: {reason}."
