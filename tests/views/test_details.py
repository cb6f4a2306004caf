"""Pages of one institution and one lab: hidden things stay hidden (rule 6)."""

import re
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.addresses import mailto
from partners.models import Basis, FormerSlug, Lab, Standing, Visibility
from partners.views.details import NEWEST
from tests.support.changes import edit
from tests.support.factories import (
    make_city,
    make_consortium,
    make_contact,
    make_institution,
    make_lab,
    make_name,
    make_participation,
    make_role,
)
from tests.support.public_addresses import ADDRESSES, words_of

pytestmark = pytest.mark.django_db


def test_a_page_tells_what_changed_in_its_entry_and_in_no_other(client):
    center = make_institution(slug="center", name="Center")
    make_participation(lab=make_lab(make_institution()))
    vector = make_participation(lab=make_lab(center, name="Ward"), role=make_role(name="Vector"), state="planned")
    edit(make_institution(), website="https://other.example/")
    edit(center, website="https://center.example/")
    edit(vector, state="operational")

    page = client.get("/institutions/center/")

    history = [(change.action, change.title, change.lab) for change in page.context["history"]]
    assert history == [
        ("changed", "Vector", "Ward"),
        ("changed", "Center", ""),
        ("added", "Vector", "Ward"),
        ("added", "Ward", ""),
        ("added", "Center", ""),
    ]
    assert "https://center.example/" in page.content.decode()
    assert "other.example" not in page.content.decode()

    page = client.get(vector.lab.get_absolute_url())

    history = [(change.action, change.title) for change in page.context["history"]]
    assert history == [("changed", "Vector"), ("added", "Vector"), ("added", "Ward")]
    assert "https://center.example/" not in page.content.decode()


def test_a_page_tells_the_newest_changes_only_and_nothing_of_its_time_as_a_draft(client):
    center = make_institution(slug="center", is_published=False, website="https://secret.example/")
    edit(center, is_published=True, website="")
    for year in range(1900, 1900 + NEWEST):
        edit(center, founded=year)

    page = client.get("/institutions/center/")

    assert len(page.context["history"]) == NEWEST
    assert "secret.example" not in page.content.decode()


def test_a_closed_institution_says_so_and_links_to_those_that_took_over(client):
    closed = make_institution(slug="closed", status="withdrawn")
    closed.successors.add(
        make_institution(name="Open Heir", slug="open"), make_institution(name="Secret Heir", is_published=False)
    )

    page = client.get("/institutions/closed/").content.decode()

    assert "withdrawn from the registry" in page
    assert "/institutions/open/" in page
    assert "Secret Heir" not in page


@pytest.mark.parametrize("address", ["/institutions/draft/", "/institutions/old/", "/institutions/draft/labs/lab/"])
def test_a_draft_is_found_under_no_address(client, address):
    draft = make_institution(slug="draft", is_published=False)
    make_lab(draft, slug="lab")
    FormerSlug.objects.create(slug="old", institution=draft)

    assert client.get(address).status_code == HTTPStatus.NOT_FOUND


def test_a_draft_heir_is_not_given_away(client):
    make_institution(slug="first", replaced_by=make_institution(slug="secret-heir", is_published=False))

    response = client.get("/institutions/first/")

    assert response.status_code == HTTPStatus.OK
    assert "secret-heir" not in response.content.decode()


def test_unknown_dates_are_named(client):
    make_institution(slug="signed", standing=Standing.SIGNED)

    dates = client.get("/institutions/signed/").context["agreement_dates"]

    assert [(str(label), date) for label, date in dates] == [("Signed", None), ("Valid until", None)]


def test_suggest_a_correction_is_a_mail_with_the_permalink(client):
    make_institution(slug="kfu", name="Kazan & Co")

    assert client.get("/institutions/kfu/").context["correction_url"] == ""
    make_consortium(correction_mailbox="fix@example.org")
    assert client.get("/institutions/kfu/").context["correction_url"] == (
        "mailto:fix@example.org?subject=Correction%3A%20Kazan%20%26%20Co&body=http%3A//testserver/institutions/kfu/"
    )


HOSTILE = "a?cc=x&body=y%40z/#b@example.org"  # a valid address, which in a link would begin headers of its own
IN_LINK = "mailto:a%3Fcc%3Dx%26body%3Dy%2540z%2F%23b@example.org"


def test_a_mailbox_brings_no_headers_into_its_link(client):
    make_consortium(correction_mailbox=HOSTILE)
    institution = make_institution(slug="kfu")
    make_contact(institution, mailbox=HOSTILE, visibility=Visibility.PUBLIC)
    consent = {"basis": Basis.CONSENT, "basis_on": "2026-01-01", "basis_source": "filed"}
    make_contact(institution, person="A", mail=HOSTILE, visibility=Visibility.PUBLIC, **consent)

    links = [re.findall('href="(mailto:.+?)"', client.get(url).text) for url in ["/institutions/kfu/", "/about/"]]

    assert [[link.partition("?subject=")[0] for link in page] for page in links] == [[IN_LINK] * 5, [IN_LINK]]


def test_a_quoted_at_sign_is_encoded_in_a_link():
    assert mailto('"not@me"@example.org', subject="a b") == "mailto:%22not%40me%22@example.org?subject=a%20b"


# The API has addresses for what is not there, and one that leads on.
ELSEWHERE = {
    **dict.fromkeys(["/api/", "/api/v1/nothing"], HTTPStatus.NOT_FOUND),
    "/api/v1/labs/lab": HTTPStatus.PERMANENT_REDIRECT,
}
PRIVATE = {"person": "Ivan Hidden-Petrov", "mail": "hidden@example.org", "phone": "+7 000 HIDDEN"}


def test_private_contacts_and_drafts_are_in_no_public_answer(client, caplog):
    institution = make_institution(slug="home", country_id="KZ")
    lab = make_lab(institution, slug="lab")
    make_participation(institution, make_role(code="vector"), lab)
    make_contact(institution, **PRIVATE)
    make_contact(institution, lab=lab, **PRIVATE)
    make_institution(slug="other")
    draft = make_institution(name="Hidden Draft", country_id="KZ", is_published=False)
    make_name(draft, value="Hidden Name")
    make_lab(draft, name="Hidden Lab")

    for address in ADDRESSES:
        answer = client.get(address)
        assert answer.status_code == ELSEWHERE.get(address, HTTPStatus.OK), address
        words = words_of(answer)
        for secret in [*PRIVATE.values(), "Hidden Draft", "Hidden Name", "Hidden Lab"]:
            assert secret not in words, address
            assert secret not in caplog.text, address


def test_a_person_is_shown_as_long_as_the_basis_lasts(client):
    institution = make_institution(slug="home")
    contact = make_contact(
        institution,
        person="Aigul Public",
        visibility=Visibility.PUBLIC,
        basis=Basis.PUBLICATION,
        basis_on="2026-01-01",
        basis_source="the university's news",
    )

    assert "Aigul Public" in client.get("/institutions/home/").content.decode()
    contact.visibility = Visibility.STAFF
    contact.save()
    assert "Aigul Public" not in client.get("/institutions/home/").content.decode()


@pytest.mark.parametrize("address", ["/institutions/home/", "/institutions/home/labs/shown/"])
def test_a_page_costs_the_same_queries_for_1_and_for_20_of_everything(client, address):
    home = make_institution(slug="home")

    def add(number):
        lab = Lab.objects.filter(slug="shown").first() or make_lab(home, slug="shown")
        make_name(home)
        make_participation(home, make_role(), lab)
        make_participation(home, make_role(), make_lab(home) if number else lab)
        make_contact(home, lab=lab, visibility=Visibility.PUBLIC)
        home.parents.add(make_institution())
        make_institution(replaced_by=home)

    def count_queries():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == HTTPStatus.OK
        return len(queries)

    add(0)
    before = count_queries()
    for number in range(1, 20):
        add(number)
    assert count_queries() <= before  # the newest changes may speak of fewer kinds of rows


def test_neighbours_are_counted_by_the_lists_they_lead_to(client):
    city = make_city(slug="ru-kazan", name="Kazan", country_id="RU")
    role = make_role(code="vector", name="Vector production")
    home = make_institution(slug="home", city=city)
    make_participation(home, role)
    make_participation(make_institution(name="Elsewhere"), role)
    make_institution(name="Next Door", city=city)
    make_institution(name="Hidden Neighbour", city=city, is_published=False)

    context = client.get("/institutions/home/").context

    assert [neighbour.name for neighbour in context["same_city"]] == ["Next Door"]
    for figure, number in [(context["nearby"], 2), (context["same_roles"][0], 2)]:
        assert figure.count == number == client.get(figure.url).context["page"].paginator.count


def test_a_page_says_what_only_this_institution_covers(client):
    make_participation(make_institution(slug="home"), make_role(code="vector", name="Vector production"))

    assert (
        "The only operational one anywhere with: Vector production"
        in client.get("/institutions/home/").content.decode()
    )


def test_a_lab_that_moves_takes_its_contacts_along_and_is_named_no_more_where_it_was(client):
    lab, hidden = make_lab(make_institution(slug="open")), make_institution(is_published=False)
    contact = make_contact(lab.institution, lab=lab, mailbox="cart@example.org", visibility="public")
    Lab.objects.update(institution=hidden, name="Secret lab")  # as code that asks nothing would
    assert "Secret lab" not in client.get("/institutions/open/").text

    Lab.objects.update(institution=contact.institution)
    lab = Lab.objects.get()
    lab.institution = hidden
    lab.full_clean()
    lab.save()
    contact.refresh_from_db()
    assert contact.institution == hidden
    page = client.get("/institutions/open/").text
    assert ("Secret lab" in page, "cart@example.org" in page) == (False, False)


def test_a_lab_is_named_in_the_visitors_language_where_it_is_known(client):
    center = make_institution(slug="center")
    ward = make_lab(center, name="Ward", native_name="Палата", native_language="ru")
    make_lab(center, name="Unit", native_name="Бөлім")
    make_contact(center, mailbox="ward@center.example", function="Office", lab=ward, visibility=Visibility.PUBLIC)

    def read(address):
        return " ".join(client.get(address).content.decode().split())

    assert '<h1><span lang="ru">Палата</span></h1> <p> <span class="native" lang="en">Ward</span>' in read(
        f"/ru{ward.get_absolute_url()}"
    )
    assert '<h1>Ward</h1> <p> <span class="native" dir="auto" lang="ru">Палата</span>' in read(ward.get_absolute_url())
    page = read("/ru/institutions/center/")
    assert '<span lang="ru">Палата</span></a> <span class="native" lang="en">Ward</span>' in page
    assert '<span lang="en">Unit</span></a> <span class="native" dir="auto">Бөлім</span>' in page
    assert '<span lang="en">Office</span> <span><span lang="ru">Палата</span></span>' in page
    assert 'lang="ru">Палата</a> <span class="second"><span class="native" lang="en">Ward</span>' in read("/ru/labs/")
