"""A language is one line in LANGUAGES: names of countries, addresses and days follow from it."""

import datetime

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import formats
from django.utils.translation import override

from tests.support.factories import make_institution

WITH_GERMAN = override_settings(LANGUAGES=[*settings.LANGUAGES, ("de", "Deutsch")])


@pytest.mark.django_db
def test_german_is_one_line(client):
    make_institution(name="Clinic", slug="clinic", country_id="HU")
    make_institution(name="Hospital", slug="hospital", country_id="KZ")
    make_institution(name="Institute", slug="institute", country_id="BY")
    address = "/institutions/?q=Ungarn"
    assert "/institutions/clinic/" not in client.get(address).text
    assert client.get(f"/de{address}").status_code == 404

    with WITH_GERMAN:
        for start in ("", "/de"):
            page = client.get(start + address)
            assert f"{start}/institutions/clinic/" in page.text
            assert f"{start}/institutions/hospital/" not in page.text
            assert '<a href="/de/institutions/' in page.text
            page = client.get(f"{start}/institutions/?q=Weißrussland")  # CLDR says “Belarus” in German
            assert f"{start}/institutions/institute/" in page.text
            assert f"{start}/institutions/hospital/" not in page.text
        assert '<html lang="de">' in page.text


def test_a_day_is_written_in_numbers_where_django_knows_no_better():
    def written(language):
        with override(language):
            return formats.date_format(datetime.date(2026, 12, 1))

    assert [written(language) for language in ("kk", "be", "tt")] == ["01.12.2026", "01.12.2026", "01.12.2026"]
    assert written("de") == "1. Dezember 2026"
