"""Lists that come in by the browser: preview, filters, what is written, who sees it, what is taken back."""

import csv
import io
import re

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from partners.host import lane as lane_of_processes
from partners.imports import uploads
from partners.models import Institution, Lab, Operation
from tests.support.editor import address, member, post
from tests.support.factories import make_institution, make_lab, make_name, make_participation, make_role
from tests.support.list_file import contents, edited, export, rows_of, written
from tests.support.workbook import make_workbook

pytestmark = pytest.mark.django_db
IMPORT = "/admin/partners/institution/import/"


@pytest.fixture
def editor(client):
    return member("Coordinators", client)


def bring(client, content, name="list.csv", url=IMPORT):
    """Bring a file in, and return the page that follows."""
    return client.post(url, {"file": SimpleUploadedFile(name, content)}, follow=True)


def write(client, page, **ticked):
    """Press the button of a preview."""
    return client.post(
        page.redirect_chain[-1][0] if page.redirect_chain else page.request["PATH_INFO"], ticked, follow=True
    )


def shown(page):
    """Return (entry, column, now, in the file) of each row of the preview."""
    return [
        (row["title"], cell["column"], cell["old"], cell["new"])
        for row in page.context["rows"]
        for cell in row["cells"]
    ]


def test_the_answer_to_an_upload_is_the_preview_and_a_button_writes_it(editor):
    make_institution(slug="kfu", name="KFU")
    content = edited("kfu", name="Kazan Federal University", standing="prospect")
    before = contents()
    page = bring(editor, content, "partners.csv")
    assert shown(page) == [
        ("KFU", "name", "KFU", "Kazan Federal University"),
        ("KFU", "standing", "nothing", "prospect"),
    ]
    assert "CSV, UTF-8, “,”" in page.text
    assert contents() == before
    assert "Written. Changed: 1." in write(editor, page).text
    institution = Institution.objects.get()
    assert (institution.name, institution.sort_key) == ("Kazan Federal University", "kazan federal university")
    record = institution.history.latest("history_id")
    assert (record.operation.kind, record.operation.label) == (Operation.Kind.IMPORT, "partners.csv")
    assert (record.history_user.username, record.history_change_reason) == (
        "Coordinators",
        "Imported from partners.csv",
    )
    assert "changes nothing" in bring(editor, export()).text


def test_new_rows_become_entries_with_names_and_roles_and_twins_are_named(editor):
    make_role(code="clinic")
    make_name(make_institution(slug="old", name="City Hospital"), value="Городская больница", language="ru")
    header = ["slug", "name", "kind", "country", "native_name", "name:ru", "roles", "acronym"]
    row = ["", "Gorodskaya bolnitsa", "hospital", "RU", "", "Городская больница", "clinic (planned)", "GB"]
    page = bring(editor, make_workbook([header, row]), "new.xlsx")
    [new] = page.context["rows"]
    assert (new["states"], [slug for _url, slug, _reasons in new["twins"]]) == (["new", "twin"], ["old"])
    assert "XLSX, sheet “institutions”" in page.text
    write(editor, page)
    entry = Institution.objects.exclude(slug="old").get()
    assert (entry.name, entry.slug, entry.country_id, entry.is_published) == (row[1], "gorodskaya-bolnitsa", "RU", True)
    assert set(entry.names.values_list("value", "kind", "language")) == {
        ("Городская больница", "native", "ru"),
        ("GB", "acronym", ""),
    }
    assert list(entry.participations.values_list("role", "state")) == [("clinic", "planned")]
    undo_last(editor)
    entry.refresh_from_db()
    assert not entry.is_published


def test_labs_come_by_their_own_file_and_roles_name_labs(editor):
    kfu = make_institution(slug="kfu", name="KFU")
    make_participation(kfu, make_role(code="vector"), make_lab(kfu, name="Vector lab", slug="vector-lab"))
    labs = b"".join(Client().get("/labs.csv"))
    header, rows = rows_of(labs)
    row = dict(zip(header, rows[0], strict=True)) | {"name": "Vectors", "roles": "vector (operational)"}
    new = dict.fromkeys(header, "") | {"institution_slug": "kfu", "name": "Cell lab", "roles": "vector (planned)"}
    page = bring(editor, written(header, [list(row.values()), list(new.values())]))
    write(editor, page)
    assert set(Lab.objects.values_list("slug", "name")) == {("vector-lab", "Vectors"), ("cell-lab", "Cell lab")}
    states = {("vector-lab", "operational"), ("cell-lab", "planned")}
    assert set(kfu.participations.values_list("lab__slug", "state")) == states
    write(editor, bring(editor, b"slug,roles\nkfu,vector (paused) @ cell-lab; vector (operational)\n"))
    assert set(kfu.participations.values_list("lab__slug", "state")) == {
        ("vector-lab", "operational"),
        ("cell-lab", "paused"),
    }


def test_what_others_edited_since_stays_unless_it_is_ticked(editor, admin_client):
    for slug in ("a", "b", "c"):
        make_institution(slug=slug, name=slug.upper(), website="https://old.example/")
    content = export()
    for slug in ("a", "b"):
        post(admin_client, Institution, Institution.objects.get(slug=slug), website="https://new.example/")
    header, rows = rows_of(content)
    rows = [
        [cell.replace("C", "Changed") if header[at] == "name" else cell for at, cell in enumerate(row)] for row in rows
    ]
    page = bring(editor, written(header, rows))
    assert [row["states"] for row in page.context["rows"]] == [["meanwhile"], ["meanwhile"], ["changed"]]
    write(editor, page, replace=["2:website"])
    websites = dict(Institution.objects.values_list("slug", "website"))
    assert websites == {"a": "https://old.example/", "b": "https://new.example/", "c": "https://old.example/"}
    assert Institution.objects.get(slug="c").name == "Changed"


def test_what_changed_since_the_preview_is_shown_again_and_not_written(editor, admin_client):
    institution = make_institution(slug="a", name="A", website="https://old.example/")
    page = bring(editor, b"slug,website\na,https://file.example/\n")
    post(admin_client, Institution, institution, website="https://new.example/")
    again = write(editor, page)
    assert "Nothing was written" in again.text
    assert shown(again) == [("A", "website", "https://new.example/", "https://file.example/")]
    institution.refresh_from_db()
    assert institution.website == "https://new.example/"


def test_rows_with_mistakes_are_counted_and_called_by_their_names(editor):
    for slug in ("a", "b", "c", "d"):
        make_institution(slug=slug, name=slug.upper())
    lines = ["slug,name,standing", "a,A,", "b,Other,", "c,C,signd", "nowhere,Nobody,", "d,,signd"]
    page = bring(editor, "\n".join(lines).encode())
    summary = page.context["upload"].summary
    counts = {state: summary[state] for state in ("read", "unchanged", "changed", "new", "mistake")}
    assert counts == {"read": 5, "unchanged": 1, "changed": 2, "new": 0, "mistake": 4}
    mistakes = [(row["line"], row["title"]) for row in page.context["rows"] if row["states"] == ["mistake"]]
    assert mistakes == [(4, "C"), (5, "Nobody"), (6, "d"), (6, "d")]


def test_mistakes_come_back_corrected(editor):
    for slug in ("a", "b"):
        make_institution(slug=slug, name=slug.upper())
    page = bring(editor, b"slug,standing\na,signd\nb,prospect\n")
    assert page.context["counts"][1:] == [("changed", "Changed", 1), ("mistake", "Mistakes", 1)]
    assert ">Write it<" not in page.text
    write(editor, page)
    assert set(Institution.objects.values_list("standing", flat=True)) == {""}
    file = editor.get(page.context["mistakes_url"]).content.decode("utf-8-sig")
    [header, line] = csv.reader(io.StringIO(file))
    assert header == ["slug", "standing", "line", "mistake"]
    assert line[:3] == ["a", "signd", "2"]
    corrected = file.replace("signd", "signed").encode()
    page = bring(editor, corrected, url=page.redirect_chain[-1][0])
    write(editor, page)
    assert dict(Institution.objects.values_list("slug", "standing")) == {"a": "signed", "b": "prospect"}


def test_missing_entries_are_set_aside_only_when_asked(editor):
    make_institution(slug="a", name="A")
    gone = make_institution(slug="gone", name="Gone")
    page = bring(editor, b"slug,name\na,A\n")
    assert page.context["upload"].summary["missing_names"] == ["Gone"]
    write(editor, page)
    assert Institution.objects.filter(is_published=True).count() == 2
    write(editor, bring(editor, b"slug,name\na,A\n"), set_aside="on")
    gone.refresh_from_db()
    assert not gone.is_published


def undo_last(client):
    one = Operation.objects.filter(kind__in=["import", "bulk"]).first()
    return client.post(reverse("admin:partners_institution_undo_one", args=[one.pk]), follow=True)


def test_an_import_is_taken_back_but_for_what_was_edited_since(editor, admin_client):
    vector, clinic = make_role(code="vector"), make_role(code="clinic")
    for slug in ("a", "b"):
        make_participation(make_institution(slug=slug, name=slug.upper()), vector, state="planned")
    content = edited("a", name="Changed", roles="clinic (paused)")
    write(editor, bring(editor, content))
    assert set(Institution.objects.get(slug="a").participations.values_list("role", "state")) == {(clinic.pk, "paused")}
    post(admin_client, Institution, Institution.objects.get(slug="b"), website="https://since.example/")
    write(editor, bring(editor, b"slug,website\na,https://a.example/\nb,https://b.example/\n"))
    post(admin_client, Institution, Institution.objects.get(slug="b"), founded="1900")
    page = undo_last(editor)
    assert "Left as they are, because they were edited since: B" in page.text
    assert dict(Institution.objects.values_list("slug", "website")) == {"a": "", "b": "https://b.example/"}
    first = Operation.objects.filter(kind="import").last()
    page = editor.post(reverse("admin:partners_institution_undo_one", args=[first.pk]), follow=True)
    assert "edited since" in page.text  # by the second import


def test_undo_leaves_every_row_as_it_was(editor):
    role = make_role(code="vector")
    make_role(code="clinic")
    for slug in ("a", "b"):
        make_participation(make_institution(slug=slug, name=slug.upper(), website="https://x.example/"), role)
    before = contents()[:2]
    write(editor, bring(editor, edited("a", name="Changed", website="", roles="clinic (paused)")))
    assert contents()[:2] != before
    assert "1 entry is what it was." in undo_last(editor).text
    assert contents()[:2] == before
    assert "cannot be undone any more" in undo_last(editor).text


def test_only_who_may_write_all_of_it_brings_files_and_only_the_uploader_sees_them(editor):
    make_institution(slug="a", name="A")
    page = bring(editor, b"slug,name\na,B\n")
    url = page.redirect_chain[-1][0]
    other = Client()
    other.force_login(User.objects.create_superuser("other"))
    assert other.get(url).status_code == 404
    assert other.post(url).status_code == 404
    assert other.get(page.context["mistakes_url"]).status_code == 404
    nobody = Client()
    nobody.force_login(User.objects.create(username="viewer", is_staff=True))
    undo = reverse("admin:partners_institution_undo")
    for address_ in (IMPORT, url, undo, reverse("admin:partners_institution_several")):
        assert nobody.get(address_).status_code == 403
        assert Client().get(address_).status_code == 302
    assert Institution.objects.get().name == "A"


def test_files_are_private_and_go_after_a_day(editor, monkeypatch):
    make_institution(slug="a", name="A")
    url = bring(editor, b"slug,name\na,B\n").redirect_chain[-1][0]
    token = re.search(r"import/(.+)/", url)[1]
    folder = uploads.find(token).folder
    assert folder.stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}
    monkeypatch.setattr(uploads, "LASTS", -1)
    assert editor.get(url).status_code == 404
    call_command("tidy")
    assert not folder.exists()


@pytest.mark.parametrize("token", ["x", "..", "a" * 32, "%00", "9" * 5000])
def test_an_odd_token_is_not_found(editor, token):
    assert editor.get(f"{IMPORT}{token}/").status_code == 404
    assert editor.get(f"{IMPORT}{token}/mistakes.csv").status_code == 404


@pytest.mark.parametrize("content", [b"", b"\0", b"PK\x03\x04", b"\xff\xfe", b"{", b"slug\n" + b"x\n" * 2000, b'"'])
def test_an_odd_file_is_answered_by_mistakes(editor, content):
    page = bring(editor, content)
    assert page.status_code == 200
    assert page.context["form"].errors or page.context["upload"].summary["mistake"]


@pytest.mark.parametrize("query", ["show=nonsense", "show=new&p=0", "p=99999999999999999999", "p=x", "p=%00"])
def test_an_odd_filter_shows_the_preview(editor, query):
    make_institution(slug="a", name="A")
    url = bring(editor, b"slug,name\na,B\n").redirect_chain[-1][0]
    assert editor.get(f"{url}?{query}").status_code == 200


def test_a_large_file_is_read_by_a_process_of_its_own(editor, monkeypatch):
    asked = []
    monkeypatch.setattr("partners.admin.file_imports.started", lambda *words: asked.append(words) or object())
    monkeypatch.setattr("partners.admin.file_imports.AT_ONCE_OTHERWISE", 10)
    make_institution(slug="a", name="A")
    with lane_of_processes._lock_of("imports"):  # as the process would
        page = bring(editor, b"slug,name\na,B\n")
    [(lane, command, token)] = asked
    assert (lane, command, page.headers["Refresh"]) == ("imports", "import_upload", "2")
    call_command("import_upload", token)
    page = editor.get(page.redirect_chain[-1][0])
    assert shown(page) == [("A", "name", "A", "B")]
    assert "Refresh" not in page.headers


def test_the_list_leads_to_the_form(editor):
    page = editor.get("/admin/partners/institution/")
    assert f'href="{IMPORT}"' in page.text
    assert address(Institution)
