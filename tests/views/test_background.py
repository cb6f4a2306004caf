"""What a thread does later keeps no visitor waiting, and nothing stops it."""

import datetime
import multiprocessing
import os
import threading
from http import HTTPStatus

import pytest

from partners.host.answers import write_answer
from partners.host.background import MOST_WAITING, do_later, wait_until_done
from partners.views.page_cache import MB, Answer, Moment, PageCache
from partners.views.public import page_cache
from tests.support.answer_files import written
from tests.support.factories import make_institution

SOON = 20  # seconds; a busy machine needs them, and what never comes takes all of them


@pytest.fixture
def busy():
    """Yield after the thread has begun something long, which ends with the test or before."""
    begun, end = threading.Event(), threading.Event()
    do_later(lambda: (begun.set(), end.wait()))
    begun.wait()
    yield end
    end.set()
    wait_until_done()


@pytest.mark.django_db(transaction=True)
def test_pages_go_on_while_the_disk_keeps_their_files_waiting(client, settings, tmp_path, busy):
    settings.CACHE_DIR = tmp_path
    for name in ("Kazan", "Almaty"):
        make_institution(name=name)
        assert name in client.get("/institutions/").text
    assert len(page_cache) == 1
    assert list(tmp_path.glob("pages/*/*")) == []

    busy.set()
    assert len(written(settings)) == 1
    assert client.get("/institutions/").status_code == HTTPStatus.OK


def test_what_an_edit_withdrew_meanwhile_is_not_written(settings, tmp_path, busy):
    settings.CACHE_DIR, cache, address = tmp_path, PageCache(MB), ("http", "localhost", "/", "")
    first, second = (Moment(1, number, datetime.date(2026, 1, 1)) for number in (1, 2))
    cache.put(address, first, Answer({}, b"withdrawn"))
    assert cache.get(address, second) is None
    busy.set()
    assert written(settings) == []
    cache.put(address, second, Answer({}, b"new"))
    assert len(written(settings)) == 1


def test_what_another_worker_knows_to_be_outdated_is_not_written(settings, tmp_path, busy):
    settings.CACHE_DIR = tmp_path
    PageCache(MB).put(("http", "localhost", "/", ""), Moment(1, 9, datetime.date(2026, 1, 1)), Answer({}, b"withdrawn"))
    for moment in ("0-100-2026-01-01", "1-10-2026-01-01"):  # a number says nothing of another epoch
        write_answer(moment, "new", b"new")
        assert [path.parent.name.partition("-")[2] for path in tmp_path.glob("pages/*/*")] == [moment]
    busy.set()
    assert [path.name for path in written(settings)] == ["new"]


def test_what_is_too_much_is_left_out_at_once(busy):
    done = []
    for number in range(MOST_WAITING * 2):
        do_later(lambda number=number: done.append(number))
    assert done == []
    busy.set()
    wait_until_done()
    assert done == list(range(MOST_WAITING))


def test_what_fails_is_told_and_stops_nothing(caplog):
    done = threading.Event()
    do_later(lambda: 1 / 0)
    do_later(done.set)
    assert done.wait(SOON)
    assert "ZeroDivisionError" in caplog.text


def test_each_worker_has_a_thread_of_its_own():
    wait_until_done()  # so that this process has one
    worker = multiprocessing.get_context("fork").Process(target=work_in_another_process)
    worker.start()
    worker.join(SOON)
    assert worker.exitcode == 0


def work_in_another_process():
    done = threading.Event()
    do_later(done.set)
    os._exit(0 if done.wait(SOON) else 1)
