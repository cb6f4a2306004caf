"""What has a page: one rule for a row and for a queryset."""

import pytest

from partners.models import Institution, Lab
from tests.support.factories import make_institution, make_lab

pytestmark = pytest.mark.django_db


def test_drafts_have_no_page_and_what_is_closed_has():
    heir = make_institution(slug="heir")
    make_institution(slug="draft", is_published=False)
    make_institution(slug="closed", status="inactive")
    make_institution(slug="replaced", replaced_by=heir)

    assert set(Institution.objects.with_page().values_list("slug", flat=True)) == {"heir", "closed", "replaced"}
    assert {row.slug for row in Institution.objects.all() if row.has_page} == {"heir", "closed", "replaced"}


def test_labs_have_a_page_where_their_institution_is_listed():
    for slug, fields in [("open", {}), ("draft", {"is_published": False}), ("closed", {"status": "inactive"})]:
        make_lab(make_institution(slug=slug, **fields), slug=slug)

    assert [lab.slug for lab in Lab.objects.with_page()] == [lab.slug for lab in Lab.objects.all() if lab.has_page]
    assert [lab.slug for lab in Lab.objects.with_page()] == ["open"]
