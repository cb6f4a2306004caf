"""Who copies the directory hears of every change, and of who left nothing but that it left."""

import datetime

import pytest
from django.utils import timezone

from tests.support.changes import edit
from tests.support.factories import make_former_slug, make_institution, make_lab, make_name, make_role_text

pytestmark = pytest.mark.django_db(transaction=True)
API = "/api/v1/changes"


def asked(client, since, **more):
    answer = client.get(API, {"since": since} | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def slugs(answer):
    """Return {slug: what is said of it: its heir where it is gone, else True}."""
    return {row["slug"]: row["heir"] if "gone" in row else True for row in answer["results"]}


def test_since_a_position_everything_that_changed_is_told(client):
    still, named = make_institution(slug="still"), make_institution(slug="named")
    heir, merged = make_institution(slug="heir"), make_institution(slug="merged")
    hidden, deleted = make_institution(slug="hidden"), make_institution(slug="deleted")
    make_institution(slug="untouched")
    position = asked(client, timezone.localdate().isoformat())["position"]
    assert asked(client, position)["results"] == []

    make_lab(still)
    make_name(named)
    edit(merged, replaced_by=heir)
    edit(hidden, is_published=False, slug="hidden-draft", name="Secret")
    deleted.delete()
    make_institution(slug="new")
    make_institution(slug="never", is_published=False)
    answer = asked(client, position)
    assert slugs(answer) == {
        "still": True,
        "named": True,
        "heir": True,  # which is found by the names of the merged one
        "merged": "heir",
        "hidden": None,
        "deleted": None,
        "new": True,
    }
    assert {row["slug"]: set(row) for row in answer["results"]}["hidden"] == {"slug", "gone", "heir"}
    assert "Secret" not in client.get(API, {"since": position}).text
    assert not answer["vocabularies_changed"]
    make_role_text()
    assert asked(client, answer["position"])["vocabularies_changed"]
    assert asked(client, answer["position"])["results"] == []


def test_since_a_day_the_history_tells(client):
    changed = make_institution(slug="changed")
    edit(make_institution(slug="gone"), is_published=False)
    old = make_institution(slug="old")
    old.history.update(history_date=timezone.now() - datetime.timedelta(days=3))
    make_former_slug(changed)

    assert slugs(asked(client, timezone.localdate().isoformat())) == {"changed": True, "gone": None}
    assert slugs(asked(client, "2000-01-01")) == {"changed": True, "gone": None, "old": True}


def test_next_leads_through_all_and_keeps_the_first_position_and_the_language(client):
    for number in range(7):
        make_institution(slug=f"entry-{number}")
    first = answer = asked(client, "2000-01-01", size="3", lang="ru")
    seen = slugs(answer)
    while answer["next"]:
        make_institution()
        following = client.get(answer["next"])
        assert following["Content-Language"] == "ru"
        answer = following.json()
        assert not slugs(answer).keys() & seen.keys()
        seen |= slugs(answer)
        assert answer["position"] == first["position"]
        if len(seen) >= 7:
            break
    assert {f"entry-{number}" for number in range(7)} <= seen.keys()


def test_names_that_a_mail_program_changed_are_read_by_every_part(client):
    make_institution(slug="first")
    make_institution(slug="second")

    answer = client.get(f"{API}?since=2000-01-01&amp;size=1&amp;lang=ru")
    assert answer["Content-Language"] == "ru"
    assert len(answer.json()["results"]) == 1
    assert "lang=ru" in answer.json()["next"]
    refused = client.get(f"{API}?since=2000-01-01&amp;sizes=1")
    assert (refused.status_code, refused.json()["parameter"]) == (400, "sizes")


@pytest.mark.parametrize("position", ["1-1", "9000000000000000000-5", "0-0"])
def test_a_position_of_another_log_is_gone(client, position):
    make_institution()

    answer = client.get(API, {"since": position})
    assert (answer.status_code, answer.json()["parameter"]) == (410, "since")
