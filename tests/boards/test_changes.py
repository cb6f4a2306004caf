"""What changed: every public field, in words, newest first; nothing of drafts, of persons or of who edits."""

import importlib

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from partners.boards.changes import Timeline
from partners.lists.filters import InstitutionFilter
from partners.models import Institution, Lab, Participation
from tests.support import ror
from tests.support.boards import RANDOM
from tests.support.changes import edit, shown_changes
from tests.support.editor import post
from tests.support.factories import (
    make_city,
    make_consortium,
    make_contact,
    make_country,
    make_institution,
    make_lab,
    make_participation,
    make_role,
)

pytestmark = pytest.mark.django_db


def shown(client):
    """Return all that the page, the feed and the file say."""
    answers = [client.get(address) for address in ("/changes/?size=100", "/changes.atom", "/changes.csv")]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    return "".join(answer.getvalue().decode() for answer in answers)


def test_changes_say_what_was_before_and_what_is_now():
    city = make_city(name="Astana")
    institution = make_institution(name="Center", city=city, kind="hospital")
    lab = make_lab(institution, name="First lab")
    part = make_participation(lab=lab, role=make_role(name="Vector"), state="planned", since="2026-01-01")
    edit(institution, standing="signed", signed_on="2026-02-01", city=None)
    edit(lab, name="Second lab", city=city)
    edit(part, state="operational", until="2027-01-01")

    assert shown_changes() == [
        ("changed", "Vector", ["State: planned → operational", "Until: not stated → 2027-01-01"]),
        ("changed", "Second lab", ["Name: First lab → Second lab", "City: not stated → Astana"]),
        (
            "changed",
            "Center",
            [
                "City: Astana → not stated",
                "Standing: not stated → agreement signed",
                "Signed on: not stated → 2026-02-01",
            ],
        ),
        ("added", "Vector", ["State: planned", "Since: 2026-01-01"]),
        ("added", "First lab", []),
        ("added", "Center", ["Kind: hospital", "Country: Kazakhstan", "City: Astana"]),
    ]


def test_prose_is_said_to_have_changed_but_what_it_said_is_not_shown(client):
    institution = make_institution(summary="Led by Jane Roe")
    part = make_participation(institution, note="Ask Jane Roe")
    edit(institution, summary="Led by John Doe")
    edit(part, note="")

    assert [fields for action, _title, fields in shown_changes() if action == "changed"] == [
        ["Note: text changed"],
        ["Summary: text changed"],
    ]
    assert "Roe" not in shown(client)
    assert "Doe" not in shown(client)


def test_a_save_that_changes_nothing_leaves_no_record():
    institution = make_institution(standing="signed", signed_on="2026-02-01", latitude=1, longitude=2)
    before = Institution.history.count()
    edit(institution)
    institution.save()

    assert Institution.history.count() == before


def test_removed_labs_and_roles_are_told_and_removed_institutions_take_their_changes_along():
    institution = make_institution(name="Center")
    lab = make_lab(institution, name="Lab")
    part = make_participation(institution, make_role(name="Clinic"))
    part.delete()
    lab.delete()
    assert [change[:2] for change in shown_changes()[:2]] == [("removed", "Lab"), ("removed", "Clinic")]

    institution.delete()
    assert shown_changes() == []


def test_drafts_and_what_was_public_before_them_are_never_shown(client):
    draft = make_institution(name="Public before", is_published=False)
    lab = make_lab(draft, name="Secret lab")
    edit(draft, is_published=True)
    edit(draft, is_published=False, name="Secret name")
    edit(lab, name="Secret laboratory")
    assert shown_changes() == []

    edit(draft, name="Public name", is_published=True)
    edit(lab, name="Public lab")

    assert shown_changes() == [
        ("added", "Public lab", []),
        ("added", "Public name", ["Kind: university or school"]),
    ]
    assert "Secret" not in shown(client)


def test_what_comes_from_a_draft_comes_without_its_past(client):
    lab = make_lab(make_institution(name="Secret", is_published=False), name="Secret lab")
    edit(lab, institution=make_institution(name="Center"), name="Lab")

    assert shown_changes()[0] == ("added", "Lab", [])
    assert "Secret" not in shown(client)


def test_a_lab_that_moves_is_added_where_it_comes_to():
    lab = make_lab(make_institution(), name="Lab")
    edit(lab, institution=make_institution(), name="Moved lab")

    assert shown_changes()[0] == ("added", "Moved lab", [])


def test_an_entry_that_is_not_public_is_not_named(client):
    institution = make_institution()
    edit(institution, replaced_by=make_institution(name="Secret", is_published=False))
    edit(institution, replaced_by=None)

    assert shown_changes()[0][2] == ["Replaced by: an entry that is not public → not stated"]
    assert "Secret" not in shown(client)


@RANDOM
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["institution", "lab"])), max_size=8))
def test_no_word_from_before_an_entry_was_last_made_public_is_told(steps):
    Institution.objects.all().delete()
    institution = make_institution(name="name 0", is_published=False)
    lab = make_lab(institution, name="name 1")
    allowed, names, is_published = set(), {"institution": "name 0", "lab": "name 1"}, False
    for number, (publish, renamed) in enumerate(steps, start=2):
        names[renamed] = f"name {number}"
        edit(lab, name=names["lab"])
        edit(institution, name=names["institution"], is_published=publish)
        if publish:
            allowed = {*names.values(), *(allowed if is_published else ())}
        is_published = publish

    words = " ".join(text for _action, title, fields in shown_changes() for text in (title, *fields))
    assert {name for name in (f"name {n}" for n in range(len(steps) + 2)) if f"{name} " in f"{words} "} <= (
        allowed if is_published else set()
    )


def test_contacts_editors_and_reasons_are_never_shown(client, admin_client):
    institution = make_institution(name="Center")
    make_contact(institution, person="Jane Roe", mail="roe@example.org")
    institution._change_reason = "Secret reason"
    institution.save()
    assert post(admin_client, Institution, institution, name="Renamed center").status_code == 302

    record = Institution.history.latest()
    assert (record.name, record.history_user) == ("Renamed center", User.objects.get())
    text = shown(client)
    assert "Renamed center" in text
    assert [word for word in ("Roe", "roe@example.org", "Secret", "admin") if word in text.replace("/admin/", "")] == []


def test_an_import_records_what_it_makes_and_what_it_changes(tmp_path):
    ror.load(ror.write_release(tmp_path, ror.record(1, "First", established=1990), ror.record(2, "Second")))
    ror.load(ror.write_release(tmp_path, ror.record(1, "First", established=1991), ror.record(2, "Second")))

    assert shown_changes() == [
        ("changed", "First", ["Founded: 1990 → 1991"]),
        ("added", "Second", ["Kind: university or school", "Country: Kazakhstan", "City: Astana"]),
        ("added", "First", ["Kind: university or school", "Country: Kazakhstan", "City: Astana"]),
    ]
    assert set(Institution.history.values_list("history_change_reason", flat=True)) == {"ROR"}


def test_rows_from_before_the_history_begin_it_with_what_they_hold():
    lab = make_lab(make_institution(name="Center", kind="hospital"), name="Lab")
    make_participation(lab=lab, role=make_role(name="Vector"), since="2026-01-01")
    before = sorted(shown_changes())
    for model in (Institution, Lab, Participation):
        model.history.all().delete()

    migration = importlib.import_module("partners.migrations.0007_history")
    state = MigrationLoader(connection).project_state(("partners", "0007_history")).apps
    migration.record_present_rows(state, connection.schema_editor())

    assert sorted(shown_changes()) == before
    assert Lab.history.get().history_date == lab.created_at


def test_pages_follow_one_another_without_overlap(client):
    for _number in range(30):
        make_lab()
    pages = [client.get("/changes/", {"page": page}).context["page"].object_list for page in (1, 2, 3)]

    keys = [(change.kind, change.key) for page in pages for change in page]
    assert keys == [(change.kind, change.key) for change in Timeline(InstitutionFilter.asking().results)[:1000]]
    assert len(keys) == len(set(keys)) == 60
    assert client.get("/changes/?page=4").status_code == 404


def test_between_days_the_count_the_page_and_the_file_read_the_records_once():
    make_lab()
    timeline = Timeline(InstitutionFilter.asking().results, timezone.localdate(), timezone.localdate())

    with CaptureQueriesContext(connection) as queries:
        assert timeline.count() == len(timeline[:10]) == len(list(timeline)) == 2
    assert len([query for query in queries if "UNION ALL" in query["sql"]]) == 1


@pytest.mark.parametrize("address", ["/changes/", "/changes.atom"])
def test_queries_do_not_grow_with_the_changes(client, address):
    make_consortium()
    counts = []
    for number in (1, 20):
        for _number in range(number):
            lab = make_lab(make_institution(city=make_city()), city=make_city())
            edit(make_participation(lab=lab), state="ended")
            edit(lab, name="Renamed")
            edit(lab.institution, name="Renamed")
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(sum("partners_historical" in query["sql"] for query in queries))
        counts.append(len(queries))
    # Records: the number (of the page), the newest, then for each of three kinds the history of the rows.
    assert counts[0] == counts[2] == (5 if address == "/changes/" else 4)
    assert counts[1] == counts[3]


def test_the_filter_of_the_lists_chooses_whose_changes(client):
    make_institution(name="Almaty center", country=make_country("KZ"))
    make_institution(name="Kazan center", country=make_country("RU"))

    page = client.get("/changes/?country=KZ")
    assert [change.title for change in page.context["page"]] == ["Almaty center"]
    assert page.context["sentence"] == "Country is Kazakhstan"
    assert 'href="/changes.atom?country=KZ"' in page.content.decode()
    assert "Kazan" not in client.get("/changes.atom?country=KZ").content.decode()


def test_a_lab_that_is_gone_leads_to_its_institution():
    lab = make_lab(make_institution(slug="center"), slug="lab")
    assert Timeline(InstitutionFilter.asking().results)[:1][0].url == "/institutions/center/labs/lab/"

    Lab.objects.get(pk=lab.pk).delete()
    assert {change.url for change in Timeline(InstitutionFilter.asking().results)[:9]} == {"/institutions/center/"}


def test_what_is_gone_keeps_the_name_that_it_had(client):
    city, role = make_city(name="Oldtown"), make_role(name="Vector")
    institution = make_institution(city=city)
    part = make_participation(institution, role)
    edit(institution, city=None)
    for row in (part, role, city):
        row.delete()

    said = shown(client)

    assert "City: Oldtown → not stated" in said
    assert said.count("Vector") >= 3  # page, feed and file
    assert "not public" not in said
