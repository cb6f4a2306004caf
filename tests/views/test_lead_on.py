"""Addresses that lead on: of renamed, moved and replaced entries (rule 5)."""

import json
from http import HTTPStatus

import pytest

from partners.models import FormerSlug, Lab
from tests.support.factories import make_country, make_institution, make_lab, make_role

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
    assert (answer.status_code, answer["Cache-Control"]) == (HTTPStatus.PERMANENT_REDIRECT, "public, no-cache")


def test_a_former_address_works_wherever_it_stood_in_a_link(client):
    institution = make_institution(slug="old", name="Renamed")
    make_lab(institution, slug="lab")
    institution.slug = "new"
    institution.save()
    make_institution(slug="replaced", replaced_by=institution)
    former = FormerSlug.objects.create(slug="older", institution=make_institution(slug="x", replaced_by=institution))
    make_lab(make_institution(slug="other"), slug="lab")

    for code in ("old", "replaced", former.slug, "old&institution=new"):
        for address in ("/labs/", "/map/labs/"):
            response = client.get(f"{address}?institution={code}")
            assert response.status_code == HTTPStatus.OK, (address, code)
            assert response.context["filterset"].form.cleaned_data["institution"] == ["new"]
            assert response.context["sentence"] == "Institution is Renamed"
        assert json.loads(b"".join(client.get(f"/labs.json?institution={code}")))["count"] == 1
        members = client.get(f"/compare/?i={code.partition('&')[0]}&i=other").context["team"].members
        assert [member.slug for member in members] == ["new", "other"]


def test_an_address_that_leads_to_nothing_public_is_no_value_of_a_filter(client):
    hidden = make_institution(slug="hidden", is_published=False)
    make_institution(slug="replaced", replaced_by=hidden)
    make_institution(slug="closed", status="inactive")

    for code in ("hidden", "replaced", "closed", "never", "%00"):
        for address in ("/labs/", "/labs.csv"):
            assert client.get(f"{address}?institution={code}").status_code == HTTPStatus.BAD_REQUEST, code


@pytest.mark.parametrize(
    ("address", "real"), [("/ru/countries/kz/", "/ru/countries/KZ/"), ("/roles/Vector/", "/roles/vector/")]
)
def test_a_code_in_other_letters_leads_to_its_page(client, address, real):
    make_country("KZ")
    make_role(code="vector")

    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.PERMANENT_REDIRECT, real)
    assert client.get(real).status_code == HTTPStatus.OK
