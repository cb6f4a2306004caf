"""Parts for the pages of others: only the sites that are named may frame them, and they need no script."""

import re

import pytest

from partners.checks import check_embed_sites
from partners.models import State
from tests.support.factories import make_city, make_country, make_institution, make_participation, make_role

pytestmark = pytest.mark.django_db(transaction=True)
PARTS = ["board", "map", "list"]
SITE = "https://ministry.example"


@pytest.fixture(autouse=True)
def entries():
    city = make_city(slug="kz-almaty", country=make_country("KZ", is_target=True), latitude=43.25, longitude=76.95)
    home = make_institution(name="Home", slug="home", city=city)
    make_participation(home, make_role(code="vector"), state=State.OPERATIONAL)


def frames(answer):
    [ancestors] = [part for part in answer["Content-Security-Policy"].split("; ") if part.startswith("frame-ancestors")]
    return ancestors.removeprefix("frame-ancestors "), answer.has_header("X-Frame-Options")


@pytest.mark.parametrize("part", PARTS)
def test_only_named_sites_frame_it_whether_it_is_new_held_unchanged_or_refused(client, settings, part):
    address = f"/embed/{part}/"
    assert frames(client.get(address)) == ("'none'", True)

    settings.EMBED_SITES = [SITE]
    shown = [client.get(address), client.get(address), client.get(f"{address}?country=ZZ")]
    shown.append(client.get(address, headers={"if-none-match": shown[0]["ETag"]}))
    assert [answer.status_code for answer in shown] == [200, 200, 400, 304]
    assert {frames(answer) for answer in shown} == {(SITE, False)}
    assert frames(client.get("/coverage/")) == ("'none'", True)


def test_a_site_that_would_change_the_policy_is_an_error(settings):
    settings.EMBED_SITES = [SITE, "*", "http://10.0.0.1:8000"]
    assert check_embed_sites(None) == []
    settings.EMBED_SITES = ["https://a.example; script-src *", "a.example"]
    assert [error.id for error in check_embed_sites(None)] == ["partners.E002"] * 2


@pytest.mark.parametrize("part", PARTS)
def test_it_asks_the_same_question_without_script_and_links_lead_outside(client, part):
    text = client.get(f"/ru/embed/{part}/?country=KZ").text

    assert "<script" not in text
    assert '<base target="_blank">' in text
    assert "Страна: Казахстан" in text
    links = [link.replace("&amp;", "&") for link in re.findall('<a[^>]* href="(.*?)"', text)]
    assert links
    for link in links:
        assert link.startswith("/ru/")
        assert client.get(link).status_code == 200
    assert "/institutions/home/" not in client.get(f"/embed/{part}/?country=none").text


@pytest.mark.parametrize(("page", "part"), [("coverage", "board"), ("map", "map"), ("institutions", "list")])
def test_the_page_offers_the_lines_to_copy_where_somebody_may_use_them(client, settings, page, part):
    settings.EMBED_SITES = []
    assert "iframe" not in client.get(f"/{page}/?country=KZ").text

    settings.EMBED_SITES = ["*"]
    [address] = re.findall('iframe src="(.*?)"', client.get(f"/{page}/?role=vector").text)
    assert address == f"http://testserver/embed/{part}/?role=vector"
    assert client.get(address).status_code == 200
