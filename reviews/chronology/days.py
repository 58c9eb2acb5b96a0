"""A date as people write it: a day, a month, a year, a period, 'about' any of them. Always day before month."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils import timezone

from partnership.ui.dates import plain

MONTHS = {name.lower(): at for at, name in enumerate(calendar.month_name) if name}
MONTHS |= {name[:3]: at for name, at in MONTHS.items()} | {"sept": 9}
UNKNOWN = {"not known", "unknown", "undated", "no date", "date unknown", "date not known", "n/k", "nk"}
ABOUT = re.compile(r"^(?:about|around|approximately|approx\.?|circa|c\.|ca\.?|early|mid|late|~)[\s-]*(?:in\s+)?", re.I)
UNTIL = re.compile(r"\s+(?:to|until|till)\s+|\s*[–—]\s*|\s+-\s+", re.I)
SERIAL = range(18_000, 80_000)  # days since 1900 as a spreadsheet counts them: 1949 to 2119
EARLIEST = 1900
HOW = "Write it like 3 April 2025, 3.4.25, April 2025 or 2025; day before month."


class NoDate(ValueError):
    """Its message is a sentence for the person who wrote it."""


@dataclass(frozen=True)
class Day:
    """precision: of Entry.Precision. starts, ends: the first and last day that it can mean, None where unknown."""

    precision: str
    starts: date | None = None
    ends: date | None = None
    about: bool = False
    remark: str = ""

    @property
    def words(self):
        if self.precision == "unknown":
            return "Not known"
        if self.precision == "month":
            said = f"{self.starts:%B %Y}"
        elif self.precision == "year":
            said = f"{self.starts:%Y}"
        elif self.precision == "period":
            said = f"{plain(self.starts)} to {plain(self.ends)}"
        else:
            said = plain(self.starts)
        return f"About {said}" if self.about else said


def read_day(text, *, day_zero=None) -> Day:
    """What a date means. day_zero: from which a bare number of a spreadsheet is counted. Raises NoDate."""
    said = " ".join(str(text).split()).strip(" .,;")
    if not said:
        raise NoDate("The date is empty. Write ‘not known’ where it is not known.")
    if said.casefold() in UNKNOWN:
        return Day("unknown")
    rest = ABOUT.sub("", said, count=1)
    about = rest != said
    if re.match(r"(?i)(?:from|between)\s", rest):
        rest = re.sub(r"(?i)^(?:from|between)\s+", "", rest)
        rest = re.sub(r"(?i)\s+and\s+", " to ", rest)
    parts = UNTIL.split(rest)
    if len(parts) == 2 and all(parts):
        second = _one(parts[1], said, day_zero)
        first = _one(_completed(parts[0], second), said, day_zero)
        if second.ends < first.starts:
            raise NoDate(f"‘{said[:60]}’ ends before it begins.")
        found = Day("period", first.starts, second.ends, about, first.remark or second.remark)
    elif len(parts) == 1:
        one = _one(parts[0], said, day_zero)
        found = Day(one.precision, one.starts, one.ends, about, one.remark)
    else:
        raise NoDate(f"‘{said[:60]}’ is not read as a date. {HOW}")
    if found.starts > timezone.localdate():
        raise NoDate(f"‘{said[:60]}’ lies in the future: {found.words}.")
    return found


def _completed(first, second):
    """'3' of '3 to 5 April 2025', '3 April' of '3 April to 5 May 2025'."""
    if re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?", first, re.I):
        return f"{first} {second.ends:%B %Y}"
    if re.fullmatch(r"(?:\d{1,2}(?:st|nd|rd|th)?\s+)?[A-Za-z]+\.?", first, re.I):
        return f"{first} {second.ends:%Y}"
    return first


def _one(text, whole, day_zero):
    text = re.sub(r"(?i)^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+", "", text.strip())
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", text):
        year, month, day = map(int, match.groups())
        return _day(day, month, year, whole)
    if match := re.fullmatch(r"(\d{1,2})\s*[./\-\s]\s*(\d{1,2})\s*[./\-\s]\s*(\d{4}|\d{2})", text):
        day, month, year = match.groups()
        return _day(int(day), int(month), _year(year), whole)
    if match := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s\-]*([A-Za-z]+)\.?,?[\s\-]*(\d{4}|\d{2})", text):
        day, month, year = match.groups()
        return _day(int(day), _month(month, whole), _year(year), whole)
    if match := re.fullmatch(r"([A-Za-z]+)\.?,?[\s\-]*(\d{4})", text):
        month, year = _month(match[1], whole), int(match[2])
        return _span("month", year, month, month, whole)
    if match := re.fullmatch(r"(\d{1,2})\s*[./]\s*(\d{4})", text):
        month = int(match[1])
        if not 1 <= month <= 12:
            raise NoDate(f"‘{whole[:60]}’ has no month {month}. {HOW}")
        return _span("month", int(match[2]), month, month, whole)
    if re.fullmatch(r"\d{4}", text):
        return _span("year", int(text), 1, 12, whole)
    if day_zero and re.fullmatch(r"\d{5}(?:\.\d+)?", text) and int(float(text)) in SERIAL:
        found = day_zero + timedelta(days=int(float(text)))
        return Day("day", found, found, remark=f"The number {text} was read as the day {plain(found)}.")
    raise NoDate(f"‘{whole[:60]}’ is not read as a date. {HOW}")


def _year(text):
    """Two figures are the century that does not lie in the future."""
    if len(text) == 4:
        return int(text)
    now = timezone.localdate().year
    year = now - now % 100 + int(text)
    return year if year <= now else year - 100


def _month(name, whole):
    try:
        return MONTHS[name.lower()]
    except KeyError:
        raise NoDate(f"‘{name[:20]}’ in ‘{whole[:60]}’ is no month. {HOW}") from None


def _day(day, month, year, whole):
    if not 1 <= month <= 12:
        raise NoDate(f"‘{whole[:60]}’ has no month {month}: the day stands before the month. {HOW}")
    _known(year, whole)
    try:
        found = date(year, month, day)
    except ValueError:
        raise NoDate(f"‘{whole[:60]}’ is no day of the calendar.") from None
    return Day("day", found, found)


def _span(precision, year, first, last, whole):
    _known(year, whole)
    return Day(precision, date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))


def _known(year, whole):
    if not EARLIEST <= year <= timezone.localdate().year + 1:
        raise NoDate(f"The year of ‘{whole[:60]}’ cannot be right. {HOW}")


def read_time(text) -> time | None:
    """14:30, 14.30, 2.30pm, 2pm, 1430hrs, 14:30:00, or a spreadsheet's part of a day. None for an empty text."""
    said = "".join(str(text).lower().split()).strip(".")
    if not said:
        return None
    if re.fullmatch(r"0\.\d{3,}", said):
        minutes = round(float(said) * 1440)
        return time(minutes // 60 % 24, minutes % 60)
    match = re.fullmatch(r"(\d{1,2})(?:[:.h]?(\d{2}))?(?::\d{2}(?:\.\d+)?)?(am|pm|hrs|hours|h)?", said)
    if match and (match[2] or match[3] in ("am", "pm")):
        hour, minute = int(match[1]), int(match[2] or 0)
        if match[3] in ("am", "pm"):
            hour = hour % 12 + (12 if match[3] == "pm" else 0) if 1 <= hour <= 12 else 99
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise NoDate(f"‘{str(text)[:30]}’ is not read as a time. Write it like 14:30 or 2.30pm.")
