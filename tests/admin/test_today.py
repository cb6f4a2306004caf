"""The worklist: each count is the list it leads to."""

import datetime

import pytest
from django.utils import timezone

from partners.boards.pipeline import due
from partners.lists.filters import InstitutionFilter
from partners.models import Institution, RegistryRecord
from tests.support.directory import make_directory
from tests.support.editor import member
from tests.support.factories import make_country, make_institution, make_role

pytestmark = pytest.mark.django_db


def test_every_count_is_the_list_it_leads_to(client):
    make_directory(seed=5, institutions=60)
    make_country("KZ", is_target=True)
    make_role(code="nobody", group="chain")
    today = timezone.localdate()
    days = [today - datetime.timedelta(days=5), today + datetime.timedelta(days=5)]
    for number, day in enumerate(days):
        make_institution(slug=f"signed-{number}", standing="signed", valid_until=day)
    RegistryRecord.objects.create(institution=Institution.objects.first(), values={}, held={"name": "Other"})
    page = member("Coordinators", client).get("/admin/")
    counts = {task.url: count for task, count in page.context["worklist"]}
    assert {url: client.get(url).context["cl"].result_count for url in counts} == counts
    assert all(counts.values())
    acted_on = due(InstitutionFilter.asking().results, today)
    [overdue, expiring] = [url for url in counts if "due=" in url]
    assert counts[overdue] + counts[expiring] == len(acted_on)
    for url in counts:
        assert f'href="{url.replace("&", "&amp;")}"' in page.text
