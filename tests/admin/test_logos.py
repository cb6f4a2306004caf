"""Logos: what an editor may bring, what is made of it, where it shows, and for whom."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from partners.models import Logo
from tests.support.editor import address, filled, listing, member
from tests.support.factories import make_consortium, make_institution, make_logo, make_participation, make_role

pytestmark = pytest.mark.django_db
NO_PICTURE = "This is no PNG, JPEG or WebP picture."


def picture(kind="PNG", size=(600, 300), **options):
    """Return the bytes of a picture with noise, as no compression makes it small."""
    data = BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(data, kind, **options)
    return data.getvalue()


def bring(client, content, name="logo.png", institution="", row=None):
    data = {"institution": institution, "upload": SimpleUploadedFile(name, content)} if content else {}
    return client.post(address(Logo, row), data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_an_editor_brings_a_picture_and_everybody_sees_it_made_anew(kind, client):
    institution = make_institution(slug="with-logo")
    make_participation(institution, make_role(code="funder", group="governance"))
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    response = bring(member("Editors", client), picture(kind, exif=exif), institution=institution.pk)
    assert response.status_code == 302
    client.logout()

    logo = Logo.objects.get()
    assert (logo.width, logo.height) == (480, 240)
    pages = [client.get(path).text for path in ("/institutions/with-logo/", "/")]
    assert [f'src="{logo.get_absolute_url()}"' in page for page in pages] == [True, True]
    answer = client.get(logo.get_absolute_url())
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert answer["Content-Disposition"] == f'inline; filename="{logo.digest}.webp"'
    assert len(answer.content) <= 100_000
    assert b"secret" not in answer.content
    assert Image.open(BytesIO(answer.content)).size == (480, 240)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", NO_PICTURE),
        (b"GIF89a" + b"0" * 50, NO_PICTURE),
        (b"<html>", NO_PICTURE),
        (picture()[:3000], NO_PICTURE),
        (picture(size=(1, 4001)), "The picture has more than 4,000 pixels a side."),
        (b"0" * 2_000_001, "The file is larger than 2 MB."),
    ],
)
def test_what_is_no_small_picture_is_refused(content, message, admin_client):
    make_consortium()
    page = bring(admin_client, content)
    assert page.context["adminform"].form.errors["upload"] == [message]
    assert not Logo.objects.exists()


def test_the_consortium_has_one_logo_which_stands_in_the_head_of_each_page_and_on_paper(admin_client, client):
    make_consortium()
    bring(admin_client, picture())
    again = bring(admin_client, picture())
    assert again.context["adminform"].form.errors["institution"] == [
        "The consortium has a logo already: change that one."
    ]

    before = Logo.objects.get()
    assert bring(admin_client, picture(), row=before).status_code == 302

    after = Logo.objects.get()
    assert before.digest != after.digest
    for page in ("/", "/roles/", "/print/institutions/"):
        assert after.get_absolute_url() in client.get(page).text
    assert client.get(before.get_absolute_url()).status_code == 404


def test_a_form_without_a_new_picture_keeps_the_one_that_is_there(admin_client):
    logo = make_logo(make_institution())
    other = make_institution()
    assert admin_client.post(address(Logo, logo), {"institution": other.pk}).status_code == 302
    assert Logo.objects.values_list("institution", "digest").get() == (other.pk, logo.digest)


def test_the_second_of_two_who_change_a_logo_is_told(admin_client):
    logo = make_logo(make_institution())
    page = admin_client.get(address(Logo, logo))
    assert bring(admin_client, picture(), institution=logo.institution_id, row=logo).status_code == 302
    mine = picture()

    def save(page):
        upload = {"upload": SimpleUploadedFile("logo.png", mine)}
        return admin_client.post(address(Logo, logo), filled(page) | upload)

    refused = save(page)
    [message] = refused.context["adminform"].form.non_field_errors()
    assert "Saved is now: Picture: 480 × 240." in message
    before = Logo.objects.get().digest
    assert save(refused).status_code == 302
    assert Logo.objects.get().digest != before


def test_an_editor_sees_the_logo_of_a_draft(admin_client):
    logo = make_logo(make_institution(is_published=False))
    for url in (address(Logo, logo), listing(Logo)):
        page = admin_client.get(url).text
        assert 'src="data:image/webp;base64,UklGR' in page
        assert logo.get_absolute_url() not in page


def test_logos_of_drafts_cost_the_list_no_query_each(admin_client):
    def queries():
        make_logo(make_institution(is_published=False))
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(listing(Logo))
        return len(queries)

    assert queries() == queries()


def test_a_logo_goes_with_the_page_of_its_institution(client):
    institution = make_institution()
    logo = make_logo(institution)
    assert client.get(logo.get_absolute_url()).status_code == 200
    institution.is_published = False
    institution.save()
    assert client.get(logo.get_absolute_url()).status_code == 404
    assert client.get("/logos/" + "0" * 32 + ".webp").status_code == 404
