"""`import_list`: an exported file comes back as it is or edited, whole or not at all."""

import csv
import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from partners.exports import guard_formula
from partners.imports.list_file import SHOWN
from partners.models import Institution, InstitutionName, Kind, Lab, NameKind, Participation, Role, Standing, State

from .directory import SPARSE_QUESTIONS, make_directory
from .factories import (
    make_city,
    make_country,
    make_former_slug,
    make_institution,
    make_lab,
    make_name,
    make_participation,
    make_role,
)

pytestmark = pytest.mark.django_db

DAYS = ("expected_on", "signed_on", "valid_until", "verified_on")
POINT = ("latitude", "longitude")
TABLES = [Institution, Participation, Institution.history.model, Participation.history.model]
UNCHANGED = ["Changed: 0"]
# What a database can hold and a spreadsheet, a CSV reader or a list in a cell may stumble over.
odd_texts = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20
) | st.text("'\"=+-@;,\\ \t\r\n＝aЯ中\ufeff\u2028", min_size=1, max_size=8)


def export(client, question=None):
    """Return the list as it is downloaded."""
    return b"".join(client.get("/institutions.csv", question or {}))


def rows_of(content):
    """Return header and rows of a file, cells as they stand there."""
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return header, rows


def written(header, rows, *, delimiter=",", quoting=csv.QUOTE_MINIMAL, end="\r\n", mark=True):
    """Return a file as some spreadsheet saves it."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows([header, *rows])
    return ("\ufeff" * mark + text.getvalue()).encode()


def in_russian(header, row):
    """Return a row as a Russian Excel shows and saves it: days and decimals in its way."""
    cells = dict(zip(header, row, strict=True))
    for name in DAYS:
        if cells.get(name):
            cells[name] = datetime.date.fromisoformat(cells[name]).strftime("%d.%m.%Y")
    for name in POINT:
        cells[name] = cells.get(name, "").replace(".", ",")
    return [cells[name] for name in header]


@pytest.fixture
def load(tmp_path):
    """Return a function that imports the bytes of a file and returns the lines that are printed."""

    def load(content, **options):
        file = tmp_path / "list.csv"
        file.write_bytes(content)
        printed = io.StringIO()
        call_command("import_list", file, stdout=printed, **options)
        return printed.getvalue().splitlines()

    return load


@pytest.fixture
def refusal(load):
    """Return a function that imports a file, which is refused, and returns the mistakes; nothing is written."""

    def refusal(content, **options):
        before = contents()
        with pytest.raises(CommandError) as refused:
            load(content, **options)
        head, *lines = str(refused.value).splitlines()
        assert "nothing was written:" in head
        assert contents() == before
        return [line.removeprefix("- ") for line in lines]

    return refusal


@pytest.fixture
def edited(client):
    """Return a function that exports the list with cells of one institution replaced: `edited("kfu", standing="…")`."""

    def edited(slug, /, **cells):
        header, rows = rows_of(export(client))
        changed = [dict(zip(header, row, strict=True)) for row in rows]
        for row in changed:
            if row["slug"] == slug:
                row |= cells
        return written(header, [list(row.values()) for row in changed])

    return edited


def contents():
    """Return all rows of the tables that a file changes."""
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


def rolled_back(check):
    """Return a check that leaves no rows."""

    def alone(*args, **fields):
        with transaction.atomic():
            check(*args, **fields)
            transaction.set_rollback(True)

    return alone


# Unchanged


def test_an_exported_file_reports_no_change_whatever_the_directory(client, load):
    @settings(max_examples=15)
    @given(
        seed=st.integers(0, 10**6),
        question=SPARSE_QUESTIONS,
        texts=st.lists(odd_texts, min_size=6, max_size=6),
        points=st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=3, max_size=3),
    )
    @rolled_back
    def check(seed, question, texts, points):
        make_directory(seed, institutions=8)
        with_odd_values(texts, points)
        before = contents()
        whole, part = export(client), export(client, question)
        for content in (whole, part):
            number = len(rows_of(content)[1])
            assert load(content) == [f"Read: {number}", f"Unchanged: {number}", "Changed: 0"]
        assert contents() == before

    check()


def with_odd_values(texts, points):
    """Give some entries values that an import or plain SQL could have left."""
    keys = list(Institution.objects.values_list("pk", flat=True)[: len(texts)])
    for key, text in zip(keys, texts, strict=True):
        Institution.objects.filter(pk=key).update(name=text, website=text)
        InstitutionName.objects.create(institution_id=key, value=text, kind=NameKind.ACRONYM)
        Lab.objects.create(institution_id=key, name=text, slug="odd")
    for key, (latitude, longitude) in zip(keys, points, strict=False):
        Institution.objects.filter(pk=key).update(latitude=latitude, longitude=longitude)
    Institution.objects.filter(pk=keys[0]).update(
        standing=Standing.SIGNED, signed_on=datetime.date(2020, 2, 29), valid_until=datetime.date(9999, 12, 31)
    )


def test_a_file_that_a_spreadsheet_has_saved_reports_no_change(client, load):
    @settings(max_examples=15)
    @given(
        seed=st.integers(0, 10**6),
        delimiter=st.sampled_from(",;\t"),
        quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        end=st.sampled_from(["\r\n", "\n"]),
        mark=st.booleans(),
        is_russian=st.booleans(),
        order=st.randoms(use_true_random=False),
    )
    @rolled_back
    def check(seed, is_russian, order, **form):
        make_directory(seed, institutions=8)
        header, rows = rows_of(export(client))
        if is_russian:
            rows = [in_russian(header, row) for row in rows]
        places = order.sample(range(len(header)), order.randint(1, len(header)))
        places = [header.index("slug"), *(place for place in places if header[place] != "slug")]
        order.shuffle(rows)
        content = written([header[at] for at in places], [[row[at] for at in places] for row in rows], **form)
        assert load(content)[2:] == UNCHANGED

    check()


def test_a_header_alone_is_a_list_without_rows(client, load):
    assert load(export(client)) == ["Read: 0", "Unchanged: 0", "Changed: 0"]


def test_lines_without_text_are_passed_over(load):
    make_institution(slug="a", name="A")
    assert load(b"slug,name\n\na,A\n,\n\n") == ["Read: 1", "Unchanged: 1", "Changed: 0"]


def test_a_former_address_leads_to_its_institution(client, load, edited):
    institution = make_institution(slug="before", name="Somebody")
    content = edited("before")
    institution.slug = "now"
    institution.save()
    assert load(content)[2:] == UNCHANGED
    assert load(content.replace(b"Somebody", b"Anybody"))[2:] == ["Changed: 1", "now: name: Somebody → Anybody"]
    assert Institution.objects.get().slug == "now"


def test_an_entry_that_left_the_lists_is_read_like_another(load, edited):
    make_institution(slug="closed")
    content = edited("closed")
    Institution.objects.update(status="inactive")
    assert load(content)[2:] == UNCHANGED


# Edited


def test_an_edited_file_is_what_the_next_export_says(client, load):
    @settings(max_examples=15)
    @given(seed=st.integers(0, 10**6), choose=st.randoms(use_true_random=False))
    @rolled_back
    def check(seed, choose):
        make_directory(seed, institutions=8)
        header, rows = rows_of(export(client))
        edited_rows = [edit(dict(zip(header, row, strict=True)), choose) for row in rows]
        content = written(header, [list(row.values()) for row in edited_rows])
        number = sum(list(row.values()) != before for row, before in zip(edited_rows, rows, strict=True))
        assert load(content, dry_run=True)[2] == f"Changed: {number}"
        assert rows_of(export(client)) == (header, rows)
        assert load(content)[2] == f"Changed: {number}"
        again = export(client)
        assert sorted(again.splitlines()) == sorted(content.splitlines())
        assert load(again)[2:] == load(content)[2:] == UNCHANGED

    check()


AGREEMENTS = [
    {"standing": "", "expected_on": "", "signed_on": "", "valid_until": ""},
    {"standing": "expected", "expected_on": "2027-03-01", "signed_on": "", "valid_until": ""},
    {"standing": "signed", "expected_on": "", "signed_on": "2026-02-28", "valid_until": "2030-12-31"},
]


def edit(row, choose):
    """Return a row with some cells as an editor may write them."""
    changes = [
        choose.choice(AGREEMENTS),
        {"name": guard_formula(choose.choice(["Changed, “Ltd”", "=Институт", "'-1", "a;b"]))},
        {"kind": choose.choice(Kind.values)},
        {"latitude": str(choose.randint(-89, 89) + 0.25), "longitude": str(choose.randint(-179, 179) + 0.125)},
        {"website": choose.choice(["", "https://example.org/a;b?c=,"])},
        {"founded": choose.choice(["", "1804"])},
        {"verified_on": choose.choice(["", "2026-01-31"])},
        {"roles": edited_roles(row, choose)},
    ]
    for change in choose.sample(changes, choose.choice([0, 0, 1, 2, len(changes)])):
        row = row | change
    return row


def edited_roles(row, choose):
    """Return other roles for a row; where labs have some, the same."""
    if Participation.objects.filter(institution__slug=row["slug"]).exclude(lab=None).exists():
        return row["roles"]
    codes = [code for code in Role.objects.values_list("code", flat=True) if choose.random() < 0.5]
    return "; ".join(f"{code} ({choose.choice(State.values)})" for code in codes)


def test_every_changed_cell_is_told_and_on_record(client, load, edited):
    make_institution(slug="kfu", name="KFU", standing="prospect")
    content = edited("kfu", name="Kazan Federal University", standing="signed", signed_on="24.11.2026", founded="1804")
    told = [
        "Read: 1",
        "Unchanged: 0",
        "Changed: 1",
        "kfu: name: KFU → Kazan Federal University",
        "kfu: standing: prospect → signed",
        "kfu: signed_on: nothing → 2026-11-24",
        "kfu: founded: nothing → 1804",
    ]
    before = contents()
    assert load(content, dry_run=True) == told
    assert contents() == before
    assert load(content) == told
    institution = Institution.objects.get()
    assert (institution.name, institution.sort_key) == ("Kazan Federal University", "kazan federal university")
    assert (institution.standing, institution.signed_on) == ("signed", datetime.date(2026, 11, 24))
    record = institution.history.latest("history_id")
    assert (record.history_type, record.history_change_reason) == ("~", "Imported from list.csv")
    assert (record.standing, institution.history.count()) == ("signed", 2)
    assert load(content)[2:] == UNCHANGED
    assert institution.history.count() == 2


def test_pages_and_feed_tell_of_it(client, load, edited):
    make_institution(slug="kfu", name="KFU", standing="prospect")
    load(edited("kfu", standing="expected"))
    for address in ("/changes/", "/changes.atom", "/institutions/kfu/"):
        assert "agreement expected" in client.get(address).content.decode(), address
    assert len(rows_of(export(client, {"standing": "expected"}))[1]) == 1


def test_file_of_a_long_name_that_is_no_text_is_on_record(tmp_path):
    make_institution(slug="a", name="A")
    file = tmp_path / (b"\xff" + b"x" * 200).decode(errors="surrogateescape")
    file.write_text("slug,name\na,B\n")
    call_command("import_list", file, stdout=io.StringIO())
    reason = Institution.history.latest("history_id").history_change_reason
    assert reason == f"Imported from ?{'x' * 85}"


def test_roles_of_the_institution_are_added_changed_and_taken_away(client, load, edited):
    institution = make_institution(slug="kfu")
    vector, clinic, funder = (make_role(code=code) for code in ("vector", "clinic", "funder"))
    kept = make_participation(institution, vector, state="planned", note="Since a long time")
    make_participation(institution, clinic, state="paused")
    load(edited("kfu", roles="funder (not_stated);vector (operational)"))
    kept.refresh_from_db()
    assert (kept.state, kept.note) == ("operational", "Since a long time")
    assert set(institution.participations.values_list("role", "state", "lab")) == {
        ("vector", "operational", None),
        (funder.code, "not_stated", None),
    }
    records = Participation.history.filter(history_change_reason="Imported from list.csv")
    assert set(records.values_list("role", "history_type")) == {("vector", "~"), ("clinic", "-"), ("funder", "+")}
    assert load(edited("kfu"))[2:] == UNCHANGED


def test_roles_that_no_lab_has_are_told_apart_from_those_of_labs(client, load, edited, refusal):
    institution = make_institution(slug="kfu")
    lab = make_lab(institution)
    for code in ("vector", "clinic", "funder"):
        make_role(code=code)
    make_participation(institution, Role(code="vector"), state="planned")
    make_participation(institution, Role(code="vector"), lab, state="planned")
    make_participation(institution, Role(code="clinic"), state="planned")
    load(edited("kfu", roles="vector (planned); funder (planned); clinic (paused)"))
    own = institution.participations.filter(lab=None).values_list("role", "state")
    assert set(own) == {("vector", "planned"), ("clinic", "paused"), ("funder", "planned")}
    doubt = "a lab has this role too, so it is edited in the admin: put back what stood here of vector"
    for cell in ("funder (planned); clinic (paused)", "vector (paused); clinic (paused); funder (planned)"):
        assert refusal(edited("kfu", roles=cell)) == [f"line 2, roles “{cell}”: {doubt}"]


def test_a_coordinate_takes_the_city_s_other_one_along(client, load, edited, refusal):
    make_institution(slug="kfu", city=make_city(latitude=55.79, longitude=49.12))
    load(edited("kfu", latitude="55,8"))
    institution = Institution.objects.get()
    assert (institution.latitude, institution.longitude) == (55.8, 49.12)
    assert load(edited("kfu"))[2:] == UNCHANGED
    assert refusal(edited("kfu", latitude="", longitude="")) == [
        "line 2, latitude “”, longitude “”: without a point the city's is shown: delete it in the admin"
    ]
    assert refusal(b"slug,latitude\nkfu,1\n") == [
        "line 2, latitude “1”: both columns of a point are needed: download the list anew"
    ]


def test_a_point_is_taken_away_where_its_city_has_none(load, edited):
    make_institution(slug="kfu", city=make_city(), latitude=1, longitude=2)
    load(edited("kfu", latitude="", longitude=""))
    assert Institution.objects.get().point is None


def test_a_country_s_name_may_follow_its_code(client, load, edited, refusal):
    make_institution(slug="kfu", country=make_country("KZ"))
    content = edited("kfu", country="RU", country_name="Russia")
    load(content)
    assert export(client) == content
    assert refusal(edited("kfu", country_name="Kazakhstan")) == [
        "line 2, country_name “Kazakhstan”: this follows from “country”: write a code there, and put back “Russia”"
    ]


# Refused


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
        ({"expected_on": "11/22/2026"}, [
            "expected_on “11/22/2026”: write the day as 2026-11-22 or 22.11.2026, or nothing",
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
        ({"founded": "1804.0"}, ["founded “1804.0”: write the year as 1804, or nothing"]),
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
        ({"slug": ""}, ["slug “”: no institution has this address: correct it, or delete the row"]),
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
def test_a_mistake_is_told_with_its_place_and_nothing_is_written(edited, refusal, cells, mistakes):
    kazan = make_city(name="Kazan", country=make_country("RU"), latitude=55.79, longitude=49.12)
    institution = make_institution(slug="kfu", city=kazan)
    make_name(institution, value="=КГУ")
    for name in ("One", "Two; three"):
        make_lab(institution, name=name)
    make_role(code="vector")
    assert refusal(edited("kfu", **cells)) == [f"line 2, {mistake}" for mistake in mistakes]
    assert refusal(edited("kfu", **cells), dry_run=True) == [f"line 2, {mistake}" for mistake in mistakes]


def test_every_mistake_of_a_file_is_told_in_the_order_of_its_lines(refusal):
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


def test_no_more_than_fifty_mistakes_are_shown_and_all_are_counted(load):
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
        (b"slug;name;\n", "line 1: the list has no column “”: delete it"),
        (b"slug,slug\n", "line 1: the column “slug” stands here twice: delete one"),
        (b"PK\x03\x04\x14\x00", "line 1: this is an XLSX file, and CSV is wanted: save it as “CSV UTF-8”"),
        (b'{"count": 0}', "line 1: this is JSON, and CSV is wanted: download the list as CSV"),
        (b" [1]", "line 1: this is JSON, and CSV is wanted: download the list as CSV"),
        ("slug,name\na,A\na,Имя\n".encode("cp1251"), "line 3: this is not UTF-8: save the file as “CSV UTF-8”"),
        ("slug,name\n".encode("utf-16"), "line 1: this is not UTF-8: save the file as “CSV UTF-8”"),
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
def test_a_file_that_is_no_list_is_refused_in_one_sentence(refusal, content, mistake):
    make_institution(slug="a", name="A")
    assert refusal(content) == [mistake]


def test_a_formula_that_somebody_types_is_a_text_and_guarded_again(client, load):
    make_institution(slug="a", name="A")
    load(b"slug,name\na,=1+1\n")
    assert Institution.objects.get().name == "=1+1"
    assert b"\r\n'=1+1,,," in export(client)


def test_a_file_that_cannot_be_read_is_said_to_be(tmp_path):
    for file, reason in [(tmp_path / "absent.csv", "No such file or directory"), (tmp_path, "Is a directory")]:
        with pytest.raises(CommandError) as refused:
            call_command("import_list", file)
        assert str(refused.value) == f"{file} cannot be read: {reason}."


# The work


def test_reading_takes_the_same_queries_for_any_number_of_rows(client, load):
    make_directory(seed=1, institutions=20)
    numbers = []
    for _time in range(2):
        content = export(client)
        with CaptureQueriesContext(connection) as queries:
            assert load(content)[2:] == UNCHANGED
        numbers.append(len(queries))
        for institution in Institution.objects.all():
            make_participation(make_lab(make_institution(city=institution.city)).institution)
    assert numbers[0] == numbers[1] <= 20


def test_rows_are_compared_in_chunks_of_any_size(client, load, monkeypatch):
    make_directory(seed=1, institutions=20)
    content = export(client)
    monkeypatch.setattr("partners.imports.list_import.CHUNK_SIZE", 3)
    assert load(content)[2:] == UNCHANGED
    renamed = content.replace(b"National University", b"Another University")
    assert load(renamed)[2] == f"Changed: {renamed.count(b'Another University')}"
