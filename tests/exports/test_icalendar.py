"""Promises of calendars: RFC 5545 to the last byte, and exact on the way back."""

import datetime

from hypothesis import example, given
from hypothesis import strategies as st

from partners.exports.icalendar import Event, write_calendar
from tests.support.calendar_reader import read_calendar

TODAY = datetime.date(2026, 11, 22)
NOW = datetime.datetime(2026, 11, 22, 21, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=3)))

# Every text a name may hold, and those characters that calendars treat apart.
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"])) | st.text('\\;,:"\n aЯ中𓀀\u2028')


@example([("a" * 400, TODAY)])
@given(st.lists(st.tuples(texts, st.dates(datetime.date(1000, 1, 1)))))
def test_a_calendar_is_read_back_exactly_from_lines_of_75_octets(drawn):
    events = [Event(f"{number}@host", date, text, "https://h/") for number, (text, date) in enumerate(drawn)]

    content = write_calendar("A, b; c", events, NOW)

    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert all(line.decode() is not None for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert read_calendar(content) == [
        {
            "UID": event.uid,
            "DTSTAMP": NOW,
            "DTSTART": event.day,
            "SUMMARY": event.summary,
            "URL": event.url,
            "TRANSP": "TRANSPARENT",
        }
        for event in events
    ]


def test_a_calendar_is_written_as_promised_to_the_last_byte():
    event = Event("expected-7@example.org", TODAY, "Signature expected: " + "Центр, " * 8, "https://example.org/x/")

    assert write_calendar("Test; all", [event], NOW).decode() == (
        "BEGIN:VCALENDAR\r\n"
        "VERSION:2.0\r\n"
        "PRODID:-//Consortium//Partner directory//EN\r\n"
        "X-WR-CALNAME:Test\\; all\r\n"
        "BEGIN:VEVENT\r\n"
        "UID:expected-7@example.org\r\n"
        "DTSTAMP:20261122T183000Z\r\n"
        "DTSTART;VALUE=DATE:20261122\r\n"
        "SUMMARY:Signature expected: Центр\\, Центр\\, Центр\\, Цент\r\n"
        " р\\, Центр\\, Центр\\, Центр\\, Центр\\, \r\n"
        "URL:https://example.org/x/\r\n"
        "TRANSP:TRANSPARENT\r\n"
        "END:VEVENT\r\n"
        "END:VCALENDAR\r\n"
    )
