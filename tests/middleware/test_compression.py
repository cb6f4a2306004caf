"""What goes out compressed, in which coding, and what never does."""

import gzip
import re
from itertools import product
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

from partners.middleware.compression import encoding_for
from tests.support.answer_files import forget_answers
from tests.support.factories import make_institution

HTML = "text/html; charset=utf-8"
ACCEPTED = {
    "": "identity",
    "gzip, deflate, br, zstd": "br",
    "gzip, deflate": "gzip",
    "x-gzip": "gzip",
    "GZIP;Q=0.5": "gzip",
    "br;q=0.5, gzip;q=0.8": "gzip",
    "br;q=0, gzip;q=0": "identity",
    "identity, br;q=0.5": "identity",
    "identity;q=0.5, br;q=0.5": "br",
    "identity;q=0": "identity",  # better than nothing
    "identity;q=0, gzip;q=0.001": "gzip",
    "*": "br",
    "*;q=0": "identity",
    "*;q=0, gzip": "gzip",
    "gzip;q=0.1, *;q=0.2": "br",
    "br;q=2, gzip;q=x, *;q=0": "identity",
    "br;q=0.001": "br",
    ",,;;,gzip;;": "gzip",
    "b" * 5000: "identity",
    "\x00br, gzip\xff": "identity",
}
DECODED = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
OF_ITS_OWN = {"X-Request-ID": "each request's own"}
ADDRESSES = ["/", "/institutions/?q=kazan", "/about/?x=1", "/institutions/?sort=zzz", "/nothing/", "/changes.atom"]


@pytest.mark.parametrize("accepted", ACCEPTED)
def test_the_coding_is_the_one_that_is_liked_best(accepted):
    assert encoding_for(accepted, HTML) == ACCEPTED[accepted]


@pytest.mark.parametrize(
    ("content_type", "is_compressed"),
    [
        ("text/csv", True),
        ("text/calendar; charset=utf-8", True),
        ("application/json", True),
        ("application/atom+xml; charset=utf-8", True),
        ("application/ld+json", True),
        ("image/svg+xml", True),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
        ("image/png", False),
        ("application/zip", False),
    ],
)
def test_text_is_compressed_and_archives_are_not(content_type, is_compressed):
    assert (encoding_for("br", content_type) == "br") is is_compressed


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.django_db(transaction=True)
def test_an_answer_is_the_same_in_every_coding(client, address):
    make_institution(name="Kazan University")
    forget_answers()
    plain = client.get(address)

    for accepted, encoding in [("br", "br"), ("gzip", "gzip"), ("identity", None), ("br", "br")]:
        answer = client.get(address, headers={"accept-encoding": accepted})
        assert (answer.status_code, answer.get("Content-Encoding")) == (plain.status_code, encoding)
        assert DECODED[encoding](answer.content) == plain.content
        assert int(answer["Content-Length"]) == len(answer.content)
        assert "Accept-Encoding" in answer["Vary"]
        assert answer.get("ETag") == plain.get("ETag")  # weak, as it has to be then
        assert answer.get("ETag", "W/").startswith("W/")
        head = client.head(address, headers={"accept-encoding": accepted})
        assert {**head.headers, **OF_ITS_OWN} == {**answer.headers, **OF_ITS_OWN}
        if tag := answer.get("ETag"):
            unchanged = client.get(address, headers={"accept-encoding": accepted, "if-none-match": tag})
            assert (unchanged.status_code, unchanged["Vary"]) == (304, answer["Vary"])
            assert not unchanged.has_header("Content-Encoding")


@pytest.mark.django_db(transaction=True)
def test_a_small_file_is_the_same_in_every_coding(client):
    make_institution(name="Kazan University")
    plain = client.get("/institutions.csv")
    content = plain.getvalue()

    for coding in ("br", "gzip"):
        answer = client.get("/institutions.csv", headers={"accept-encoding": coding})
        assert (answer["Content-Encoding"], answer["ETag"]) == (coding, plain["ETag"])
        assert int(answer["Content-Length"]) == len(answer.content)
        assert DECODED[coding](answer.content) == content
        for name in ("Content-Type", "Content-Disposition", "X-Row-Count"):
            assert answer[name] == plain[name]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/institutions/?sort=zzz", "/nothing/", "/admin/", "/institutions.csv"])
def test_what_somebody_with_a_session_gets_is_never_compressed(admin_client, address):
    answer = admin_client.get(address, headers={"accept-encoding": "gzip, br"})
    assert not answer.has_header("Content-Encoding")
    answer.close()


@pytest.mark.django_db
def test_the_form_by_which_editors_sign_in_is_never_compressed(client):
    answer = client.get("/admin/login/", headers={"accept-encoding": "gzip, br"})

    assert "csrfmiddlewaretoken" in answer.text
    assert not answer.has_header("Content-Encoding")


@pytest.mark.django_db
def test_a_list_page_and_its_style_sheets_are_small_on_the_wire(client):
    call_command("start_consortium", "partners/seeds/demo.toml", verbosity=0)
    for prefix, accepted in product(["", "/ru", "/zh-hans"], ["br", "gzip"]):
        page = client.get(f"{prefix}/institutions/", headers={"accept-encoding": accepted})
        assert len(page.content) <= 9_000
        html = DECODED[page["Content-Encoding"]](page.content).decode()
        assert html.count("<tr") == 26
        sheets = re.findall(r'href="/static/([^"]+\.css)"', html)
        assert sum(len(gzip.compress(Path(finders.find(sheet)).read_bytes(), 9)) for sheet in sheets) <= 15_000
