"""`import_list`: an exported file comes back as it is or edited."""

import csv
import datetime
import io

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from partners.exports import guard_formula
from partners.models import Institution, InstitutionName, Kind, Lab, NameKind, Participation, Role, Standing, State
from tests.support.directory import SPARSE_QUESTIONS, make_directory
from tests.support.factories import make_country, make_institution, make_lab, make_participation
from tests.support.list_file import contents, edited, export, facts, load, rows_of, written

pytestmark = pytest.mark.django_db

DAYS = ("expected_on", "signed_on", "valid_until", "verified_on")
POINT = ("latitude", "longitude")
UNCHANGED = ["Changed: 0"]
# What a database can hold and a spreadsheet, a CSV reader or a list in a cell may stumble over.
odd_texts = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20
) | st.text("'\"=+-@;,\\ \t\r\n＝aЯ中\ufeff\u2028", min_size=1, max_size=8)


def in_russian(header, row):
    """Return a row as a Russian Excel shows and saves it: days and decimals in its way."""
    cells = dict(zip(header, row, strict=True))
    for name in DAYS:
        if cells.get(name):
            cells[name] = datetime.date.fromisoformat(cells[name]).strftime("%d.%m.%Y")
    for name in POINT:
        cells[name] = cells.get(name, "").replace(".", ",")
    return [cells[name] for name in header]


def rolled_back(check):
    """Return a check that leaves no rows."""

    def alone(*args, **fields):
        with transaction.atomic():
            check(*args, **fields)
            transaction.set_rollback(True)

    return alone


# Unchanged


def test_an_exported_file_reports_no_change_whatever_the_directory():
    @settings(max_examples=15)
    @given(
        seed=st.integers(0, 10**6),
        question=SPARSE_QUESTIONS.map(lambda drawn: drawn | {"q": []}),  # a search is another matter
        texts=st.lists(odd_texts, min_size=6, max_size=6),
        points=st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=3, max_size=3),
    )
    @rolled_back
    def check(seed, question, texts, points):
        make_directory(seed, institutions=8)
        with_odd_values(texts, points)
        before = contents()
        whole, part = export(), export(question)
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


def test_a_file_that_a_spreadsheet_has_saved_reports_no_change():
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
        header, rows = rows_of(export())
        if is_russian:
            rows = [in_russian(header, row) for row in rows]
        places = order.sample(range(len(header)), order.randint(1, len(header)))
        places = [header.index("slug"), *(place for place in places if header[place] != "slug")]
        order.shuffle(rows)
        content = written([header[at] for at in places], [[row[at] for at in places] for row in rows], **form)
        assert load(content)[2:] == UNCHANGED

    check()


def test_a_header_alone_is_a_list_without_rows():
    assert load(export()) == ["Read: 0", "Unchanged: 0", "Changed: 0"]


def test_lines_without_text_are_passed_over():
    make_institution(slug="a", name="A")
    assert load(b"slug,name\n\na,A\n,\n\n") == ["Read: 1", "Unchanged: 1", "Changed: 0"]


def test_a_former_address_leads_to_its_institution():
    institution = make_institution(slug="before", name="Somebody")
    content = edited("before")
    institution.slug = "now"
    institution.save()
    assert load(content)[2:] == UNCHANGED
    assert load(content.replace(b"Somebody", b"Anybody"))[2:] == ["Changed: 1", "now: name: Somebody → Anybody"]
    assert Institution.objects.get().slug == "now"


def test_an_entry_that_left_the_lists_is_read_like_another():
    make_institution(slug="closed")
    content = edited("closed")
    Institution.objects.update(status="inactive")
    assert load(content)[2:] == UNCHANGED


# Edited


def test_an_edited_file_is_what_the_next_export_says():
    @settings(max_examples=15)
    @given(seed=st.integers(0, 10**6), choose=st.randoms(use_true_random=False))
    @rolled_back
    def check(seed, choose):
        make_directory(seed, institutions=8)
        header, rows = rows_of(export())
        edited_rows = [edit(dict(zip(header, row, strict=True)), choose) for row in rows]
        content = written(header, [list(row.values()) for row in edited_rows])
        number = sum(list(row.values()) != before for row, before in zip(edited_rows, rows, strict=True))
        assert load(content, dry_run=True)[2] == f"Changed: {number}"
        assert rows_of(export()) == (header, rows)
        assert load(content)[2] == f"Changed: {number}"
        again = export()
        assert facts(again) == facts(content)
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


def test_every_changed_cell_is_told_and_on_record():
    make_institution(slug="kfu", name="KFU", standing="prospect")
    content = edited("kfu", name="Kazan Federal University", standing="signed", signed_on="24.11.2026", founded="1804")
    report = [
        "Read: 1",
        "Unchanged: 0",
        "Changed: 1",
        "kfu: name: KFU → Kazan Federal University",
        "kfu: standing: prospect → signed",
        "kfu: signed_on: nothing → 2026-11-24",
        "kfu: founded: nothing → 1804",
    ]
    before = contents()
    assert load(content, dry_run=True) == report
    assert contents() == before
    assert load(content) == report
    institution = Institution.objects.get()
    assert (institution.name, institution.sort_key) == ("Kazan Federal University", "kazan federal university")
    assert (institution.standing, institution.signed_on) == ("signed", datetime.date(2026, 11, 24))
    record = institution.history.latest("history_id")
    assert (record.history_type, record.history_change_reason) == ("~", "Imported from list.csv")
    assert (record.standing, institution.history.count()) == ("signed", 2)
    assert load(content)[2:] == UNCHANGED
    assert institution.history.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_needs_no_more_than_to_read():
    make_institution(slug="a", name="A", country=make_country("KZ"))
    content = edited("a", name="B", country="", country_name="")
    with CaptureQueriesContext(connection) as queries:
        report = load(content, dry_run=True)
    assert {query["sql"].split()[0] for query in queries} <= {"BEGIN", "SELECT", "PREPARE", "EXECUTE", "ROLLBACK"}
    assert Institution.objects.get().name == "A"
    assert load(content) == report
    assert Institution.objects.get().name == "B"


def test_pages_and_feed_tell_of_it(client):
    make_institution(slug="kfu", name="KFU", standing="prospect")
    load(edited("kfu", standing="expected"))
    for address in ("/changes/", "/changes.atom", "/institutions/kfu/"):
        assert "agreement expected" in client.get(address).content.decode(), address
    assert len(rows_of(export({"standing": "expected"}))[1]) == 1


def test_file_of_a_long_name_that_is_no_text_is_on_record(tmp_path):
    make_institution(slug="a", name="A")
    file = tmp_path / (b"\xff" + b"x" * 200).decode(errors="surrogateescape")
    file.write_text("slug,name\na,B\n")
    call_command("import_list", file, stdout=io.StringIO())
    reason = Institution.history.latest("history_id").history_change_reason
    assert reason == f"Imported from ?{'x' * 85}"


# The work


def test_reading_takes_the_same_queries_for_any_number_of_rows():
    make_directory(seed=1, institutions=20)
    numbers = []
    for _time in range(2):
        content = export()
        with CaptureQueriesContext(connection) as queries:
            assert load(content)[2:] == UNCHANGED
        numbers.append(len(queries))
        for institution in Institution.objects.all():
            make_participation(make_lab(make_institution(city=institution.city)).institution)
    assert numbers[0] == numbers[1] <= 20


def test_rows_are_compared_in_chunks_of_any_size(monkeypatch):
    make_directory(seed=1, institutions=20)
    content = export()
    monkeypatch.setattr("partners.imports.edited_list.load.CHUNK_SIZE", 3)
    assert load(content)[2:] == UNCHANGED
    renamed = content.replace(b"National University", b"Another University")
    assert load(renamed)[2] == f"Changed: {renamed.count(b'Another University')}"
