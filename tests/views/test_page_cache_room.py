"""Finished pages go when something changed, when they are old, and when others want their room."""

import datetime
import gc
import mmap
import resource
from pathlib import Path

import pytest
from django.http import HttpResponse

from partners.host.answers import delete_answers
from partners.views import page_cache as page_cache_module
from partners.views.page_cache import LARGEST, OVERHEAD, Answer, Moment, PageCache
from tests.support.answer_files import written


@pytest.fixture(autouse=True)
def _empty():
    delete_answers()


def test_answers_of_older_moments_are_deleted():
    cache, address = PageCache(1_000_000), ("http", "localhost", "/", "")
    first, second = Moment(1, 1, datetime.date(2026, 1, 1)), Moment(1, 2, datetime.date(2026, 1, 1))
    answer = Answer.of(HttpResponse("x" * 1000))
    cache.put(address, first, answer)
    assert cache.get(address, first) is answer

    assert cache.get(("http", "localhost", "/labs/", ""), second) is None
    assert (len(cache), cache.bytes) == (0, 0)
    cache.put(address, second, answer)
    cache.put(address, first, Answer.of(HttpResponse("old")))  # made by a request that took long
    assert cache.get(address, first) is None
    assert cache.get(address, second) is answer
    for later in (second._replace(day=datetime.date(2026, 1, 2)), second, Moment(0, 1, second.day)):  # a clock, too
        assert cache.get(address, later) is None
        cache.put(address, later, answer)
        assert cache.get(address, later) is answer


def test_an_answer_outlives_the_database_by_five_minutes(monkeypatch):
    cache, address, moment, clock = PageCache(1_000_000), ("/",), Moment(1, 1, datetime.date(2026, 1, 1)), [1000]
    monkeypatch.setattr(page_cache_module.time, "monotonic", lambda: clock[-1])
    assert cache.last(address) is None
    cache.put(address, moment, answer := Answer.of(HttpResponse("x")))
    for later, expected in [(1100, (answer, 100)), (1300, (answer, 300)), (1301, None)]:
        clock.append(later)
        assert cache.last(address) == expected
    assert cache.get(address, moment) is answer  # the database is back
    assert cache.last(address) == (answer, 0)


def test_what_was_asked_for_least_recently_goes_first():
    moment, room = Moment(1, 1, datetime.date(2026, 1, 1)), 10 * (OVERHEAD + mmap.PAGESIZE + 100)
    cache, answers = PageCache(room), [Answer.of(HttpResponse(f"{number:04}" * 250)) for number in range(20)]
    for number, answer in enumerate(answers):
        cache.put((number,), moment, answer)
        cache.get((0,), moment)
        assert cache.bytes <= room
    assert [number for number in range(20) if (number,) in cache] == [0, *range(11, 20)]
    cache.put(("large",), moment, Answer.of(HttpResponse("x" * (room // LARGEST))))
    assert ("large",) not in cache


def test_files_take_no_more_room_than_memory(settings):
    moment, room = Moment(1, 1, datetime.date(2026, 1, 1)), 10 * (OVERHEAD + mmap.PAGESIZE + 100)
    cache, answer = PageCache(room), Answer.of(HttpResponse("x" * 1_000))
    for number in range(50):
        cache.put((number,), moment, answer)
    assert 10 <= len(written(settings)) <= 12


def test_an_answer_weighs_the_pages_of_memory_that_it_takes():
    answer = Answer.of(HttpResponse("x" * mmap.PAGESIZE))
    assert answer.bytes == OVERHEAD + mmap.PAGESIZE
    assert Answer.of(HttpResponse("x" * (mmap.PAGESIZE + 1))).bytes == OVERHEAD + 2 * mmap.PAGESIZE
    assert answer.response("br").content != answer.plain()
    assert answer.bytes == OVERHEAD + mmap.PAGESIZE  # compressed, in place of the plain one
    assert Answer.of(HttpResponse("")).plain() == b""


def test_what_answers_took_goes_back_to_the_system_though_other_objects_were_made_between_them():
    gc.collect()  # nothing of other tests goes meanwhile
    before, answers, others = _pages(1), [], []
    for _ in range(500):
        answers.append(Answer({}, b"x" * 40_000))
        others.append(bytearray(1_000))
    assert _pages(1) > before + 20_000_000
    answers.clear()
    assert _pages(1) < before + 5_000_000


def test_where_the_system_gives_no_more_pages_an_answer_is_as_good():
    body, limits = b"x" * 50_000_000, resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_pages(0) + len(body) // 2, limits[1]))
    try:
        answer = Answer({}, body)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)
    assert answer.plain() is body


def _pages(which):
    """Return the bytes of addresses (0) or of memory (1) that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[which]) * mmap.PAGESIZE
