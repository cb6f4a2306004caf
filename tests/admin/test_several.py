"""One change of many rows: the preview, what is written, what stands against it."""

import pytest

from partners.models import Institution, Operation
from tests.admin.test_file_imports import undo_last
from tests.support.changes import edit
from tests.support.editor import listing, member
from tests.support.factories import make_city, make_institution, make_participation, make_role

pytestmark = pytest.mark.django_db
SEVERAL = "/admin/partners/institution/several/"


@pytest.fixture
def editor(client):
    return member("Coordinators", client)


def write(editor, form):
    """Press the button below the preview of a form."""
    shown = editor.post(SEVERAL, form).context["several"].digest
    return editor.post(SEVERAL, form | {"shown": shown, "write": "1"})


def test_ticked_rows_are_changed_after_a_preview_and_taken_back(editor):
    role = make_role(code="vector", name="Vector")
    rows = [make_institution(name=name, slug=name.lower()) for name in ("Apple", "Birch")]
    make_institution(name="Cedar", slug="cedar", standing="signed", signed_on="2026-01-01")
    keys = [str(row.pk) for row in rows]
    page = editor.post(listing(Institution), {"action": "change_several", "_selected_action": keys})
    assert "2 entries are chosen" in page.text
    form = {
        "keys": ",".join(keys),
        "standing": "expected",
        "expected_on": "2027-01-31",
        "role": "vector",
        "state": "planned",
    }
    page = editor.post(SEVERAL, form)
    assert [str(entry) for entry, _differences in page.context["shown"]] == ["Apple", "Birch"]
    assert ("–", "expected") in [difference[1:] for difference in page.context["shown"][0][1]]
    assert not Institution.objects.filter(standing="expected").exists()
    write(editor, form)
    assert set(Institution.objects.filter(standing="expected").values_list("slug", flat=True)) == {"apple", "birch"}
    assert [one.role_id for one in rows[0].participations.all()] == [role.pk]
    [done] = Operation.objects.filter(kind="bulk")
    assert done.user.username == "Coordinators"
    assert {record.operation_id for record in rows[0].history.all()[:1]} == {done.pk}
    undo_last(editor)
    assert not Institution.objects.filter(standing="expected").exists()
    assert not rows[0].participations.exists()


def test_rows_that_cannot_change_are_named_and_left(editor):
    signed = make_institution(name="Signed", slug="signed", standing="signed", signed_on="2026-01-01")
    plain = make_institution(name="Plain", slug="plain")
    form = {"keys": f"{signed.pk},{plain.pk}", "standing": "prospect", "state": "planned"}
    page = editor.post(SEVERAL, form)
    [(entry, reason)] = page.context["refused"]
    assert (entry, reason[:30]) == (signed, "A signing or last day belongs ")
    write(editor, form)
    assert dict(Institution.objects.values_list("slug", "standing")) == {"signed": "signed", "plain": "prospect"}


def test_values_are_emptied_where_that_is_ticked(editor):
    city = make_city()
    row = make_institution(city=city, country=city.country, standing="signed", signed_on="2026-01-01")
    form = {"keys": str(row.pk), "state": "planned", "emptied": ["city", "standing", "signed_on"]}
    page = editor.post(SEVERAL, form)
    [(_entry, differences)] = page.context["shown"]
    assert [after for _name, _before, after in differences] == ["–", "–", "–"]
    write(editor, form)
    row.refresh_from_db()
    assert (row.city, row.country, row.standing, row.signed_on) == (None, city.country, "", None)
    page = editor.post(SEVERAL, form | {"standing": "former", "write": "1"})
    assert page.context["form"].errors == {"standing": ["Write a value or empty it, not both."]}
    page = editor.post(SEVERAL, form | {"emptied": ["name"], "write": "1"})
    assert "emptied" in page.context["form"].errors
    undo_last(editor)
    assert Institution.objects.filter(pk=row.pk, city=city, standing="signed", signed_on="2026-01-01").exists()


def test_what_is_written_is_what_was_shown(editor):
    row, other = (make_institution(slug=slug, name=slug, kind="company") for slug in ("a", "b"))
    form = {"keys": f"{row.pk},{other.pk}", "kind": "hospital"}
    shown = editor.post(SEVERAL, form).context["several"].digest
    edit(row, kind="university")
    page = editor.post(SEVERAL, form | {"shown": shown, "write": "1"})
    assert "This is not what was shown before." in page.text
    assert f'name="shown" value="{page.context["several"].digest}"' in page.text
    assert set(Institution.objects.values_list("kind", flat=True)) == {"company", "university"}
    assert editor.post(SEVERAL, form | {"shown": page.context["several"].digest, "write": "1"}).status_code == 302
    assert set(Institution.objects.values_list("kind", flat=True)) == {"hospital"}


def test_a_role_that_is_there_keeps_its_state_unless_one_is_chosen(editor):
    role = make_role(code="vector")
    row, other = (make_institution(slug=slug, name=slug) for slug in ("a", "b"))
    participation = make_participation(row, role, state="operational")
    form = {"keys": f"{row.pk},{other.pk}", "role": "vector"}
    write(editor, form)
    participation.refresh_from_db()
    assert (participation.state, other.participations.get().state) == ("operational", "not_stated")
    write(editor, form | {"state": "not_stated"})
    participation.refresh_from_db()
    assert participation.state == "not_stated"


@pytest.mark.parametrize("keys", ["", "x", "1,", "9" * 400, "1;2", "\0"])
def test_odd_keys_are_refused(editor, keys):
    page = editor.post(SEVERAL, {"keys": keys, "kind": "hospital", "state": "planned", "write": "1"})
    assert page.status_code == 200
    assert page.context["form"].errors


def test_a_form_that_changes_nothing_is_refused(editor):
    page = editor.post(SEVERAL, {"keys": "1", "state": "planned"})
    assert "Say what is to change." in page.text
