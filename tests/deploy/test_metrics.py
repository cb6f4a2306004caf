"""`/metrics`: what all workers did, for who has the token."""

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from partners.views import lane
from tests.faults.site import serve
from tests.support.factories import make_consortium, make_institution

TOKEN = "only-for-tests-42"
ENTRY = {"Authorization": f"Bearer {TOKEN}"}


def figures(text):
    """Return {(name, values of its labels by their names): figure}."""
    return {
        (sample.name, *dict(sorted(sample.labels.items())).values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}é"])
def test_metrics_are_for_who_has_the_token(client, settings, sent):
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"authorization": sent})
    assert (answer.status_code, answer["WWW-Authenticate"], answer["Cache-Control"]) == (401, "Bearer", "no-store")
    assert b"directory_" not in answer.content


@pytest.mark.django_db
def test_metrics_are_nowhere_without_the_setting(client):
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_files_that_wait_and_are_waited_for_are_counted(client, settings, tmp_path):
    settings.METRICS_TOKEN, settings.CACHE_DIR = TOKEN, str(tmp_path)
    (lane.private_folder(lane.LANE) / "key~1~2~3~all.csv").write_bytes(b"four")
    with lane._wanted("key"):
        found = figures(client.get("/metrics", headers=ENTRY).text)
    assert [found[name,] for name in ("directory_files", "directory_files_bytes", "directory_files_wanted")] == [
        1,
        4,
        1,
    ]


@pytest.mark.django_db(transaction=True)
def test_metrics_add_up_what_all_workers_did(database_url, static, tmp_path):
    make_consortium()
    make_institution(name="Kazan")
    turns = 30  # each worker gets some of them
    with serve(database_url, static, tmp_path / "log", workers=2, METRICS_TOKEN=TOKEN) as site:
        assert site.get_until("/healthz", 200, 60).status == 200
        before = figures(site.get("/metrics", **ENTRY).body.decode())
        for turn in range(turns):
            assert site.get(f"/institutions/?page={turn + 1}").status in (200, 404)
            assert site.get("/institutions/").status == 200
        site.get("/nowhere/")
        site.get("/static/img/favicon.svg")
        assert site.get("/readyz", **{"X-Request-ID": "mine-mine"}).headers["X-Request-ID"] != "mine-mine"
        answer = site.get("/metrics", **ENTRY)
    assert re.match("text/plain; version=", answer.headers["Content-Type"])
    found = figures(answer.body.decode())
    listed = sum(
        found.get(("directory_requests_total", status, "partners:institution-list"), 0) for status in ("200", "404")
    )
    assert listed == 2 * turns
    assert found["directory_request_seconds_count", "partners:institution-list"] == 2 * turns
    assert found["directory_requests_total", "404", "none"] == 1
    assert found["directory_requests_total", "200", "static"] == 1
    assert found["directory_index_position", "institution"] == found["directory_log_position",] > 0
    assert found["directory_index_builds", "institution"] >= 1
    assert found["directory_kept_hits",] >= turns - 2  # the first time in each worker it is made
    assert found["directory_kept_answers",] >= 1
    assert found["directory_kept_bytes",] > 2000
    assert ("directory_requests_total", "200", "metrics") in found
    assert before.get(("directory_requests_total", "404", "none")) is None
