"""iCalendar (RFC 5545) by the library `icalendar`: a calendar that is read from an address, and a real invitation
(RFC 5546) that Outlook and Gmail put into a person's own calendar. Pure: docs/adr/0030."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from django.utils import timezone

MIME = "text/calendar; charset=utf-8"
REQUEST, CANCEL = "REQUEST", "CANCEL"
CONFIRMED, CANCELLED, TENTATIVE = "CONFIRMED", "CANCELLED", "TENTATIVE"
ZONE = "Europe/London"
# Summer Time Order 2002: forward on the last Sunday of March, back on the last of October, both at 1am UTC.
LONDON = """\
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Event:
    """uid: names the event for ever, so that a calendar replaces it. starts: a date for a whole day in London, or an
    aware moment. ends: a moment; none where nobody said it."""

    uid: str
    starts: date | datetime
    summary: str
    ends: datetime | None = None
    description: str = ""
    location: str = ""
    url: str = ""
    status: str = ""
    sequence: int | None = None

    @property
    def whole_day(self) -> bool:
        return not isinstance(self.starts, datetime)


@dataclass(frozen=True)
class Party:
    """Who invites, or who is invited. answer: a PARTSTAT of RFC 5545, of somebody who is invited."""

    email: str
    name: str
    answer: str = "NEEDS-ACTION"


def uid_at(site: str, key) -> str:
    """The name of an event for ever, of what the portal calls it. site: 'https://portal.example'."""
    return f"{key}@{site.split('://', 1)[-1].split('/')[0]}"


def feed(name: str, events: Iterable[Event], *, stamp: datetime) -> bytes:
    """A calendar to be read from an address. stamp: aware, when it was written."""
    found = _calendar("PUBLISH")
    found.add("x-wr-calname", _clean(name))
    found.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", "PT12H")
    events = list(events)
    if not all(each.whole_day for each in events):
        found.add_component(_london())
    for each in events:
        row = _event(each, stamp)
        row.add("class", "PRIVATE")
        row.add("transp", "TRANSPARENT" if each.whole_day else "OPAQUE")
        found.add_component(row)
    return found.to_ical()


def invitation(method: str, event: Event, *, organiser: Party, attendee: Party, stamp: datetime) -> bytes:
    """An invitation of one person, an update of it (a higher sequence), or its end (CANCEL)."""
    from icalendar import vCalAddress

    found = _calendar(method)
    if not event.whole_day:
        found.add_component(_london())
    row = _event(event, stamp)
    by = vCalAddress(f"mailto:{organiser.email}")
    by.params["CN"] = _clean(organiser.name)
    row.add("organizer", by)
    who = vCalAddress(f"mailto:{attendee.email}")
    who.params["CN"] = _clean(attendee.name)
    who.params["CUTYPE"], who.params["ROLE"] = "INDIVIDUAL", "REQ-PARTICIPANT"
    if method == REQUEST:
        who.params["PARTSTAT"], who.params["RSVP"] = attendee.answer, "TRUE"
    row.add("attendee", who)
    row.add("transp", "OPAQUE")
    found.add_component(row)
    return found.to_ical()


def _calendar(method):
    from icalendar import Calendar  # 70 ms, for the few processes that write one

    found = Calendar()
    found.add("version", "2.0")
    found.add("prodid", "-//Safeguarding children partnership//Portal//EN")
    found.add("calscale", "GREGORIAN")
    found.add("method", method)
    return found


@cache
def _london():
    from icalendar import Timezone

    return Timezone.from_ical(LONDON)


def _event(event, stamp):
    from icalendar import Event as Row

    row = Row()
    row.add("uid", event.uid)
    row.add("dtstamp", stamp)
    if event.whole_day:
        row.add("dtstart", event.starts)
        row.add("dtend", event.starts + timedelta(days=1))
    else:
        row.add("dtstart", timezone.localtime(event.starts))
        if event.ends:
            row.add("dtend", timezone.localtime(event.ends))
    for name in ("summary", "description", "location", "url", "status"):
        if value := getattr(event, name):
            row.add(name, _clean(value, lines=name == "description"))
    if event.sequence is not None:
        row.add("sequence", event.sequence)
    return row


def _clean(text: str, *, lines=False) -> str:
    """Without control characters, which the library would let through; line ends only in a text that may have them."""
    return "".join(each for each in text if each.isprintable() or (lines and each == "\n"))
