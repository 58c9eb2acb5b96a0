"""Events as an iCalendar (RFC 5545), for a calendar that reads a feed. Pure text: docs/adr/0028."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE = 75  # octets, RFC 5545 section 3.1
SPECIAL = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


@dataclass(frozen=True)
class Event:
    """uid: names the event for ever, so that a calendar replaces it. day: the whole day, in London, where there is no
    time. begins_at, ends_at: aware; without an end it lasts no time."""

    uid: str
    day: date
    summary: str
    description: str = ""
    url: str = ""
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    location: str = ""


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
            *_when(each),
            f"SUMMARY:{escaped(each.summary)}",
            *([f"DESCRIPTION:{escaped(each.description)}"] if each.description else []),
            *([f"LOCATION:{escaped(each.location)}"] if each.location else []),
            *([f"URL:{each.url}"] if each.url else []),
            "CLASS:PRIVATE",
            f"TRANSP:{'OPAQUE' if each.begins_at else 'TRANSPARENT'}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def _when(event) -> list[str]:
    """In UTC, which every calendar turns into its own clock."""
    if event.begins_at is None:
        return [f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}", f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"]
    moments = {"DTSTART": event.begins_at, "DTEND": event.ends_at}
    return [f"{name}:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" for name, at in moments.items() if at]


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
