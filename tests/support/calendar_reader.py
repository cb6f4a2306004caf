"""Read a calendar back by another hand: the `icalendar` package, for the tests that write one."""

import icalendar


def read_calendar(content):
    """Return the events of a calendar as dictionaries of their properties: days, times and texts.

    :raises ValueError: when it is not one calendar as RFC 5545 has it.
    """
    calendar = icalendar.Calendar.from_ical(content)
    events = calendar.events
    assert [event.errors for event in events] == [[] for _event in events]
    return [{name: getattr(value, "dt", value) for name, value in event.items()} for event in events]
