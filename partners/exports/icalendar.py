"""A calendar of days that programs subscribe to (iCalendar, RFC 5545); knows no model."""

import datetime
import re
from dataclasses import dataclass

PRODUCT = "-//Consortium//Partner directory//EN"
LINE_OCTETS = 75  # RFC 5545, 3.1, without the line break


@dataclass(frozen=True)
class Event:
    """Something that is due on one day."""

    uid: str  # the same whenever the same thing is written again
    day: datetime.date
    summary: str
    url: str


def write_calendar(name, events, written_at):
    """Return the bytes of a calendar of all-day events; `written_at` is aware."""
    stamp = f"{written_at.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", f"X-WR-CALNAME:{_escape(name)}"]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
            f"SUMMARY:{_escape(event.summary)}",
            f"URL:{event.url}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_fold(line) + b"\r\n" for line in lines)


def _escape(text):
    """Return a text as a value: separators escaped, line breaks as `\\n` (RFC 5545, 3.3.11)."""
    return re.sub(r"\r\n|[\r\n]", r"\\n", re.sub(r"([\\;,])", r"\\\1", text))


def _fold(line):
    """Return a line in UTF-8, folded onto lines that begin with a space; no character is split (RFC 5545, 3.1)."""
    octets = line.encode()
    folded = []
    while len(octets) > LINE_OCTETS - bool(folded):
        end = LINE_OCTETS - bool(folded)
        while octets[end] & 0b1100_0000 == 0b1000_0000:  # inside a character
            end -= 1
        folded.append(octets[:end])
        octets = octets[end:]
    return b"\r\n ".join([*folded, octets])
