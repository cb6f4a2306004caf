"""Pages of one institution and one lab: links are never lost (rule 5), hidden things stay hidden (rule 6)."""

import re
from http import HTTPStatus

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.addresses import mailto
from partners.models import Basis, FormerSlug, Lab, Standing, Visibility

from .factories import (
    make_city,
    make_consortium,
    make_contact,
    make_institution,
    make_lab,
    make_name,
    make_participation,
    make_role,
)

pytestmark = pytest.mark.django_db


def test_a_renamed_institution_leads_from_its_old_address_for_good(client):
    institution = make_institution(slug="first")
    for slug in ["second", "third"]:
        institution = type(institution).objects.get()
        institution.slug = slug
        institution.save()

    for old in ["first", "second"]:
        response = client.post(f"/institutions/{old}/")
        assert (response.status_code, response["Location"]) == (HTTPStatus.PERMANENT_REDIRECT, "/institutions/third/")
    assert client.get("/institutions/third/").status_code == HTTPStatus.OK


def test_an_address_given_back_shows_the_institution_again(client):
    institution = make_institution(slug="first")
    for slug in ["second", "first"]:
        institution.slug_in_database = institution.slug
        institution.slug = slug
        institution.save()

    assert client.get("/institutions/first/").status_code == HTTPStatus.OK
    assert [former.slug for former in FormerSlug.objects.all()] == ["second"]


def test_a_renamed_lab_leads_on_from_both_old_addresses(client):
    lab = make_lab(make_institution(slug="old-home"), slug="old")
    lab = type(lab).objects.get()
    lab.slug = "new"
    lab.save()
    home = type(lab.institution).objects.get()
    home.slug = "new-home"
    home.save()

    assert client.get("/institutions/new-home/labs/old/")["Location"] == "/institutions/new-home/labs/new/"
    assert client.get("/institutions/old-home/labs/new/")["Location"] == "/institutions/new-home/labs/new/"
    assert client.get("/institutions/old-home/labs/old/")["Location"] == "/institutions/new-home/labs/new/"


def test_a_replaced_institution_leads_to_the_end_of_the_line(client):
    heir = make_institution(slug="heir")
    middle = make_institution(slug="middle", replaced_by=heir)
    make_institution(slug="first", replaced_by=middle)

    response = client.get("/institutions/first/")

    assert (response.status_code, response["Location"]) == (HTTPStatus.PERMANENT_REDIRECT, "/institutions/heir/")


def test_a_circle_of_replacements_ends_on_a_page(client):
    one, two = make_institution(slug="one"), make_institution(slug="two")
    type(one).objects.filter(pk=one.pk).update(replaced_by=two)
    type(one).objects.filter(pk=two.pk).update(replaced_by=one)

    assert client.get("/institutions/one/").status_code == HTTPStatus.OK


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

    assert [[link.partition("?subject=")[0] for link in page] for page in links] == [[IN_LINK] * 3, [IN_LINK]]


def test_a_quoted_at_sign_is_encoded_in_a_link():
    assert mailto('"not@me"@example.org', subject="a b") == "mailto:%22not%40me%22@example.org?subject=a%20b"


PRIVATE = {"person": "Ivan Hidden-Petrov", "mail": "hidden@example.org", "phone": "+7 000 HIDDEN"}
ADDRESSES = [
    "/",
    "/institutions/",
    "/institutions/?q=hidden",
    "/institutions.csv",
    "/institutions.xlsx",
    "/institutions.json",
    "/labs/",
    "/labs.csv",
    "/labs.json",
    "/institutions/home/",
    "/institutions/home/labs/lab/",
    "/countries/",
    "/countries/KZ/",
    "/roles/",
    "/roles/vector/",
    "/about/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_private_contacts_and_drafts_are_in_no_public_answer(client, caplog, address):
    institution = make_institution(slug="home", country_id="KZ")
    lab = make_lab(institution, slug="lab")
    make_participation(institution, make_role(code="vector"), lab)
    make_contact(institution, **PRIVATE)
    make_contact(institution, lab=lab, **PRIVATE)
    draft = make_institution(name="Hidden Draft", country_id="KZ", is_published=False)
    make_name(draft, value="Hidden Name")
    make_lab(draft, name="Hidden Lab")

    response = client.get(address)

    body = b"".join(response) if response.streaming else response.content
    assert response.status_code == HTTPStatus.OK
    for secret in [*PRIVATE.values(), "Hidden Draft", "Hidden Name", "Hidden Lab"]:
        assert secret.encode() not in body
        assert secret not in caplog.text


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
    assert count_queries() == before


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


def test_a_former_address_of_a_lab_is_one_within_its_institution(client):
    first, second = make_institution(slug="first"), make_institution(slug="second")
    for owner, lab in ((first, make_lab(first, slug="one")), (second, make_lab(second, slug="two"))):
        FormerSlug.objects.create(slug="before", institution=owner, lab=lab)
    Lab.objects.filter(slug="one").update(institution=second)

    assert client.get("/institutions/second/labs/before/")["Location"] == "/institutions/second/labs/two/"
    assert client.get("/institutions/first/labs/before/")["Location"] == "/institutions/second/labs/one/"


def test_a_lab_that_moves_leads_from_where_it_was(client):
    make_lab(make_institution(slug="first"), slug="lab")
    second = make_institution(slug="second")
    for changes in ({"institution": second}, {"slug": "other"}):
        lab = Lab.objects.get()
        for name, value in changes.items():
            setattr(lab, name, value)
        lab.save()

    for old in ("/institutions/first/labs/lab/", "/institutions/second/labs/lab/"):
        assert client.get(old)["Location"] == "/institutions/second/labs/other/"
    second.is_published = False
    second.save()
    assert client.get("/institutions/first/labs/lab/").status_code == HTTPStatus.NOT_FOUND


def test_an_address_that_two_labs_had_leads_to_the_last(client):
    institution = make_institution(slug="home")
    for new in ("one", "two"):
        make_lab(institution, slug="before")
        lab = Lab.objects.get(slug="before")
        lab.slug = new
        lab.save()

    assert client.get("/institutions/home/labs/before/")["Location"] == "/institutions/home/labs/two/"


def test_a_browser_asks_again_for_what_leads_on(client):
    institution = make_institution(slug="first")
    institution.slug = "second"
    institution.save()

    answer = client.get("/institutions/first/")
    assert (answer.status_code, answer["Cache-Control"]) == (HTTPStatus.PERMANENT_REDIRECT, "no-cache")


def test_a_lab_moves_only_without_the_contacts_of_its_institution(client):
    lab, hidden = make_lab(make_institution(slug="open")), make_institution(is_published=False)
    make_contact(lab.institution, lab=lab, mailbox="cart@example.org", visibility="public")
    lab.institution, lab.name = hidden, "Secret lab"
    with pytest.raises(ValidationError, match="contacts"):
        lab.full_clean()

    lab.save()  # as code that asks nothing would
    assert "Secret lab" not in client.get("/institutions/open/").text
