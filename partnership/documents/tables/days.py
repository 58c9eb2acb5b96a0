"""A date as people write it: a day, a month, a year, a period, 'about' any of them. Always day before month.

Looser words are read by rules, as 'about' a period (docs/chronology.md): a season is the three whole months that the
Met Office counts to it; early, mid and late are the first ten days of a month, the next ten, the rest, or the first
four months of a year, the next four, the last four. What can mean two things is refused with what to type.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils import timezone

from partnership.ui.dates import plain

MONTHS = {name.lower(): at for at, name in enumerate(calendar.month_name) if name}
MONTHS |= {name[:3]: at for name, at in MONTHS.items()} | {"sept": 9}
UNKNOWN = {"not known", "unknown", "undated", "no date", "date unknown", "date not known", "n/k", "nk"}
ABOUT = re.compile(r"^(?:about|around|approximately|approx\.?|circa|c\.|ca\.?|~)[\s-]*(?:in\s+)?", re.I)
THIRD = re.compile(r"^(early|mid|middle\s+of|late)[\s-]*(?:in\s+)?", re.I)
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11)}
OF_YEAR = re.compile(
    r"(?:in\s+|the\s+)*(spring|summer|autumn|winter)(?:\s+of)?\s+(\d{4})(?:\s*[/–—-]\s*(\d{2}|\d{4}))?", re.I
)
TWO_YEARS = re.compile(
    r"(?:(school|academic|financial|tax)\s+year\s+)?(\d{4})\s*(?:[/–—-]\s*(\d{2})|/\s*(\d{4}))", re.I
)
CLOCK = re.compile(  # what ends with a year or a day, and then a time of day
    r"(.*(?:\d{4}|[./-]\d{1,2}))(?:T|,?\s+(?:at\s+)?)(\d{1,2}(?:[:.]\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[ap]m)?|\s?[ap]m))",
    re.I,
)
UNTIL = re.compile(r"\s+(?:to|until|till)\s+|\s*[–—]\s*|\s+-\s+", re.I)
SERIAL = range(18_000, 80_000)  # days since 1900 as a spreadsheet counts them: 1949 to 2119
EARLIEST = 1900
AHEAD = 20  # years: where days to come are read, no day lies farther off
HOW = "Write it like 3 April 2025, 3.4.25, April 2025, summer 2025, early 2025 or 2025; day before month."


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
            said = _span_words(self.starts, self.ends)
        else:
            said = plain(self.starts)
        return f"About {said}" if self.about else said


def _span_words(starts, ends) -> str:
    """Whole years and whole months are said as such; a single day is one."""
    whole = starts.day == 1 and ends == _last_of(ends.year, ends.month)
    if starts == ends:
        return plain(starts)
    if whole and (starts.month, ends.month) == (1, 12):
        return f"{starts:%Y} to {ends:%Y}" if starts.year != ends.year else f"{starts:%Y}"
    if whole:
        return f"{starts:%B %Y} to {ends:%B %Y}"
    return f"{plain(starts)} to {plain(ends)}"


def _last_of(year, month) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


@dataclass(frozen=True)
class _Count:
    """How a text is counted. zero: day 0 of a spreadsheet. last: the last year that can be meant."""

    zero: date | None
    last: int


def read_day(text, *, day_zero=None, ahead=False) -> Day:
    """What a date means. Raises NoDate.

    day_zero: from which a bare number of a spreadsheet is counted. ahead: days to come are read too.
    """
    now = timezone.localdate().year
    count = _Count(day_zero, now + AHEAD if ahead else now)
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
    if loose := _loose(rest, said, count):
        found = loose
    elif len(parts) == 2 and all(parts):
        second = _one(parts[1], said, count)
        first = _one(_completed(parts[0], second), said, count)
        if second.ends < first.starts:
            raise NoDate(f"‘{said[:60]}’ ends before it begins.")
        precision = "day" if first.starts == second.ends else "period"
        found = Day(precision, first.starts, second.ends, about, first.remark or second.remark)
    elif len(parts) == 1:
        one = _one(parts[0], said, count)
        found = Day(one.precision, one.starts, one.ends, about, one.remark)
    else:
        raise NoDate(f"‘{said[:60]}’ is not read as a date. {HOW}")
    if not ahead and found.starts > timezone.localdate():
        raise NoDate(f"‘{said[:60]}’ lies in the future: {found.words}.")
    return found


def _loose(text, whole, count) -> Day | None:
    """A season, an early, mid or late part, a school or financial year; None for what is none of these."""
    if match := THIRD.match(text):
        return _third(match[1].lower(), text[match.end() :], whole, count)
    if match := OF_YEAR.fullmatch(text):
        return _season(match[1].lower(), int(match[2]), match[3], whole, count)
    match = TWO_YEARS.fullmatch(text)
    if not match:
        return None
    year, second = int(match[2]), int(match[3] or match[4])
    if second not in (year + 1, (year + 1) % 100):
        return None
    _known(year, whole, count)
    if not match[1]:
        raise NoDate(
            f"‘{whole[:60]}’ can be a school year or a financial year. Write school year {year}/{(year + 1) % 100:02}, "
            f"or financial year {year}/{(year + 1) % 100:02}, or the months."
        )
    first = 9 if match[1].lower() in ("school", "academic") else 4
    return Day("period", date(year, first, 1), _last_of(year + 1, first - 1))


def _season(name, year, second, whole, count):
    _known(year, whole, count)
    if name != "winter":
        if second:
            raise NoDate(f"‘{whole[:60]}’ names two years: write {name} {year}.")
        first, last = SEASONS[name]
        return Day("period", date(year, first, 1), _last_of(year, last), about=True)
    if not second:
        before, after = f"{year - 1}/{year % 100:02}", f"{year}/{(year + 1) % 100:02}"
        raise NoDate(f"‘{whole[:60]}’ can be either of two winters: write winter {before} or winter {after}.")
    if int(second) not in (year + 1, (year + 1) % 100):
        raise NoDate(f"‘{whole[:60]}’ is no winter: it runs from December to the next February. {HOW}")
    return Day("period", date(year, 12, 1), _last_of(year + 1, 2), about=True)


def _third(which, text, whole, count):
    """The part of a month or of a year; of anything else it says 'about'."""
    at = {"early": 0, "late": 2}.get(which, 1)
    found = _loose(text, whole, count) or _one(text, whole, _Count(None, count.last))
    if found.precision == "month":
        last = found.ends.day if at == 2 else 10 * at + 10
        return Day("period", found.starts.replace(day=10 * at + 1), found.ends.replace(day=last), about=True)
    if found.precision == "year":
        year, first = found.starts.year, 4 * at + 1
        return Day("period", date(year, first, 1), _last_of(year, first + 3), about=True)
    return Day(found.precision, found.starts, found.ends, about=True)


def _completed(first, second):
    """'3' of '3 to 5 April 2025', '3 April' of '3 April to 5 May 2025'."""
    if re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?", first, re.I):
        return f"{first} {second.ends:%B %Y}"
    if re.fullmatch(r"(?:\d{1,2}(?:st|nd|rd|th)?\s+)?[A-Za-z]+\.?", first, re.I):
        return f"{first} {second.ends:%Y}"
    return first


def _one(text, whole, count):
    text = re.sub(r"(?i)^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+", "", text.strip())
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", text):
        year, month, day = map(int, match.groups())
        return _day(day, month, year, whole, count)
    if match := re.fullmatch(r"(\d{1,2})\s*[./\-\s]\s*(\d{1,2})\s*[./\-\s]\s*(\d{4}|\d{2})", text):
        day, month, year = match.groups()
        return _day(int(day), int(month), _year(year, count), whole, count)
    if match := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s\-]*([A-Za-z]+)\.?,?[\s\-]*(\d{4}|\d{2})", text):
        day, month, year = match.groups()
        return _day(int(day), _month(month, whole), _year(year, count), whole, count)
    if match := re.fullmatch(r"([A-Za-z]+)\.?,?[\s\-]*(\d{4})", text):
        month, year = _month(match[1], whole), int(match[2])
        return _span("month", year, month, month, whole, count)
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
        text = f"{match[2]}/{match[1]}"
    if match := re.fullmatch(r"(\d{1,2})\s*[./]\s*(\d{4})", text):
        month = int(match[1])
        if not 1 <= month <= 12:
            raise NoDate(f"‘{whole[:60]}’ has no month {month}. {HOW}")
        return _span("month", int(match[2]), month, month, whole, count)
    if re.fullmatch(r"\d{4}", text):
        return _span("year", int(text), 1, 12, whole, count)
    if count.zero and re.fullmatch(r"\d{5}(?:\.\d+)?", text) and int(float(text)) in SERIAL:
        found = count.zero + timedelta(days=int(float(text)))
        return Day("day", found, found, remark=f"The number {text} was read as the day {plain(found)}.")
    raise NoDate(f"‘{whole[:60]}’ is not read as a date. {HOW}")


def _year(text, count):
    """Two figures are of the last century that does not lie beyond what can be meant."""
    if len(text) == 4:
        return int(text)
    year = count.last - count.last % 100 + int(text)
    return year if year <= count.last else year - 100


def _month(name, whole):
    try:
        return MONTHS[name.lower()]
    except KeyError:
        raise NoDate(f"‘{name[:20]}’ in ‘{whole[:60]}’ is no month. {HOW}") from None


def _day(day, month, year, whole, count):
    if not 1 <= month <= 12:
        raise NoDate(f"‘{whole[:60]}’ has no month {month}: the day stands before the month. {HOW}")
    _known(year, whole, count)
    try:
        found = date(year, month, day)
    except ValueError:
        raise NoDate(f"‘{whole[:60]}’ is no day of the calendar.") from None
    return Day("day", found, found)


def _span(precision, year, first, last, whole, count):
    _known(year, whole, count)
    return Day(precision, date(year, first, 1), _last_of(year, last))


def _known(year, whole, count):
    if year < EARLIEST:
        raise NoDate(f"‘{whole[:60]}’ lies before {EARLIEST}. Look at the year. {HOW}")
    if year > count.last + 1:
        where = "in the future" if count.last == timezone.localdate().year else f"more than {AHEAD} years ahead"
        raise NoDate(f"‘{whole[:60]}’ lies {where}. Look at the year. {HOW}")


def read_moment(text, *, day_zero=None) -> tuple[Day, time | None]:
    """A date with the time of day that stands behind it, if any: '5 March 2025 14:30'. Raises NoDate."""
    said = " ".join(str(text).split())
    if match := CLOCK.fullmatch(said):
        return read_day(match[1], day_zero=day_zero), _not_midnight(read_time(match[2]))
    day = read_day(said, day_zero=day_zero)
    number = re.fullmatch(r"\d{5}(\.\d+)", said) if day.remark else None
    return day, _not_midnight(read_time(f"0{number[1]}00")) if number else None


def _not_midnight(clock):
    """How a spreadsheet writes a day without a time is no time."""
    return clock if clock != time(0) else None


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
