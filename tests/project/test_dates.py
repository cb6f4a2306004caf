"""People read days as their language writes them, everywhere in the same form; programs read ISO 8601."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from partners.models import Institution
from tests.project.test_project import ROOT, TEMPLATES
from tests.support import factories
from tests.support.changes import edit

SHOWN = {
    "en": "1 Dec 2026",
    "ru": "1 декабря 2026 г.",
    "kk": "01.12.2026",
    "be": "01.12.2026",
    "zh-hans": "2026年12月1日",
}
DAY = "2026-12-01"
FORMS = {r"date('Y-m-d\\TH:i:sO')", 'date("DATETIME_FORMAT")'}

ADDRESSES = {
    "pipeline": ("pipeline", [], {}),
    "list": ("institution-list", [], {}),
    "labs": ("lab-list", [], {}),
    "institution": ("institution-detail", ["clinic"], {}),
    "lab": ("lab-detail", ["clinic", "ward"], {}),
    "compare": ("compare", [], {"i": ["clinic", "other"]}),
    "period": ("changes", [], {"since": "2026-11-30", "until": DAY}),
    "changes": ("changes", [], {}),
    "home": ("home", [], {}),
}


@pytest.fixture
def entries():
    """Write an agreement, a lab and a role with one day everywhere, and change them."""
    days = {"standing": "signed", "signed_on": DAY, "valid_until": DAY, "verified_on": DAY}
    institution = factories.make_institution(slug="clinic", **days)
    factories.make_institution(slug="other", standing="expected", expected_on=DAY)
    lab = factories.make_lab(institution, slug="ward", verified_on=DAY)
    part = factories.make_participation(lab=lab, state="ended", since=DAY, until="2026-12-02")
    edit(part, until=DAY)


@pytest.mark.django_db
@pytest.mark.parametrize("language", SHOWN)
@pytest.mark.parametrize("page", ADDRESSES)
def test_page_writes_days_as_its_language_does(client, entries, page, language):
    name, args, question = ADDRESSES[page]
    with override(language):
        address = reverse(f"partners:{name}", args=args)
    # Programs read days as ISO 8601 in the block of data; people do not see it.
    text = re.sub(r'<script type="application/ld\+json">.*?</script>', "", client.get(address, question).text)
    days = re.findall(r'<time datetime="([\d-]{10})">([^<]*)</time>', text)
    assert (DAY, SHOWN[language]) in days
    assert [shown for day, shown in days if day == DAY and shown != SHOWN[language]] == []
    assert "<time>" not in text
    assert re.findall(rf">[^<=]*{DAY}", text) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "sentence"),
    [("ru", "действовало до 1 декабря 2020 г., "), ("zh-hans", "2020年12月1日"), ("en", "valid until 1 Dec 2020, ")],
)
def test_sentence_about_an_agreement_has_the_day_as_its_language_writes_it(client, language, sentence):
    factories.make_institution(standing="signed", valid_until="2020-12-01")
    with override(language):
        text = client.get(reverse("partners:pipeline")).text
    due = re.search(r'<ul class="due">(.*?)</ul>', text, re.DOTALL)[1]
    assert sentence in re.sub(r"<[^>]*>", "", due)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/changes.atom", "/changes.csv", "/institutions.csv"])
def test_programs_get_days_in_iso_8601(client, entries, address):
    answer = client.get(address)
    content = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
    assert DAY in content
    assert SHOWN["en"] not in content


@pytest.mark.django_db
def test_moment_of_a_change_is_written_as_the_language_writes_it(client):
    institution = factories.make_institution()
    Institution.history.update(history_date="2026-12-01T12:04:00+03:00")
    assert institution.history.count() == 1
    assert '<time datetime="2026-12-01T12:04:00+0300">1 декабря 2026 г. 12:04</time>' in client.get("/ru/changes/").text


@pytest.mark.parametrize("template", TEMPLATES)
def test_template_has_no_form_of_its_own(template):
    used = set(re.findall(r"\|\s*(date\([^)]*\))", (ROOT / template).read_text()))
    assert used <= FORMS
