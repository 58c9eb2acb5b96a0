"""All-day events as an iCalendar (RFC 5545), for a calendar that reads a feed. Pure text: docs/adr/0028."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

LINE = 75  # octets, RFC 5545 section 3.1
SPECIAL = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


@dataclass(frozen=True)
class Event:
    """uid: names the event for ever, so that a calendar replaces it. day: the whole day, in London."""

    uid: str
    day: date
    summary: str
    description: str = ""
    url: str = ""


def calendar(name: str, events: Iterable[Event], *, stamp: datetime) -> bytes:
    """The calendar as bytes. stamp: aware, in UTC, when it was written."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Safeguarding children partnership//Forward plan//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
    ]
    for each in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{each.uid}",
            f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{each.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{each.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{escaped(each.summary)}",
            *([f"DESCRIPTION:{escaped(each.description)}"] if each.description else []),
            *([f"URL:{each.url}"] if each.url else []),
            "CLASS:PRIVATE",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def escaped(text: str) -> str:
    """A text value, RFC 5545 section 3.3.11; other control characters are left out."""
    clean = "".join(each for each in text if each in "\n" or each.isprintable())
    return clean.translate(SPECIAL)


def folded(line: str) -> str:
    """A content line in parts of at most 75 octets, none within a character."""
    parts, part = [], b""
    for each in line:
        octets = each.encode()
        if len(part) + len(octets) > LINE - bool(parts):
            parts.append(part)
            part = b""
        part += octets
    parts.append(part)
    return "\r\n ".join(each.decode() for each in parts)
